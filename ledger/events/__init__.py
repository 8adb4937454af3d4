"""What people did: every event type, how it is read, and how personal data in it is sealed."""
