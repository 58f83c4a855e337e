"""Carry out a sending: what `send`, `retry` and `demo` have in common."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import timedelta
from time import monotonic

from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Campaign, Entry, Sink
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.ledger.patient import Outlast, PatientLedger, once
from distribute.campaign.message.message import Addressing
from distribute.campaign.plan.choices import choice_number
from distribute.campaign.run.feed import Feed
from distribute.campaign.run.patient import PatientSupply
from distribute.campaign.run.run import Haste, Steering, run
from distribute.campaign.verdict import RetryPolicy
from distribute.cli.invocation import Invocation
from distribute.cli.mailing.mailing import Mailing
from distribute.cli.mailing.owed import Owed
from distribute.cli.newsletter.outlets import open_sink, pace_of
from distribute.cli.newsletter.ownership import take_possession
from distribute.cli.process.clock import Stopwatch, growing, not_before, running_clock
from distribute.cli.process.frugal import little_collecting
from distribute.cli.process.signals import heard
from distribute.cli.sending.account import Account
from distribute.cli.sending.endurance import endurance
from distribute.cli.sending.guests import gather_guests, noting
from distribute.cli.sending.live import live
from distribute.cli.sending.orders import Orders
from distribute.cli.sending.reckoning import Course, Reckoning
from distribute.cli.sending.tally import Tally
from distribute.errors import AudienceError, AwayError, DistributeError, StandbyError

_BARRED = tuple(status.value for status in Status if status is not Status.CONFIRMED)


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
        self._orders = replace(orders, among=(*mailing.among, *orders.among))
        self._today = mailing.newsletter.day_of(invocation.now)
        self._reckoning = Reckoning(mailing, ledger, self._orders, self._today)
        self._clock = growing(running_clock(invocation.now, after=ledger.latest()))
        self._broken: DistributeError | None = None
        self._outlast: Outlast = once

    def digest(self) -> str:
        """Digest the plan as it is now, without naming anybody; see also `owed`."""
        with self._lock():
            return self._reckoning.digest()

    def owed(self) -> Owed:
        """Count who is due, once it is clear what a dead sender has left open.

        Raises `LockedError` while a living one has the issue in hand.
        """
        with self._lock():
            return self._reckoning.owed()

    def make_ready(self) -> None:
        """See that nothing is missing, and that the issue has no errors."""
        self._mailing.make_ready(self._invocation.now, self._orders.forced)

    def carry_out(self) -> Account:
        """Send to everybody who is due, and give the account of it."""
        account: Account | None = None
        with heard() as haste:
            self._outlast = endurance(self._ledger.place, haste)
            try:
                with ExitStack() as held:
                    self._take_up(held)
                    account = self._work(haste)
                    self._let_rest(account, by_hand=haste.came_by_hand)
            except AudienceError as error:
                if account is None:
                    raise
                self._end_in_trouble(error)
        return account

    def _take_up(self, held: ExitStack) -> None:
        """Be the only one who sends it, until this is left."""

        def take() -> str:
            try:
                return held.enter_context(self._lock())
            except StandbyError as error:  # maybe for good: nothing was written yet
                raise AudienceError(error.reason, hint=error.hint) from error

        dead = self._outlast(take)
        if dead:
            words = f"Going on from {dead}, which ended without a word."
            self._invocation.say(words)

    def _end_in_trouble(self, error: AudienceError) -> None:
        """Let go of it once more, if the database went away just when that was done.

        Where the account says already that the database is in trouble, that is enough.
        """
        if self._broken:
            return
        if not isinstance(error, AwayError):
            raise error
        with ExitStack() as held:
            self._take_up(held)

    def _lock(self) -> AbstractContextManager[str]:
        """Be the only one who sends it, or hands it over."""
        campaign, now = self._mailing.campaign_id, self._invocation.now
        return self._ledger.lock(campaign, now, for_workers=self._orders.for_workers)

    def _heed_others(self) -> None:
        """Look what others have done, now that nobody else can do anything."""
        finished = self._ledger.finished(self._mailing.campaign_id)
        if self._orders.unfinished_only and finished:
            self._orders = replace(self._orders, fresh=False)
            self._reckoning = self._reckoning.with_orders(self._orders)

    def _let_rest(self, account: Account, *, by_hand: bool) -> None:
        """Have nobody go on by itself where nobody is left, or somebody stopped it."""
        campaign, orders = self._mailing.campaign_id, self._orders
        if orders.fresh and by_hand:
            self._outlast(lambda: self._ledger.pursue(campaign, None))
        elif orders.fresh and account.is_through:
            self._outlast(lambda: self._ledger.served(campaign, orders.segment))

    def _work(self, haste: Callable[[], Haste]) -> Account:
        """Send if there is anybody to send to, and reckon up."""
        self._outlast(self._heed_others)
        expected = self._outlast(self._reckoning.owed)
        gone = self._outlast(lambda: self._reckoning.gone(expected))
        tally, watch = Tally(self._clock()), Stopwatch()
        if expected.total:
            watch = self._deliver(expected, tally, haste)
        course = Course(
            expected=expected,
            gone=gone,
            tally=tally,
            watch=watch,
            ended=self._clock(),
            broken=self._broken,
        )
        try:
            self._outlast(self._finish)
            return self._outlast(lambda: self._reckoning.account(course))
        except AudienceError:
            if self._broken:
                raise self._broken from None
            raise

    def _deliver(
        self, expected: Owed, tally: Tally, haste: Callable[[], Haste]
    ) -> Stopwatch:
        """Send, count, and show how far it is; gives how long it took."""
        self._outlast(self.make_ready)
        with (
            open_sink(self._mailing.newsletter, self._ledger.sink) as sink,
            live(expected.total) as show,
        ):

            def look_up() -> Haste:
                show(tally)  # once per turn, also of one that brings nothing
                return haste()

            campaign = self._outlast(self._begin)
            steering = self._steering(look_up)
            feed = self._feed(campaign, tally.began, steering.pace.page)
            watch = Stopwatch()
            try:
                with little_collecting():
                    for entries in self._entries(feed, sink, steering, tally):
                        tally.add(entries)
            except DistributeError as error:
                self._broken = error
        tally.take_back(self._ledger.taken_back)
        watch.stop()
        return watch

    def _entries(
        self, feed: Feed, sink: Sink, steering: Steering, tally: Tally
    ) -> Iterator[Sequence[Entry]]:
        """Serve everybody; if only so many, first those who were tried before.

        Else whoever is put off on the first of many days would wait for the last of them,
        and by then it is too late to go on trying.
        """
        limit, ledger = steering.limit, PatientLedger(self._ledger, self._outlast)
        if limit is not None and feed.fresh:
            earlier, at_once = replace(feed, fresh=False), replace(steering, stay=0)
            supply = PatientSupply(earlier, self._outlast)
            yield from run(supply, sink, ledger, at_once)
            if tally.attempts >= limit or steering.haste() is not Haste.NONE:
                return
            steering = replace(steering, limit=limit - tally.attempts)
            feed = replace(feed, due_only=True)
        yield from run(PatientSupply(feed, self._outlast), sink, ledger, steering)

    def _begin(self) -> Campaign:
        """Take up the campaign where it was left; a first run decides about its Date."""
        campaign, ledger = self._mailing.campaign_id, self._ledger
        if ledger.sink == "smtp":
            take_possession(self._mailing.store, self._mailing.newsletter.settings)
        gather_guests(self._mailing, ledger)
        note = noting(self._mailing, ledger.sink, self._pursued)
        started = ledger.started(campaign, self._invocation.now, note)
        ledger.use(campaign)
        ledger.recover(self._clock())
        since = ledger.print_texts(self._mailing.texts, self._clock())
        self._clock = not_before(self._clock, since)
        if self._orders.fresh:
            reasons = {status: choice_number("", status) for status in _BARRED}
            ledger.name_choices({n: ("", status) for status, n in reasons.items()})
            ledger.skip_unconfirmed(reasons)
            ledger.skip_others(self._today, self._orders.among)
            ledger.pursue(campaign, self._pursued)
        return self._mailing.campaign(started)

    @property
    def _pursued(self) -> str | None:
        """For whom to go on with the campaign if this run is interrupted."""
        return None if self._orders.limit is not None else self._orders.segment

    def _finish(self) -> None:
        """Note it when nobody is owed the issue any more, whoever this run was for."""
        campaign, ledger = self._mailing.campaign_id, self._ledger
        if self._broken or ledger.finished(campaign) or self._reckoning.is_owed():
            return
        ledger.finish(campaign, self._clock())

    def _feed(self, campaign: Campaign, began: int, page: int) -> Feed:
        mailing, orders = self._mailing, self._orders
        return Feed(
            database=mailing.newsletter.settings.database,
            sink=self._ledger.sink,
            campaign=campaign.id,
            choices=mailing.choices,
            messages=mailing.messages(campaign, mailing.issue.editions),
            addressing=Addressing(campaign),
            ids=mailing.ids,
            links=mailing.links,
            begun=began,
            fresh=orders.fresh,
            again=orders.again,
            due_only=orders.due_only,
            today=self._today,
            among=orders.among,
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
                retry_after=milliseconds(settings.retrying.retry_after),
                give_up_after=milliseconds(settings.retrying.give_up_after),
            ),
            limit=orders.limit,
            stay=orders.stay,
        )


def milliseconds(span: timedelta) -> int:
    """Write a span of time the way a policy has it."""
    return span // timedelta(milliseconds=1)
