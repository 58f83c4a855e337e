"""Bring a table into SQLite with what Python has, and as little care as can be.

usage: -m benchmarks.peers.by_sqlite TABLE DATABASE

An address counts as one if it has an ``@``; the last line of somebody stands. Nothing is
known of consent, of who left, or of what changed.
"""

import csv
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

_TABLE = """
    CREATE TABLE IF NOT EXISTS subscriber (
        email TEXT PRIMARY KEY, name TEXT, languages TEXT, status TEXT, joined TEXT,
        source TEXT, tags TEXT
    )
"""
_PUT = """
    INSERT INTO subscriber
    VALUES (:email, :name, :languages, :status, :joined, :source, :tags)
    ON CONFLICT (email) DO UPDATE SET name = excluded.name,
        languages = excluded.languages, status = excluded.status, tags = excluded.tags
"""


def main() -> None:
    """Import, all in one transaction."""
    table, database = map(Path, sys.argv[1:])
    with (
        closing(sqlite3.connect(database)) as connection,
        connection,
        table.open(encoding="utf-8", newline="") as lines,
    ):
        connection.execute(_TABLE)
        rows = (row for row in csv.DictReader(lines) if "@" in row["email"])
        connection.executemany(_PUT, rows)


if __name__ == "__main__":
    main()
