"""Say in SQL what a role may do that sends batches and nothing else: ``distribute worker``.

It is written for the tables that are there, so it is as new as they are. A test runs a
worker under it, and finds out that it can do no more.
"""

from collections.abc import Iterator, Sequence

from distribute.audience.database.connection import Connection

_QUEUE = "procrastinate_"
_RIGHTS = {
    "house": "SELECT",
    "queue_migration": "SELECT",
    "meta": "SELECT",
    # Who is served, as they are now; one whose mailbox is gone is taken off the list.
    "subscriber": "SELECT, UPDATE (status)",
    "change": "INSERT",
    # Whether anybody is on it, and made with which key; the hashes are nobody's business.
    "suppression": "SELECT (key_id)",
    # What is to be sent, and how that ended.
    "campaign": "SELECT, UPDATE (finished, pursued)",
    "choice": "SELECT, INSERT",
    "delivery": "SELECT, DELETE, UPDATE (state, attempt, opened, closed, due, choice,"
    " id, code, enhanced, text, stage)",
    "earlier_attempt": "SELECT, INSERT, DELETE",
    "passed_over": "SELECT, INSERT, UPDATE (address, choice)",
    # Who has which part of it in hand.
    "frozen": "SELECT, UPDATE (state, alarm)",
    "batch": "SELECT, UPDATE (state, fence, holder, since, due, job)",
    "under_way": "SELECT, INSERT, UPDATE, DELETE",
    "pace": "SELECT, INSERT, UPDATE (free_at)",
    "worker": "SELECT, INSERT, UPDATE, DELETE",
    "worker_share": "SELECT, INSERT, UPDATE",
    "setback": "SELECT, INSERT, UPDATE, DELETE",
}
"""What a worker needs of our tables; nothing of any other. The queue's are all its own."""
_QUEUE_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"

_HERE = "SELECT current_database(), current_schema(), current_user"
_RELATIONS = """
    SELECT relname, relkind = 'S' FROM pg_class
    WHERE relnamespace = to_regnamespace(current_schema()::text)
      AND relkind IN ('r', 'S') ORDER BY relname COLLATE "C"
"""


def worker_role(connection: Connection, name: str, *, has_own_key: bool) -> str:
    """Write the SQL that makes the role, or brings its rights up to date.

    `has_own_key` says that the key which signs links comes from elsewhere: then the one in
    the database, if there is one, is not shown to the role. It is for the owner of the
    tables to run.
    """
    database, schema, owner = connection.execute(_HERE).fetchone()
    relations = connection.execute(_RELATIONS).fetchall()
    tables = [name for name, is_sequence in relations if not is_sequence]
    sequences = [name for name, is_sequence in relations if is_sequence]
    whom, where = _quoted(name), _quoted(schema)
    lines = [
        f"-- What `distribute worker` may do in the database {_plain(database)}. All other",
        f"-- commands run as {_plain(owner)}, whose tables these are. A new role has no",
        f"-- password yet: give it one with \\password {_plain(name)}, in psql. Who may not",
        "-- make roles has an administrator do that before: CREATE ROLE … LOGIN.",
        "BEGIN;",
        *_made(name),
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {where} FROM {whom};",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {where} FROM {whom};",
        f"REVOKE CREATE ON SCHEMA {where} FROM PUBLIC;",
        f"GRANT CREATE, USAGE ON SCHEMA {where} TO {_quoted(owner)};",
        f"GRANT CONNECT ON DATABASE {_quoted(database)} TO {whom};",
        f"GRANT USAGE ON SCHEMA {where} TO {whom};",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {where} TO {whom};",
        *_granted(tables, where, whom),
        *(
            f"GRANT USAGE ON SEQUENCE {where}.{_quoted(each)} TO {whom};"
            for each in sequences
            if each.startswith(_QUEUE)
        ),
        *_key_policy(f"{where}.meta", whom, has_own_key=has_own_key),
        "COMMIT;",
    ]
    return "\n".join(lines) + "\n"


def _made(name: str) -> Sequence[str]:
    text = name.replace("'", "''")
    return (
        "DO $role$ BEGIN",
        f"    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{text}') THEN",
        f"        CREATE ROLE {_quoted(name)} LOGIN;",
        "    END IF;",
        "END $role$;",
    )


def _granted(tables: Sequence[str], where: str, whom: str) -> Iterator[str]:
    for table in tables:
        rights = _QUEUE_RIGHTS if table.startswith(_QUEUE) else _RIGHTS.get(table)
        if rights:
            yield f"GRANT {rights} ON {where}.{_quoted(table)} TO {whom};"


def _key_policy(meta: str, whom: str, *, has_own_key: bool) -> Iterator[str]:
    """Hide the key from the role, or show it again; the owner always sees all rows."""
    yield f"DROP POLICY IF EXISTS worker ON {meta};"
    if has_own_key:
        yield f"ALTER TABLE {meta} ENABLE ROW LEVEL SECURITY;"
        yield (
            f"CREATE POLICY worker ON {meta} FOR SELECT TO {whom}"
            " USING (key <> 'signing key');"
        )
    else:
        yield f"ALTER TABLE {meta} DISABLE ROW LEVEL SECURITY;"


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _plain(name: str) -> str:
    """Write a name into a comment, which ends with its line."""
    return " ".join(name.split())
