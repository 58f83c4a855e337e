"""The sending of one issue by several machines, which share a PostgreSQL."""
