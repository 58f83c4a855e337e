"""Make sure that nobody sends, for whoever needs the account of all campaigns as it is."""

from datetime import datetime

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import engine_of
from distribute.campaign.custody.handed import is_with_workers, with_workers
from distribute.campaign.custody.lock import SenderLock

_HELD = "SELECT sink, campaign FROM sender WHERE held = 1 ORDER BY sink, campaign"
_HANDED = """
    SELECT c.sink, c.id FROM frozen AS f JOIN campaign AS c ON c.number = f.campaign
    ORDER BY c.number
"""


def refuse_senders(connection: Connection, now: datetime) -> None:
    """Raise `LockedError` if a living sender has a campaign in hand, or workers have.

    Within a transaction, and until it ends nobody begins to send.
    """
    for sink, campaign in connection.execute(_HELD).fetchall():
        SenderLock(connection, sink=sink, campaign=campaign).refuse_others(now)
    if engine_of(connection) == "sqlite":
        return
    for sink, campaign in connection.execute(_HANDED).fetchall():
        if is_with_workers(connection, sink=sink, campaign=campaign):
            raise with_workers(campaign)
