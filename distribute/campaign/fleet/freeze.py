"""Hand a campaign over to workers: freeze who gets what, and cut it into batches.

That is done stretch by stretch, each in one transaction with its batches and their jobs:
so there is never a batch without a job or a job without a batch, the first workers begin
while the last people are still gone through, nobody else waits for long, and one that is
killed goes on where it was.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from distribute.audience.database.database import explained, transaction
from distribute.audience.database.place import Place
from distribute.audience.database.postgres.connection import (
    PostgresConnection,
    copy_rows,
)
from distribute.campaign.custody.handed import is_with_workers, last_number
from distribute.campaign.fleet.batch import BatchId
from distribute.campaign.fleet.ending import CUT_FOR_ALL, CUT_FOR_SOME, conclude
from distribute.campaign.fleet.fence import begun
from distribute.campaign.fleet.frozen import (
    Frozen,
    FrozenEdition,
    from_bytes,
    to_bytes,
)
from distribute.campaign.fleet.jobs import queue
from distribute.campaign.ledger import passed_over
from distribute.campaign.ledger.due import Waiting
from distribute.campaign.message.delivery_ids import DeliveryIds
from distribute.campaign.plan.choices import Choices
from distribute.errors import PlanError

SIZE = 500
"""Deliveries in a batch: seconds of work, so that little is lost on handing it over."""
STRETCH = 20_000
"""Deliveries that are frozen in one transaction."""

_FREEZE = """
    INSERT INTO frozen (campaign, content, at, resends, state) VALUES (?, ?, ?, ?, 'going')
    ON CONFLICT (campaign) DO UPDATE SET
        content = excluded.content, at = excluded.at, resends = excluded.resends,
        state = 'going', complete = 0, alarm = ''
    WHERE frozen.state IN ('done', 'cancelled')
"""
_IS_OPEN = """
    SELECT 1 FROM batch WHERE campaign = ? AND state IN ('waiting', 'held') LIMIT 1
"""
_CLAIM_UNCERTAIN = """
    SELECT claim_uncertain(ARRAY (
        SELECT d.number FROM delivery AS d JOIN choice AS c ON c.number = d.choice
        WHERE d.campaign = :campaign AND d.key = ANY (CAST(:keys AS TEXT[]))
          AND d.state = 'uncertain' AND c.language = ANY (CAST(:tags AS TEXT[]))
    ), :now)
"""
_TAKE_UP = """
    INSERT INTO batch (campaign, number, first, last, state)
    SELECT :campaign, :last_batch + 1 + bundle, min(number), max(number), 'waiting'
    FROM (
        SELECT number, (row_number() OVER (ORDER BY number) - 1) / :size AS bundle FROM (
            SELECT d.number FROM delivery AS d JOIN choice AS c ON c.number = d.choice
            WHERE d.campaign = :campaign AND d.due > 0 AND d.state = 'deferred'
              AND c.language = ANY (CAST(:tags AS TEXT[]))
            UNION ALL
            SELECT d.number FROM delivery AS d
            WHERE d.campaign = :campaign AND d.key = ANY (CAST(:keys AS TEXT[]))
              AND d.state = 'claimed'
        ) AS tried
    ) AS bundled
    GROUP BY bundle RETURNING number
"""
_CONTENT = "SELECT content FROM frozen WHERE campaign = ?"
_CONTENT_AT = """
    SELECT f.content FROM frozen AS f JOIN campaign AS c ON c.number = f.campaign
    WHERE c.sink = ? AND c.id = ?
"""
_LAST_BATCH = "SELECT coalesce(max(number), 0) FROM batch WHERE campaign = ?"
_NAME = """
    INSERT INTO choice (number, language, reason) VALUES (?, ?, ?)
    ON CONFLICT (number) DO NOTHING
"""
_COMPLETE = "UPDATE frozen SET complete = ? WHERE campaign = ?"
_DELIVERY = (
    *("number", "campaign", "key", "state", "attempt", "opened", "choice", "since"),
    *("id", "address", "code", "enhanced", "text", "stage"),
)
_BATCH = ("campaign", "number", "first", "last", "state")


class Decided(NamedTuple):
    """What was decided about some people."""

    rows: Sequence[tuple[str, str, int, str]]
    """Key, address, number of the choice and id of the delivery."""
    choices: Mapping[int, tuple[str, str]]
    """Language tag and reason of the choices."""
    skipped: Sequence[tuple[str, str, int]]
    """Key, address and choice of those who get nothing."""


@dataclass(frozen=True, slots=True)
class Decider:
    """Decides who gets which edition."""

    campaign: str
    """`Campaign.id`."""
    choices: Choices
    ids: DeliveryIds

    def decide(self, people: Sequence[Waiting]) -> Decided:
        """Decide about a page of people."""
        rows, skipped = [], []
        named: dict[int, tuple[str, str]] = {}
        id_of, choose = self.ids.within(self.campaign), self.choices.of
        for key, address, _, languages, only_these, _, _ in people:
            language, reason, number = choose(languages, only_these)
            if language is None:
                named[number] = ("", reason)
                skipped.append((key, address, number))
            else:
                named[number] = (language.tag, reason)
                rows.append((key, address, number, id_of(key, language.tag)))
        return Decided(rows, named, skipped)


def refuse_changes(
    connection: PostgresConnection,
    editions: Sequence[FrozenEdition],
    *,
    sink: str,
    campaign: str,
) -> None:
    """Raise `PlanError` if workers have a campaign in hand that says something else.

    They go on with what was handed over; so nobody should note that this was sent.
    """
    if not is_with_workers(connection, sink=sink, campaign=campaign):
        return
    content = bytes(connection.execute(_CONTENT_AT, (sink, campaign)).fetchone()[0])
    if to_bytes(replace(from_bytes(content), editions=tuple(editions))) != content:
        raise PlanError(
            f"workers have another text of {campaign} in hand than its posts have now",
            hint="`distribute cancel` takes it back from them; handed over again, the"
            " others get the present text.",
        )


class Freezer:
    """Freezes one campaign; whoever uses it holds the lock of its sender."""

    def __init__(
        self,
        place: Place,
        connection: PostgresConnection,
        campaign: int,
        *,
        prove: Callable[[], None],
        size: int = SIZE,
    ) -> None:
        """Take the campaign's number, and what makes sure of the lock in a transaction."""
        self._place = place
        self._connection = connection
        self._campaign = campaign
        self._prove = prove
        self._size = size

    def begin(
        self,
        frozen: Frozen,
        now: int,
        *,
        resends: bool = False,
        again: Sequence[str] = (),
    ) -> Frozen:
        """Write down what is sent, and give it.

        Where that is under way already it stays what it was when it began. Else whoever
        was put off before, by workers or not, goes on with it, if the edition that was
        chosen for them is there; others are left to whoever decides about them anew. So
        do those `again`, by `Mailbox.key`, who may have got it already. `resends` says
        that who is going to be so is sent it once more.
        """
        with explained(self._place), transaction(self._connection):
            self._prove()
            row = (self._campaign, to_bytes(frozen), now, int(resends))
            if self._connection.execute(_FREEZE, row).rowcount:
                self._take_up(frozen, again, now)
            found = self._connection.execute(_CONTENT, (self._campaign,)).fetchone()
        return from_bytes(found[0])

    def _take_up(self, frozen: Frozen, again: Sequence[str], now: int) -> None:
        """Have somebody go on with those who were tried, in batches of their own.

        Unless some are left of a campaign that was cancelled, and not swept: these go on.
        """
        connection, campaign = self._connection, self._campaign
        if connection.execute(_IS_OPEN, (campaign,)).fetchone():
            queue.reconcile(connection.raw, campaign)
            return
        named = {
            "campaign": campaign,
            "keys": list(again),
            "tags": [edition.email.language.tag for edition in frozen.editions],
        }
        if again:
            connection.execute(_CLAIM_UNCERTAIN, {**named, "now": now})
        sized = {"last_batch": self._last_batch(), "size": self._size}
        rows = connection.execute(_TAKE_UP, {**named, **sized})
        batches = [BatchId(campaign, number) for (number,) in rows.fetchall()]
        queue.defer(connection.raw, batches)

    def _last_batch(self) -> int:
        (number,) = self._connection.execute(_LAST_BATCH, (self._campaign,)).fetchone()
        return int(number)

    def cut(self, decided: Decided, now: int) -> int:
        """Claim these people, cut them into batches, and defer their jobs; gives how many."""
        with explained(self._place), transaction(self._connection):
            self._prove()
            names = sorted((number, *said) for number, said in decided.choices.items())
            self._connection.executemany(_NAME, names)
            passed_over.note(self._connection, self._campaign, decided.skipped)
            if decided.rows:
                batches = self._write(decided.rows, now)
                queue.defer(self._connection.raw, batches)
        return len(decided.rows)

    def complete(self, now: int, *, is_for_all: bool = True) -> None:
        """Note that all batches have been cut; they may be done by now.

        `is_for_all` says whether nobody is left to whom the campaign is owed besides.
        """
        complete = CUT_FOR_ALL if is_for_all else CUT_FOR_SOME
        with explained(self._place), begun(self._connection):
            self._connection.execute(_COMPLETE, (complete, self._campaign))
            conclude(self._connection, self._campaign, now=now)

    def _write(
        self, rows: Sequence[tuple[str, str, int, str]], now: int
    ) -> Sequence[BatchId]:
        last, number = last_number(self._connection), self._last_batch()
        copy_rows(
            self._connection, "delivery", _DELIVERY, self._deliveries(rows, last, now)
        )
        cuts = list(self._cuts(len(rows), last, number))
        copy_rows(self._connection, "batch", _BATCH, cuts)
        return [BatchId(self._campaign, cut[1]) for cut in cuts]

    def _deliveries(
        self, rows: Sequence[tuple[str, str, int, str]], last: int, now: int
    ) -> Iterator[tuple[object, ...]]:
        campaign = self._campaign
        for number, (key, address, choice, id_) in enumerate(rows, last + 1):
            yield (
                *(number, campaign, key, "claimed", 1, now, choice, now),
                *(id_, address, 0, "", "", ""),
            )

    def _cuts(
        self, count: int, last: int, number: int
    ) -> Iterator[tuple[int, int, int, int, str]]:
        for at in range(0, count, self._size):
            number += 1
            first, end = last + at + 1, last + min(at + self._size, count)
            yield self._campaign, number, first, end, "waiting"
