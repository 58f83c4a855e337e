"""Reckon who is owed an issue before a run, and how everybody fared after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from distribute.campaign.campaign import State
from distribute.campaign.ledger.due import Due
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.plan.among import Among
from distribute.campaign.plan.plan import UNCERTAIN
from distribute.campaign.plan.survey import Survey, Surveyor
from distribute.cli.mailing.mailing import Mailing
from distribute.cli.mailing.owed import Owed, count_owed, total_of
from distribute.cli.process.clock import Stopwatch
from distribute.cli.sending.account import LEFT_SINCE, Account
from distribute.cli.sending.orders import Orders
from distribute.cli.sending.tally import Tally
from distribute.errors import DistributeError
from distribute.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a run has seen from its beginning to its end."""

    expected: Owed
    """Who was owed the issue when it began."""
    gone: int
    """How many were to be tried again and are not to be sent anything any more."""
    tally: Tally
    watch: Stopwatch
    ended: int
    """When it was over, in milliseconds since 1970."""
    broken: DistributeError | None
    """What ended it early, if anything did."""


class Reckoning:
    """Counts people of one mailing at one sink; no person is looked at."""

    def __init__(
        self, mailing: Mailing, ledger: SqliteLedger, orders: Orders, today: date
    ) -> None:
        self._mailing = mailing
        self._ledger = ledger
        self._orders = orders
        self._today = today

    def with_orders(self, orders: Orders) -> "Reckoning":
        """Reckon by other orders."""
        return Reckoning(self._mailing, self._ledger, orders, self._today)

    def digest(self) -> str:
        """Digest the plan as it is now, without naming anybody."""
        return self._survey(self._mailing.digests).digest

    def owed(self) -> Owed:
        """Count who is due at the moment."""
        fresh, again = self._orders.fresh, self._orders.again
        with self._due() as due:
            return count_owed(due, self._mailing.choices, fresh=fresh, again=again)

    def is_owed(self) -> bool:
        """Tell whether anybody is still owed the campaign, whoever the orders are about.

        Who was put off is; who waits for a decision is not.
        """
        mailing, counts = self._mailing, self._counts()
        if counts[State.CLAIMED] or counts[State.STARTED]:
            return True
        with self._due(mailing.among) as due:
            owed = count_owed(due, mailing.choices, fresh=True, again=[State.DEFERRED])
        return owed.total > 0

    def is_owed_besides(self) -> bool:
        """Tell whether anybody was never tried, once all have been whom the orders are about."""
        if not self._orders.segment:
            return False
        with self._due(self._mailing.among) as due:
            owed = count_owed(due, self._mailing.choices, fresh=True, again=())
        return owed.total > 0

    def gone(self, owed: Owed) -> int:
        """Count who would be owed it, were they still on the list."""
        counts = self._counts()
        tried = sum(counts[state] for state in self._orders.again)
        return tried - sum(owed.tried.values())

    def account(self, course: Course) -> Account:
        """Add it all up: what was counted on the way, and what the database has now."""
        orders, tally, counts = self._orders, course.tally, self._counts()
        doubtful = counts[State.STARTED]  # still open only if the database failed us
        deferred, left = self._remainder(course, counts)
        with self._due() as due:
            next_attempt = due.next_due() if deferred else None
        undecided = counts[State.UNCERTAIN] + doubtful
        limited = orders.limit is not None and tally.attempts >= orders.limit
        return Account(
            campaign=self._mailing.campaign_id,
            issue=self._mailing.issue.id,
            command=self._mailing.command,
            sink=self._ledger.sink,
            accepted=tally.accepted,
            deferred=deferred,
            rejected=tally.rejected,
            uncertain=tally.uncertain + doubtful,
            not_reached=left,
            put_off=min(tally.deferred, deferred),
            undecided=undecided if orders.on_uncertain == "ask" else 0,
            passed_over=self._passed_over(course, counts),
            next_attempt=next_attempt or 0,
            ended=course.ended,
            seconds=course.watch.seconds,
            cpu_seconds=course.watch.cpu_seconds,
            troubled=tuple(tally.troubled.values()),
            is_limited=limited and left > 0,
            broken=course.broken,
        )

    def _remainder(
        self, course: Course, counts: Mapping[State, int]
    ) -> tuple[int, int]:
        """Count who waits for another attempt, and who was due and not reached."""
        tally = course.tally
        if State.DEFERRED not in self._orders.again:
            reached = tally.ended + counts[State.STARTED]
            return tally.deferred, max(course.expected.total - reached, 0)
        now = self.owed()
        undecided = now.tried.get(State.UNCERTAIN, 0) - tally.uncertain
        left = now.never_tried + counts[State.CLAIMED] + max(undecided, 0)
        return now.tried[State.DEFERRED], left

    def _passed_over(
        self, course: Course, counts: Mapping[State, int]
    ) -> Mapping[str, int]:
        """Count by reason who gets nothing, those with an answer of before among them."""
        if not self._orders.fresh:
            return {LEFT_SINCE: course.gone} if course.gone else {}
        if not course.expected.total:  # nobody has gone through the list and noted it
            return self._survey({}).counts.skipped
        before = {
            "accepted before": counts[State.ACCEPTED] - course.tally.accepted,
            "rejected before": counts[State.REJECTED] - course.tally.rejected,
        }
        if State.UNCERTAIN not in self._orders.again:
            before[UNCERTAIN] = counts[State.UNCERTAIN] - course.tally.uncertain
        reasons = {reason: count for reason, count in before.items() if count > 0}
        return reasons | dict(self._ledger.skipped(self._mailing.campaign_id))

    def _counts(self) -> Mapping[State, int]:
        """Count what the ledger has, in all languages."""
        return total_of(self._ledger.counts(self._mailing.campaign_id))

    def _survey(self, contents: Mapping[Language, str]) -> Survey:
        """Go through the whole list, without keeping or writing to anybody."""
        mailing = self._mailing
        surveyor = Surveyor(mailing.choices, self._orders.among)
        with self._due() as due:
            return surveyor.survey(mailing.campaign_id, due.everybody(), contents)

    def _due(self, among: Sequence[Among] | None = None) -> Due:
        return Due(
            self._mailing.newsletter.settings.database,
            sink=self._ledger.sink,
            campaign=self._mailing.campaign_id,
            today=self._today,
            among=self._orders.among if among is None else among,
        )
