"""Read who is owed an issue, a page at a time, so that memory does not grow with the list.

Pages are cut by `Mailbox.key`: whoever is claimed while somebody goes through them does
not shift the later ones. It is safe to read ahead of a sender, in another process too,
and neither waits for the other.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

from distribute.audience.database.database import (
    Handle,
    engine_of,
    explained,
    stream,
    tally,
)
from distribute.audience.database.place import Place
from distribute.campaign.campaign import State
from distribute.campaign.ledger.history import STATE, STATUS, UNTRIED, Aftermath
from distribute.campaign.plan.among import (
    EVERYBODY,
    Among,
    exclusion,
    narrowing,
    values_of,
    wishes,
)
from distribute.campaign.plan.survey import Standing

_CAMPAIGN = "SELECT number FROM campaign WHERE sink = ? AND id = ?"
_FRESH = f"""
    SELECT s.key, s.address, s.name, {{wishes}}, 0, 0
    FROM subscriber AS s INDEXED BY subscriber_standing
    WHERE s.status = 'confirmed' AND s.paused <= :today AND s.key > :after
      AND {UNTRIED}{{narrowing}}
    ORDER BY s.key LIMIT :limit
"""  # noqa: S608 - all of it is ours
_BEFORE_FRESH = f"""
    SELECT coalesce(max(key), '') FROM subscriber INDEXED BY subscriber_standing
    WHERE key < (
        SELECT s.key FROM subscriber AS s INDEXED BY subscriber_standing
        WHERE s.status = 'confirmed' AND s.paused <= :today AND s.key > :after
          AND {UNTRIED}{{narrowing}}
        ORDER BY s.key LIMIT 1
    )
"""  # noqa: S608 - all of it is ours
_PLACE_OF_FRESH = f"""
    SELECT s.key
    FROM subscriber AS s INDEXED BY subscriber_standing
    WHERE s.status = 'confirmed' AND s.paused <= :today AND s.key > :after
      AND {UNTRIED}{{narrowing}}
    ORDER BY s.key LIMIT 1 OFFSET :before
"""  # noqa: S608 - all of it is ours
_COUNT_FRESH = f"""
    SELECT {{wishes}}
    FROM subscriber AS s INDEXED BY subscriber_standing
    WHERE s.status = 'confirmed' AND s.paused <= :today AND {UNTRIED}{{narrowing}}
"""  # noqa: S608 - all of it is ours
_EVERYBODY = f"""
    SELECT s.key, {{wishes}}, {STATUS}, coalesce({STATE}, ''),
           CASE WHEN s.paused > :today THEN s.paused ELSE '' END, {{exclusion}},
           {{address}}
    FROM subscriber AS s INDEXED BY subscriber_standing
    LEFT JOIN delivery AS d ON d.campaign = :campaign AND d.key = s.key
    ORDER BY s.key
"""  # noqa: S608 - all of it is ours
_AGAIN_BY_KEY = """
    SELECT d.key, s.address, s.name, {wishes}, d.attempt, d.since
    FROM delivery AS d INDEXED BY delivery_troubled
    CROSS JOIN subscriber AS s
        ON s.key = d.key AND s.status = 'confirmed' AND s.paused <= :today{narrowing}
    WHERE d.campaign = :campaign AND instr(:states, d.state) > 0
      AND d.due <= :due_by AND d.key > :after
    ORDER BY d.key LIMIT :limit
"""
_AGAIN_BY_TIME = """
    SELECT d.key, s.address, s.name, {wishes}, d.attempt, d.since
    FROM delivery AS d INDEXED BY delivery_due
    CROSS JOIN subscriber AS s
        ON s.key = d.key AND s.status = 'confirmed' AND s.paused <= :today{narrowing}
    WHERE d.campaign = :campaign AND d.due > 0 AND d.due <= :due_by AND d.key > :after
    ORDER BY d.key LIMIT :limit
"""
_COUNT_AGAIN = """
    SELECT {wishes}
    FROM delivery AS d INDEXED BY delivery_troubled
    CROSS JOIN subscriber AS s
        ON s.key = d.key AND s.status = 'confirmed' AND s.paused <= :today{narrowing}
    WHERE d.campaign = :campaign AND instr(:states, d.state) > 0
      AND d.due IS NOT NULL
"""
_COUNT_DUE = """
    SELECT count(*) FROM (
        SELECT 1 FROM delivery
        WHERE campaign = :campaign AND due > 0 AND due <= :due_by LIMIT :few
    ) AS those_due
"""
_NEXT = """
    SELECT min(due) FROM delivery INDEXED BY delivery_due
    WHERE campaign = :campaign AND due > 0
"""

_NOTHING_OPEN = Aftermath()

_ONLY_READ = {
    "sqlite": "PRAGMA query_only = ON",
    "postgresql": "SET default_transaction_read_only = on",
}
_SMALL_CACHE = "PRAGMA cache_size = -500"
"""In KiB, for pages are read once and in order."""
_ALWAYS = 2**62
"""Later than anything is due."""
_FEW = 2_000
"""So many that are due are sorted faster than found among all that are deferred."""


class Waiting(NamedTuple):
    """Somebody who is owed the issue, as the tables have it."""

    key: str
    """`Mailbox.key`."""
    address: str
    name: str
    languages: str
    """Tags in order of preference, with one space between."""
    only_these: int
    """1 or 0."""
    attempt: int = 0
    """How many attempts there were."""
    since: int = 0
    """When the first of them began, in milliseconds since 1970; 0 if there was none."""


class Due(Handle):
    """Who is owed one campaign at one sink. Opens a connection of its own, and only reads.

    Every method raises `AudienceError` when the file cannot be used. Only the confirmed
    are ever given, as they stand when a page is fetched, if they do not pause beyond
    `today` and are `among` those whom the campaign is for. Without a day nobody is given
    who ever paused.
    """

    def __init__(
        self,
        place: Place,
        *,
        sink: str,
        campaign: str,
        today: date = date.min,
        among: Sequence[Among] = EVERYBODY,
    ) -> None:
        super().__init__(place)
        self._names = (sink, campaign)
        self._clauses = {
            "{narrowing}": narrowing(among),
            "{exclusion}": exclusion(among),
            "{wishes}": wishes(among),
        }
        self._given = {"today": today.isoformat(), **values_of(among)}
        engine = engine_of(self._connection)
        self._connection.execute(_ONLY_READ[engine])
        if engine == "sqlite":
            self._connection.execute(_SMALL_CACHE)

    def fresh(self, after: str, limit: int) -> list[Waiting]:
        """List whom nobody has tried to reach, behind the key `after`, by key.

        Those passed over by an earlier run are among them: they are looked at again.
        """
        return self._page(_FRESH, after=after, limit=limit)

    def before_fresh(self, after: str) -> str:
        """Give the key of whoever comes right before the first of those; or nothing.

        In the middle of a long list it takes long to find the first one; once is enough.
        """
        with explained(self.place):
            row = self._row(_BEFORE_FRESH, after=after)
        return row[0] or after

    def fresh_at(self, place: int, after: str) -> str:
        """Give the key of one of those, counting from 1; empty if they are fewer."""
        wanted = {"after": after, "before": place - 1}
        with explained(self.place):
            row = self._row(_PLACE_OF_FRESH, **wanted)
        return row[0] if row else ""

    def again(
        self,
        states: Collection[State],
        after: str,
        limit: int,
        *,
        due_by: int | None = None,
    ) -> list[Waiting]:
        """List who was tried and is deferred, rejected or uncertain, as `states` says.

        Behind the key `after`, by key; with `due_by` (milliseconds since 1970), without
        those deferred to a later time.
        """
        wanted = {
            "states": " ".join(states),
            "due_by": _ALWAYS if due_by is None else due_by,
            "after": after,
            "limit": limit,
        }
        few = set(states) == {State.DEFERRED} and self._are_few_due(due_by)
        return self._page(_AGAIN_BY_TIME if few else _AGAIN_BY_KEY, **wanted)

    def next_due(self) -> int | None:
        """Tell when the next of the deferred is due, in milliseconds since 1970.

        May be in the past; `None` if nobody is deferred.
        """
        return self._number(_NEXT)

    def count_fresh(self) -> list[tuple[str, int, int]]:
        """Count whom nobody has tried to reach: languages, only these, how many."""
        return self._count(_COUNT_FRESH)

    def count_again(self, states: Collection[State]) -> list[tuple[str, int, int]]:
        """Count whom `again` lists: languages, only these, how many."""
        return self._count(_COUNT_AGAIN, states=" ".join(states))

    @contextmanager
    def steady(self) -> Iterator[None]:
        """See the file as it is now, whoever writes to it meanwhile."""
        with explained(self.place):
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.rollback()

    def everybody(
        self, aftermath: Aftermath = _NOTHING_OPEN, *, addressed: bool = False
    ) -> Iterator[Standing]:
        """Stream all subscribers by key, with their state in the ledger.

        It is told as the next sender will find it after this `aftermath`. Those claimed
        are like those without a state: nothing of theirs has left. Also whether they
        pause, and who is outside the people whom the campaign is for; and, which takes
        longer, their addresses.
        """
        query = _EVERYBODY.replace("{address}", "s.address" if addressed else "''")
        with explained(self.place):
            asked = self._asked(query, aftermath._asdict())
            yield from map(Standing._make, stream(self._connection, *asked))

    def _page(self, query: str, **wanted: object) -> list[Waiting]:
        with explained(self.place):
            asked = self._asked(query, wanted)
            return list(map(Waiting._make, self._connection.execute(*asked)))

    def _count(self, query: str, **wanted: object) -> list[tuple[str, int, int]]:
        with explained(self.place):
            counts = tally(self._connection, 2, *self._asked(query, wanted))
        return [(*wish, count) for wish, count in sorted(counts.items())]

    def _are_few_due(self, due_by: int | None) -> bool:
        if due_by is None:
            return False
        return (self._number(_COUNT_DUE, due_by=due_by, few=_FEW) or 0) < _FEW

    def _number(self, query: str, **wanted: object) -> int | None:
        with explained(self.place):
            number: int | None = self._row(query, **wanted)[0]
        return number

    def _row(self, query: str, **wanted: object) -> Any:
        return self._connection.execute(*self._asked(query, wanted)).fetchone()

    def _asked(
        self, query: str, wanted: Mapping[str, object]
    ) -> tuple[str, Mapping[str, object]]:
        """Write a query about the campaign, with its values.

        The campaign need not have begun when this was opened.
        """
        row = self._connection.execute(_CAMPAIGN, self._names).fetchone()
        for place, clause in self._clauses.items():
            query = query.replace(place, clause)
        return query, {**wanted, "campaign": row and row[0], **self._given}
