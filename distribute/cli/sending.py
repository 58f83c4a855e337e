"""Carry out a sending: what `send`, `retry` and `demo` have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from distribute.audience.subscriber import Status
from distribute.campaign.ahead import ahead
from distribute.campaign.campaign import Campaign, State
from distribute.campaign.choices import choice_number
from distribute.campaign.due import Due
from distribute.campaign.feed import Feed
from distribute.campaign.ledger import SqliteLedger
from distribute.campaign.message import Addressing
from distribute.campaign.plan import UNCERTAIN, Survey, survey
from distribute.campaign.run import Haste, Steering, run
from distribute.campaign.verdict import RetryPolicy
from distribute.cli.account import Account
from distribute.cli.clock import Stopwatch, running_clock
from distribute.cli.invocation import Invocation
from distribute.cli.live import live
from distribute.cli.mailing import Mailing
from distribute.cli.outlets import open_sink, pace_of
from distribute.cli.owed import Owed, count_owed, total_of
from distribute.cli.signals import heard
from distribute.cli.tally import Tally
from distribute.errors import DeliveryError
from distribute.language import Language

PATIENCE = 60.0
"""Seconds that a run waits for deliveries whose time comes within them."""
_BARRED = tuple(status.value for status in Status if status is not Status.CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """Whom to send to, and for how long."""

    fresh: bool = True
    """Those to whom nothing was ever sent of this issue."""
    again: frozenset[State] = frozenset({State.DEFERRED})
    """Those whose last attempt ended so."""
    due_only: bool = False
    """Of the deferred only those whose time has come."""
    limit: int | None = None
    """So many people at most."""
    stay: float = PATIENCE
    """Seconds to wait for deferred ones."""
    on_uncertain: str = "ask"
    """``ask``, ``resend`` or ``skip`` those that may have arrived."""


class Sending:
    """One issue on its way by one sink."""

    def __init__(
        self,
        invocation: Invocation,
        mailing: Mailing,
        ledger: SqliteLedger,
        orders: Orders,
    ) -> None:
        self._invocation = invocation
        self._mailing = mailing
        self._ledger = ledger
        self._orders = orders
        self._clock = running_clock(invocation.now, after=ledger.latest())
        self._broken: DeliveryError | None = None

    def digest(self) -> str:
        """Digest the plan as it is now, without naming anybody."""
        return self._survey(self._mailing.digests).digest

    def owed(self) -> Owed:
        """Count who is due at the moment."""
        with self._due() as due:
            return count_owed(
                due,
                self._mailing.choices,
                fresh=self._orders.fresh,
                again=self._orders.again,
            )

    def carry_out(self) -> Account:
        """Send to everybody who is due, and give the account of it."""
        mailing, ledger, invocation = self._mailing, self._ledger, self._invocation
        with ledger.lock(mailing.campaign_id, invocation.now) as dead, heard() as haste:
            if dead:
                invocation.say(f"Going on from {dead}, which ended without a word.")
            expected = self.owed()
            tally, watch = Tally(self._clock()), Stopwatch()
            if expected.total:
                watch = self._deliver(expected, tally, haste)
            return self._account(expected, tally, watch)

    def _deliver(
        self, expected: Owed, tally: Tally, haste: Callable[[], Haste]
    ) -> Stopwatch:
        """Send, count, and show how far it is; gives how long it took."""
        self._mailing.make_ready(self._invocation.now)
        steering = self._steering(haste)
        with (
            open_sink(self._mailing.newsletter, self._ledger.sink) as sink,
            live(expected.total) as show,
        ):
            feed = self._feed(self._begin(), tally.began, steering.pace.page)
            watch = Stopwatch()
            try:
                for entries in run(ahead(feed), sink, self._ledger, steering):
                    tally.add(entries)
                    show(tally)
            except DeliveryError as error:
                self._broken = error
        watch.stop()
        return watch

    def _begin(self) -> Campaign:
        """Take up the campaign where it was left; a first run decides about its Date."""
        campaign, ledger = self._mailing.campaign_id, self._ledger
        started = ledger.started(campaign, self._invocation.now)
        ledger.use(campaign)
        ledger.recover(self._clock())
        if self._orders.fresh:
            reasons = {status: choice_number("", status) for status in _BARRED}
            ledger.name_choices({n: ("", status) for status, n in reasons.items()})
            ledger.skip_unconfirmed(reasons)
        return self._mailing.campaign(started)

    def _feed(self, campaign: Campaign, began: int, page: int) -> Feed:
        mailing, orders = self._mailing, self._orders
        return Feed(
            database=mailing.newsletter.settings.database,
            sink=self._ledger.sink,
            campaign=campaign.id,
            choices=mailing.choices,
            messages=mailing.messages(campaign, mailing.issue.editions),
            addressing=Addressing(campaign),
            unsubscribe=mailing.unsubscribe,
            begun=began,
            fresh=orders.fresh,
            again=orders.again,
            due_only=orders.due_only,
            page=page,
        )

    def _steering(self, haste: Callable[[], Haste]) -> Steering:
        settings, orders = self._mailing.newsletter.settings, self._orders
        return Steering(
            clock=self._clock,
            timer=monotonic,
            haste=haste,
            pace=pace_of(settings, self._ledger.sink),
            policy=RetryPolicy(
                retry_after=_milliseconds(settings.retrying.retry_after),
                give_up_after=_milliseconds(settings.retrying.give_up_after),
            ),
            limit=orders.limit,
            stay=orders.stay,
        )

    def _account(self, expected: Owed, tally: Tally, watch: Stopwatch) -> Account:
        """Add it all up: what was counted on the way, and what the database has now."""
        orders, ledger = self._orders, self._ledger
        deferred, left = self._remainder(expected, tally)
        counts = total_of(ledger.counts(self._mailing.campaign_id))
        with self._due() as due:
            next_attempt = due.next_due() if deferred else None
        undecided = counts[State.UNCERTAIN] if orders.on_uncertain == "ask" else 0
        limited = orders.limit is not None and tally.attempts >= orders.limit
        return Account(
            campaign=self._mailing.campaign_id,
            sink=ledger.sink,
            accepted=tally.accepted,
            deferred=deferred,
            rejected=tally.rejected,
            uncertain=tally.uncertain,
            not_reached=left,
            put_off=min(tally.deferred, deferred),
            undecided=undecided,
            passed_over=self._passed_over(expected, tally, counts),
            next_attempt=next_attempt or 0,
            seconds=watch.seconds,
            cpu_seconds=watch.cpu_seconds,
            troubled=tuple(tally.troubled.values()),
            is_limited=limited and left > 0,
            broken=self._broken,
        )

    def _remainder(self, expected: Owed, tally: Tally) -> tuple[int, int]:
        """Count who waits for another attempt, and who was due and not reached."""
        if State.DEFERRED not in self._orders.again:
            return tally.deferred, max(expected.total - tally.ended, 0)
        now = self.owed()
        undecided = now.tried.get(State.UNCERTAIN, 0) - tally.uncertain
        return now.tried[State.DEFERRED], now.never_tried + max(undecided, 0)

    def _passed_over(
        self, expected: Owed, tally: Tally, counts: Mapping[State, int]
    ) -> Mapping[str, int]:
        """Count by reason who gets nothing, those with an answer of before among them."""
        if not self._orders.fresh:
            return {}
        if not expected.total:  # nobody has gone through the list and noted it down
            return self._survey({}).counts.skipped
        before = {
            "accepted before": counts[State.ACCEPTED] - tally.accepted,
            "rejected before": counts[State.REJECTED] - tally.rejected,
        }
        if State.UNCERTAIN not in self._orders.again:
            before[UNCERTAIN] = counts[State.UNCERTAIN] - tally.uncertain
        reasons = {reason: count for reason, count in before.items() if count > 0}
        return reasons | dict(self._ledger.skipped(self._mailing.campaign_id))

    def _survey(self, contents: Mapping[Language, str]) -> Survey:
        """Go through the whole list, without keeping or writing to anybody."""
        mailing = self._mailing
        with self._due() as due:
            return survey(
                mailing.campaign_id, due.everybody(), mailing.choices, contents
            )

    def _due(self) -> Due:
        return Due(
            self._mailing.newsletter.settings.database,
            sink=self._ledger.sink,
            campaign=self._mailing.campaign_id,
        )


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
