-- The entries of a close as their digest reads them: ledger/billing_entries.py.
COPY (SELECT mission, pro, client, city, service, kind, role, corrects_position, corrects_number, minutes, gross,
             commission, vat, currency, rate, policy, ended_at, closes_at
        FROM billing_entry
       WHERE position = %(position)s
       ORDER BY number) TO STDOUT
