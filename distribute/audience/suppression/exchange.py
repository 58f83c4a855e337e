"""Bring a list of suppressions in from elsewhere, and hand ours out.

Our subscribers' own standing says most of it: of those who left, bounced or complained
the status tells, and the list need not. An export holds them all the same, so that
another house, or a new database, knows of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from distribute.audience.consent import Act
from distribute.audience.database.database import (
    explained,
    from_text,
    stream,
    transaction,
)
from distribute.audience.standing import Move, move, nearer_than
from distribute.audience.subscriber import Status
from distribute.audience.suppression.suppression import Entry, Reason, Suppressions

_STATUS_OF = {
    Reason.LEFT: Status.UNSUBSCRIBED,
    Reason.BOUNCED: Status.BOUNCED,
    Reason.COMPLAINED: Status.COMPLAINED,
}
"""What says the same of a subscriber; all others make them SUPPRESSED."""
_REASON_OF = {status: reason for reason, status in _STATUS_OF.items()}
_OVERRULING = {
    Reason.LEFT: (Act.CONFIRMED,),
    Reason.FORGOTTEN: (Act.CONFIRMED,),
    Reason.BOUNCED: (Act.CONFIRMED, Act.ADDED),
}
"""What somebody did later to be on the list in spite of the reason."""
_PEOPLE = "SELECT key FROM subscriber"
_ACTS = """
    SELECT consent.act, consent.at FROM consent
    JOIN subscriber ON subscriber.id = consent.subscriber
    WHERE subscriber.key = ?
"""
_LAST_SO = """
    SELECT max(change.at) FROM change
    JOIN subscriber ON subscriber.id = change.subscriber
    WHERE subscriber.key = ? AND change.field = 'status' AND change.new = ?
"""
_GONE = """
    SELECT s.key, s.status, coalesce(max(c.at), s.joined, '')
    FROM subscriber AS s
    LEFT JOIN change AS c
        ON c.subscriber = s.id AND c.field = 'status' AND c.new = s.status
    WHERE s.status IN ('unsubscribed', 'bounced', 'complained', 'suppressed')
    GROUP BY s.key, s.status, s.joined
"""
_LONG_AGO = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Merged:
    """What taking a list in has done."""

    entries: int
    """How many it names."""
    added: int
    """How many of them are new to our list."""
    taken_off: int
    """How many of our subscribers get nothing any more because of it."""


class SuppressionExchange:
    """Takes lists in and hands ours out."""

    def __init__(self, suppressions: Suppressions) -> None:
        self._connection = suppressions.connection
        self._list = suppressions
        self._hasher = suppressions.hasher

    def take(
        self, entries: Iterable[Entry], *, by: str, now: datetime, place: str
    ) -> Merged:
        """Take in what another list says, all or nothing; `place` is what it is called.

        Who has come back to us after the day that it says stays, and who did so on that
        day if it was from us that they had left. Raises `AudienceError` if it was written
        with a key that we lack.
        """
        listed = {entry.hash: entry for entry in entries}
        self._hasher.refuse_others({e.key_id for e in listed.values()}, place)
        with explained(self._list.place), transaction(self._connection):
            fresh = self._without_known(listed)
            moves = list(self._moves(fresh)) if fresh else []
            taken_off = move(self._connection, moves, by=by, now=now)
            self._list.put(fresh.values())
        return Merged(len(listed), len(fresh), taken_off)

    def give(self) -> list[Entry]:
        """List all whom nobody must write to: the list, and whoever left or bounced."""
        entries = {entry.hash: entry for entry in self._list.entries()}
        with explained(self._list.place):
            for key, status, since in stream(self._connection, _GONE):
                hashes = self._hasher.all_of(key)
                if not any(each in entries for each in hashes):
                    reason = _REASON_OF.get(Status(status), Reason.ASKED)
                    entry = Entry(hashes[0], self._hasher.key_id, reason, _day(since))
                    entries[entry.hash] = entry
        return sorted(entries.values())

    def _without_known(self, listed: Mapping[bytes, Entry]) -> dict[bytes, Entry]:
        """Leave out what our list says as firmly already."""
        known = {entry.hash: entry.reason.firmness for entry in self._list.entries()}
        return {
            hash_: entry
            for hash_, entry in listed.items()
            if known.get(hash_, -1) < entry.reason.firmness
        }

    def _moves(self, fresh: dict[bytes, Entry]) -> Iterator[Move]:
        """Say whose status changes; takes out of `fresh` what a status tells."""
        for key, entry in self._subscribers_among(fresh):
            to = _STATUS_OF.get(entry.reason, Status.SUPPRESSED)
            if self._is_overruled(key, entry):
                del fresh[entry.hash]
                continue
            if to is not Status.SUPPRESSED:
                del fresh[entry.hash]
            yield Move(key, nearer_than(to), to)

    def _subscribers_among(
        self, entries: Mapping[bytes, Entry]
    ) -> list[tuple[str, Entry]]:
        """Find which subscribers these are; that takes a hash of everybody."""
        return [
            (key, entries[hash_])
            for (key,) in stream(self._connection, _PEOPLE)
            for hash_ in self._hasher.all_of(key)
            if hash_ in entries
        ]

    def _is_overruled(self, key: str, entry: Entry) -> bool:
        """Tell whether somebody has come back since, as far as we know."""
        overruling = _OVERRULING.get(entry.reason, ())
        acts = self._connection.execute(_ACTS, (key,)).fetchall()
        came_back = max((at for act, at in acts if act in overruling), default="")
        if _day(came_back) != entry.since:
            return _day(came_back) > entry.since
        status = _STATUS_OF.get(entry.reason, Status.SUPPRESSED)
        (left,) = self._connection.execute(_LAST_SO, (key, status)).fetchone()
        return _day(left) == entry.since and left < came_back


def _day(text: str | None) -> date:
    return from_text(text).date() if text else _LONG_AGO
