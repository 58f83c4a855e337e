"""Take people off the list whose mailbox is gone, in a way that can be undone for a while.

A server that knows hardly anybody may be the wrong one, which shows only after some
answers (`distribute.campaign.run.alarm`). So a bounce is written down together with what was
before, until it is believed: when the run has ended well, or so many bounces followed. What
is found there when the next sender begins was left by one that died before anybody could
tell, and is undone: the server will say it again if it is so.
"""

from collections.abc import Collection, Iterable

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import from_milliseconds
from distribute.audience.store import Store
from distribute.audience.subscriber import Status

RECENT = 1000
"""So many can be undone: more than an alarm looks back to and a hundred connections have
in hand, and few enough to ask a server about once more."""

_NOTE = """
    INSERT INTO recent_bounce (campaign, key, status)
    SELECT ?, asked.value, coalesce(subscriber.status, '')
    FROM (SELECT ? AS value) AS asked LEFT JOIN subscriber ON subscriber.key = asked.value
"""
_BELIEVE_OLD = """
    DELETE FROM recent_bounce WHERE campaign = :campaign AND number <= (
        SELECT number FROM recent_bounce WHERE campaign = :campaign
        ORDER BY number DESC LIMIT 1 OFFSET :recent
    )
"""
_BELIEVE = "DELETE FROM recent_bounce WHERE campaign = ?"
_RECENT = "SELECT key, status FROM recent_bounce WHERE campaign = ? ORDER BY number"
_PUT_OFF = """
    UPDATE delivery SET state = 'deferred', due = ?
    WHERE campaign = ? AND key = ? AND state = 'rejected'
"""


class Bounces:
    """The recent bounces of one campaign; all happens within the sender's transactions."""

    def __init__(
        self,
        connection: Connection,
        store: Store,
        *,
        campaign: int,
        by: str,
    ) -> None:
        """Take the campaign's number in the tables, and who it is that changes the list.

        The store shares the connection.
        """
        self._connection = connection
        self._store = store
        self._campaign = campaign
        self._by = by

    def add(self, keys: Collection[str], now: int) -> None:
        """Note that these have bounced, by `Mailbox.key`, and that they did just now."""
        rows = [(self._campaign, key) for key in keys]
        self._connection.executemany(_NOTE, rows)
        named = {"campaign": self._campaign, "recent": RECENT}
        self._connection.execute(_BELIEVE_OLD, named)
        at = from_milliseconds(now)
        self._store.let_go(keys, Status.BOUNCED, by=self._by, now=at)

    def believe(self) -> None:
        """Let all of them stand."""
        self._connection.execute(_BELIEVE, (self._campaign,))

    def undo(self, now: int) -> Collection[str]:
        """Put the recent ones back on the list and give their keys.

        Each has the status of before, unless somebody has changed it since, and is due at
        once, the refusal being only what the server said last time.
        """
        recent = self._connection.execute(_RECENT, (self._campaign,)).fetchall()
        if not recent:
            return ()
        self._put_back(recent, now)
        rows = [(now, self._campaign, key) for key, _ in recent]
        self._connection.executemany(_PUT_OFF, rows)
        self.believe()
        return [key for key, _ in recent]

    def _put_back(self, recent: Iterable[tuple[str, str]], now: int) -> None:
        before = {key: Status(status) for key, status in recent if status}
        self._store.take_back(
            Status.BOUNCED,
            before,
            by=f"{self._by}, which took it back",
            now=from_milliseconds(now),
        )
