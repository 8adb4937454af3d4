-- Months that hold anything billed: those of what is frozen, and behind the last closed one those that have lines.
SELECT period FROM billing_entry
 UNION
SELECT period FROM billing_line WHERE period > %(after)s
 ORDER BY period
