INSERT INTO billing_pending (mission)
SELECT unnest(%(mission)s::text[])
ON CONFLICT (mission) DO NOTHING
