"""When a campaign began: the Date of all its messages, however many runs it takes."""

from datetime import datetime, timedelta

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import from_text

REHEARSAL = timedelta(hours=1)
"""How long after it began at one sink a campaign begins with the same Date at another.

At most so old, the end included; measured from when it began there, not from when its
last file was written.
"""

_BEGUN = "SELECT sink, started FROM campaign WHERE id = ?"
_BEGIN = "INSERT INTO campaign (sink, id, started) VALUES (?, ?, ?)"


def begin(
    connection: Connection, now: datetime, *, sink: str, campaign: str
) -> datetime:
    """Begin a campaign, within a transaction, unless it has begun; gives when it did.

    One that began at another sink within the last `REHEARSAL` begins with it, so that
    files written just before hold the very bytes that travel then. An older beginning
    does not count, for a Date in the past looks like spam.
    """
    rows = connection.execute(_BEGUN, (campaign,))
    begun = {name: from_text(text) for name, text in rows}
    if sink in begun:
        return begun[sink]
    recent = (at for at in begun.values() if now - REHEARSAL <= at <= now)
    began = max(recent, default=now)
    connection.execute(_BEGIN, (sink, campaign, began.isoformat()))
    return began
