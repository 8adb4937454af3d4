-- Some of the entries of a close in order, one a line in one value, their fields parted by tabs, which none of them holds.
SELECT string_agg(concat_ws(E'\t', mission, pro, client, city, service, kind, role, corrects_position, corrects_number,
                            minutes, gross, commission, vat, currency, rate, policy, ended_at, closes_at),
                  E'\n' ORDER BY number)
  FROM billing_entry
 WHERE position = %(position)s AND number > %(after)s AND number <= %(until)s
