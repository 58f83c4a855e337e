"""Something that happens in a database by itself, as if somebody else did it just then."""

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import engine_of


def have_done(connection: Connection, event: str, statement: str) -> None:
    """Have a statement run after an event, such as ``INSERT ON appointment``."""
    _make(connection, f"AFTER {event}", "1 = 1", statement)


def refuse(connection: Connection, event: str, condition: str, words: str) -> None:
    """Refuse an event where a condition holds, such as ``new.state = 'accepted'``."""
    refusal = {
        "sqlite": f"SELECT RAISE(ABORT, '{words}')",
        "postgresql": f"RAISE '{words}'",
    }
    _make(connection, f"BEFORE {event}", condition, refusal[engine_of(connection)])


def let_be(connection: Connection, table: str) -> None:
    """Have nothing happen by itself any more."""
    of_table = f" ON {table}" if engine_of(connection) == "postgresql" else ""
    connection.execute(f"DROP TRIGGER by_itself{of_table}")


def _make(connection: Connection, event: str, condition: str, statement: str) -> None:
    if engine_of(connection) == "sqlite":
        connection.execute(
            f"CREATE TRIGGER by_itself {event} WHEN {condition} BEGIN {statement}; END"
        )
        return
    connection.execute(
        "CREATE FUNCTION by_itself() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {condition} THEN {statement}; END IF; RETURN new; END $$"
    )
    connection.execute(
        f"CREATE TRIGGER by_itself {event} FOR EACH ROW EXECUTE FUNCTION by_itself()"
    )
