"""Read models folded from the log: standing, warnings, billing, and the ledger as commands use it."""
