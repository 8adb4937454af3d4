-- All accounts that are, or once were, linked to some, themselves included: whoever a link names with one of them, and
-- so on. Links are rare; those of other persons are passed over here and not sent.
WITH RECURSIVE known (account) AS (
    SELECT unnest(%(pros)s::text[])
     UNION
    SELECT named.account
      FROM known
      JOIN ledger.event AS link
        ON link.type = ANY (%(types)s) AND link.type NOT LIKE 'mission.%%' AND link.position <= %(until)s
       AND (link.stream = 'pro/' || known.account
            OR convert_from(link.state, 'UTF8')::jsonb #> '{data,accounts}' ? known.account)
     CROSS JOIN LATERAL (SELECT substr(link.stream, length('pro/') + 1)
                          UNION ALL
                         SELECT jsonb_array_elements_text(convert_from(link.state, 'UTF8')::jsonb #> '{data,accounts}')
           ) AS named (account)
)
SELECT account FROM known
