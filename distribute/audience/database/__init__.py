"""The database opened: a file of SQLite, or a server of PostgreSQL."""
