-- Run before every upgrade. IF NOT EXISTS would ask for the right to create schemas even where this one exists.
DO $$
BEGIN
    IF to_regnamespace('ledger') IS NULL THEN
        CREATE SCHEMA ledger;
    END IF;
END
$$;
