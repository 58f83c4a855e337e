"""See how far campaigns are that workers send: read only, and often.

What is counted by batches is exact and quick. To count deliveries takes seconds where
there are millions, so that is done seldom; in between, workers tell of themselves what
they have done (`roll`), and that is up to a few seconds behind.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from distribute.audience.database.database import rehearsal
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.campaign import Outcome, State
from distribute.campaign.fleet.batch import FrozenState
from distribute.campaign.fleet.progress import (
    Batches,
    Deliveries,
    Hand,
    Handed,
    Overview,
)
from distribute.campaign.plan.extra import issue_campaign

ALIVE = 20_000
"""Milliseconds after its last sign of life in which a worker counts as alive."""
_SELDOM = 10.0
"""Deliveries are counted again after so many times as long as it took."""
_MINUTE = 60_000

_HANDED = """
    SELECT c.number, c.id, c.sink, f.state, f.alarm, f.complete, f.at
    FROM frozen AS f JOIN campaign AS c ON c.number = f.campaign ORDER BY c.number
"""
_BATCHES = """
    SELECT
        CASE
            WHEN state = 'waiting' AND due > :now THEN 'later'
            WHEN state = 'held' AND job IS NULL THEN 'waiting'
            ELSE state
        END AS how, count(*), min(due), sum(last - first + 1)
    FROM batch WHERE campaign = :campaign GROUP BY how
"""
_COUNT = "SELECT state, count(*) FROM delivery WHERE campaign = ? GROUP BY state"
_UNCERTAIN = """
    SELECT count(*) FROM frozen AS f JOIN delivery AS d ON d.campaign = f.campaign
    WHERE d.due IS NOT NULL AND d.state = 'uncertain'
"""
_UNFINISHED = """
    SELECT 1 FROM batch WHERE campaign = ? AND state IN ('waiting', 'held') LIMIT 1
"""
_SHARES = """
    SELECT worker, accepted, deferred, rejected, uncertain
    FROM worker_share WHERE campaign = ?
"""
_WORKERS = """
    SELECT w.name, w.host, w.pid, w.version, w.began, w.seen, c.id, w.campaign, w.batch,
           coalesce((SELECT sum(recent) FROM worker_share WHERE worker = w.name), 0),
           coalesce((SELECT sum(recent) FROM worker_share
                     WHERE worker = w.name AND campaign = ?), 0)
    FROM worker AS w LEFT JOIN campaign AS c ON c.number = w.campaign
    WHERE w.ended = 0 AND w.seen > server_clock() - ? ORDER BY w.name
"""


def handed_over(
    connection: PostgresConnection, issue: str, *, sink: str | None = None
) -> Sequence[Handed]:
    """List what was handed over of an issue, by its own campaign's id (``issue-5``)."""
    return [
        each
        for each in map(_handed, connection.execute(_HANDED).fetchall())
        if issue_campaign(each.id) == issue and sink in {None, each.sink}
    ]


def count_deliveries(connection: PostgresConnection, campaign: int) -> dict[State, int]:
    """Count a campaign's deliveries by state; takes seconds where there are millions."""
    rows = connection.execute(_COUNT, (campaign,)).fetchall()
    counted = {State(state): count for state, count in rows}
    return {state: counted[state] for state in State if state in counted}


def is_swept(connection: PostgresConnection, campaign: int) -> bool:
    """Tell whether no batch of a campaign is left to anybody."""
    return connection.execute(_UNFINISHED, (campaign,)).fetchone() is None


def count_uncertain(connection: PostgresConnection) -> int:
    """Count who waits for a decision, in all campaigns that workers have had."""
    (count,) = connection.execute(_UNCERTAIN).fetchone()
    return int(count)


class Lookout:
    """Looks at the campaigns of an issue again and again."""

    def __init__(
        self,
        connection: PostgresConnection,
        issue: str,
        clock: Callable[[], int],
        timer: Callable[[], float],
    ) -> None:
        """Take milliseconds since 1970, and seconds that only ever grow."""
        self._connection = connection
        self._issue = issue
        self._clock = clock
        self._timer = timer
        self._censuses: dict[int, _Census] = {}

    def look(self) -> Sequence[Overview]:
        """Say how far they are; none if none was handed over."""
        with rehearsal(self._connection):  # all of it as it was at one instant
            return [
                self._overview(h) for h in handed_over(self._connection, self._issue)
            ]

    def _overview(self, handed: Handed) -> Overview:
        census = self._censuses.setdefault(handed.number, _Census())
        rows = self._connection.execute(_SHARES, (handed.number,)).fetchall()
        shares = {
            name: Counter(dict(zip(Outcome, n, strict=True))) for name, *n in rows
        }
        if census.is_stale(handed, self._timer()):
            census.take(self._connection, handed, shares, self._timer)
            census.at = self._clock()
        workers = self._connection.execute(_WORKERS, (handed.number, ALIVE)).fetchall()
        rates = [_rate(row[-1], row[4], row[5]) for row in workers]
        return Overview(
            handed=handed,
            batches=self._batches(handed.number),
            deliveries=census.deliveries(shares),
            per_second=sum(rates),
            workers=[_hand(row, handed.number) for row in workers],
        )

    def _batches(self, campaign: int) -> Batches:
        named = {"now": self._clock(), "campaign": campaign}
        found = {
            how: (count, due, people)
            for how, count, due, people in self._connection.execute(_BATCHES, named)
        }
        counts = {how: count for how, (count, _, _) in found.items()}
        return Batches(
            waiting=counts.get("waiting", 0),
            in_hand=counts.get("held", 0),
            later=counts.get("later", 0),
            next_due=found["later"][1] if "later" in found else None,
            done=counts.get("done", 0),
            cancelled=counts.get("cancelled", 0),
            people=sum(n for how, (_, _, n) in found.items() if how != "cancelled"),
        )


class _Census:
    """The deliveries of one campaign, as they were counted last."""

    def __init__(self) -> None:
        self.at = 0
        self._counted: Mapping[State, int] = {}
        self._shares: Mapping[str, Counter[Outcome]] = {}
        self._state: FrozenState | None = None
        self._next = 0.0

    def is_stale(self, handed: Handed, now: float) -> bool:
        """Tell whether to count again: it is time, or it came to an end or went on."""
        return self._state is not handed.state or now >= self._next

    def take(
        self,
        connection: PostgresConnection,
        handed: Handed,
        shares: Mapping[str, Counter[Outcome]],
        timer: Callable[[], float],
    ) -> None:
        """Count all of them, and remember what workers had told by then."""
        began = timer()
        self._counted = count_deliveries(connection, handed.number)
        self._shares, self._state = shares, handed.state
        ended = timer()
        self._next = ended + _SELDOM * (ended - began)

    def deliveries(self, shares: Mapping[str, Counter[Outcome]]) -> Deliveries:
        """Add what workers have told since; one who began anew has begun at nothing."""
        since: Counter[Outcome] = Counter()
        for name, share in shares.items():
            before = self._shares.get(name, Counter())
            began_anew = share.total() < before.total()
            since += share if began_anew else share - before
        return Deliveries(counted=self._counted, at=self.at, since=since)


def _handed(row: Sequence[Any]) -> Handed:
    number, id_, sink, state, alarm, complete, at = row
    return Handed(
        number=number,
        id=id_,
        sink=sink,
        state=FrozenState(state),
        alarm=alarm,
        is_complete=bool(complete),
        at=at,
    )


def _hand(row: Sequence[Any], campaign: int) -> Hand:
    name, host, pid, version, began, seen, id_, number, batch, recent, _ = row
    return Hand(
        name=name,
        host=host,
        pid=pid,
        version=version,
        began=began,
        seen=seen,
        campaign=id_ or "",
        batch=batch,
        is_at_this=number == campaign,
        per_second=_rate(recent, began, seen),
    )


def _rate(recent: int, began: int, seen: int) -> float:
    """Give how many that is in a second; who has just begun had no minute yet."""
    return recent / max(min(seen - began, _MINUTE), 1000) * 1000
