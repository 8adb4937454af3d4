-- Up to where the log is packed without a gap by this layout, from the beginning on.
WITH ordered AS (
    SELECT first, last, coalesce(lag(last) OVER (ORDER BY first), 0) AS before
      FROM ledger.segment
     WHERE layout = %(layout)s
)
SELECT coalesce(max(last) FILTER (WHERE last < coalesce((SELECT min(first) FROM ordered WHERE first <> before + 1),
                                                         9223372036854775807)), 0)
  FROM ordered
