"""Write only what is still one's own: in a transaction that holds the fence of a batch."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from distribute.audience.database.postgres.connection import (
    BESIDE_OTHERS,
    PostgresConnection,
)
from distribute.campaign.fleet.batch import Hold
from distribute.errors import LockedError, PlanError

_PROVE = "SELECT prove_fence(?, ?, ?)"
_IN_OTHER_HANDS, _NOT_OURS = "DIST1", "DIST2"
"""What the functions of the database fail with (``migrations/0002_fleet.sql``)."""

_Given = TypeVar("_Given")


@contextmanager
def begun(connection: PostgresConnection) -> Iterator[None]:
    """Commit all or nothing, beside whoever else writes.

    Unlike `distribute.audience.database.database.transaction` it keeps nobody else from writing:
    what happens inside locks its own rows.
    """
    connection.execute(BESIDE_OTHERS)
    try:
        with fenced():
            yield
            connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def prove(connection: PostgresConnection, hold: Hold) -> None:
    """Hold the fence to the end of the transaction; raises `LockedError` if it is lost."""
    with fenced():
        connection.execute(_PROVE, (*hold.batch, hold.fence)).fetchone()


@contextmanager
def fenced() -> Iterator[None]:
    """Turn what the functions of the database fail with into errors of this house."""
    try:
        yield
    except Exception as error:
        state = getattr(error, "sqlstate", None)
        if state == _IN_OTHER_HANDS:
            raise LockedError(
                _said(error), holder="", hint="It goes on there; nothing is lost."
            ) from error
        if state == _NOT_OURS:
            raise PlanError(
                _said(error), hint="The ledger has changed; somebody else goes on."
            ) from error
        raise


def _said(error: Exception) -> str:
    return str(error).partition("\n")[0]
