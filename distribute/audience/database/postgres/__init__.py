"""The database on a server of PostgreSQL, spoken to as if it were a file of SQLite.

``connection`` is the door to psycopg; nothing here is imported before it is needed.
"""
