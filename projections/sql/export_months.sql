-- Months that hold anything billed.
SELECT period FROM billing_entry
 UNION
SELECT period FROM billing_line
 ORDER BY period
