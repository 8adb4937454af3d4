"""The log and the rules: events, policies, missions, pros, and the PostgreSQL store."""
