"""The log in PostgreSQL: the embedded server, connections, the schema and the recorder."""
