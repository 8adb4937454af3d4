INSERT INTO billing_pending (mission)
SELECT unnest(%(missions)s::text[])
ON CONFLICT (mission) DO NOTHING
