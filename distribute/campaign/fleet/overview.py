"""See how far campaigns are that workers send: read only, and often.

What is counted by batches is exact and quick. To count deliveries takes seconds where
there are millions, so that is done seldom; in between, workers tell of themselves what
they have done (`roll`), and that is up to a few seconds behind.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from distribute.audience.database.database import rehearsal
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.campaign import Outcome, State
from distribute.campaign.fleet import setback
from distribute.campaign.fleet.batch import FrozenState
from distribute.campaign.fleet.hands import Hands
from distribute.campaign.fleet.progress import (
    Batches,
    Deliveries,
    Handed,
    Overview,
)
from distribute.campaign.fleet.speed import MINUTE
from distribute.campaign.plan.extra import issue_campaign

_LOOKS = 5
"""Looks at which a message had to wait, one after the other, till that is no chance."""
_SELDOM = 10.0
"""Deliveries are counted again after so many times as long as it took."""

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
_COUNT = """
    SELECT state, count(*) FROM delivery WHERE campaign = :campaign GROUP BY state
    UNION ALL
    SELECT 'under way', coalesce(sum(cardinality(started)), 0)
    FROM under_way WHERE campaign = :campaign
"""
_TO_DOMAINS = """
    SELECT split_part(key, '@', 2) AS domain, count(*) FROM delivery
    WHERE campaign = :campaign AND state = 'claimed'
      AND split_part(key, '@', 2) = ANY (:domains)
    GROUP BY domain
"""
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
_HELD_BACK = "SELECT name FROM pace WHERE free_at > clock_timestamp()"


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
    found = connection.execute(_COUNT, {"campaign": campaign}).fetchall()
    counted = Counter(dict(found))
    under_way = counted.pop("under way")
    counted[State.STARTED] += under_way  # and their rows say that they are claimed
    counted[State.CLAIMED] -= under_way
    return {state: counted[state] for state in State if counted[state]}


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
        domains: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        """Take milliseconds since 1970, and seconds that only ever grow.

        `domains` says how many messages may go to some of them in a second by SMTP.
        """
        self._connection = connection
        self._issue = issue
        self._clock = clock
        self._timer = timer
        self._domains = domains
        self._censuses: dict[int, _Census] = {}
        self._hands = Hands(connection)
        self._waits: deque[frozenset[str]] = deque(maxlen=_LOOKS)

    def look(self) -> Sequence[Overview]:
        """Say how far they are; none if none was handed over."""
        with rehearsal(self._connection):  # all of it as it was at one instant
            waits = self._connection.execute(_HELD_BACK).fetchall()
            self._waits.append(frozenset(name for (name,) in waits))
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
            with census.taken(handed, shares, self._timer):
                census.counted = count_deliveries(self._connection, handed.number)
                census.least = self._least_seconds(handed)
            census.at = self._clock()
        is_steady = self._clock() - handed.at >= MINUTE
        crew = self._hands.look(handed.number, is_steady=is_steady)
        return Overview(
            handed=handed,
            batches=self._batches(handed.number),
            deliveries=census.deliveries(shares),
            per_second=crew.per_second,
            workers=crew.alive,
            missing=crew.missing,
            setbacks=setback.of_the_living(self._connection, handed.number),
            least_seconds=max(census.least - (self._clock() - census.at) / 1000, 0.0),
            held_back=self._held_back,
        )

    def _least_seconds(self, handed: Handed) -> float:
        """Say how long it takes at least, by the domain that takes longest."""
        if handed.is_over or handed.sink != "smtp" or not self._domains:
            return 0.0
        named = {"campaign": handed.number, "domains": list(self._domains)}
        counted = self._connection.execute(_TO_DOMAINS, named).fetchall()
        return max((n / self._domains[domain] for domain, n in counted), default=0.0)

    @property
    def _held_back(self) -> frozenset[str]:
        """Say whose messages had to wait at each of the last looks."""
        if len(self._waits) < _LOOKS:
            return frozenset()
        return frozenset.intersection(*self._waits)

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
        self.least = 0.0
        """Seconds that it took from then on, by the rates of domains."""
        self.counted: Mapping[State, int] = {}
        self._shares: Mapping[str, Counter[Outcome]] = {}
        self._state: FrozenState | None = None
        self._next = 0.0

    def is_stale(self, handed: Handed, now: float) -> bool:
        """Tell whether to count again: it is time, or it came to an end or went on."""
        return self._state is not handed.state or now >= self._next

    @contextmanager
    def taken(
        self,
        handed: Handed,
        shares: Mapping[str, Counter[Outcome]],
        timer: Callable[[], float],
    ) -> Iterator[None]:
        """Have all be counted, and remember what workers had told by then."""
        began = timer()
        yield
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
        return Deliveries(counted=self.counted, at=self.at, since=since)


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
