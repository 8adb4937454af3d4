COPY billing_line (mission, pro, client, city, service, kind, minutes, gross, commission, vat, currency, rate, policy,
                   ended_at, closes_at, period)
FROM STDIN
