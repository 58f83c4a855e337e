"""Carry out a sending: what `send`, `retry` and `demo` have in common."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from time import monotonic

from distribute.audience.subscriber import Status
from distribute.campaign.ahead import ahead
from distribute.campaign.campaign import Campaign, Entry, Sink
from distribute.campaign.choices import choice_number
from distribute.campaign.feed import Feed
from distribute.campaign.ledger import SqliteLedger
from distribute.campaign.message import Addressing
from distribute.campaign.run import Haste, Steering, run
from distribute.campaign.verdict import RetryPolicy
from distribute.cli.account import Account
from distribute.cli.clock import Stopwatch, running_clock
from distribute.cli.frugal import little_collecting
from distribute.cli.invocation import Invocation
from distribute.cli.live import live
from distribute.cli.mailing import Mailing
from distribute.cli.orders import Orders
from distribute.cli.outlets import open_sink, pace_of
from distribute.cli.owed import Owed
from distribute.cli.ownership import take_possession
from distribute.cli.reckoning import Course, Reckoning
from distribute.cli.signals import heard
from distribute.cli.tally import Tally
from distribute.errors import AudienceError, DistributeError

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
        self._orders = orders
        self._reckoning = Reckoning(mailing, ledger, orders)
        self._clock = running_clock(invocation.now, after=ledger.latest())
        self._broken: DistributeError | None = None

    def digest(self) -> str:
        """Digest the plan as it is now, without naming anybody; see also `owed`."""
        with self._ledger.lock(self._mailing.campaign_id, self._invocation.now):
            return self._reckoning.digest()

    def owed(self) -> Owed:
        """Count who is due, once it is clear what a dead sender has left open.

        Raises `LockedError` while a living one has the issue in hand.
        """
        with self._ledger.lock(self._mailing.campaign_id, self._invocation.now):
            return self._reckoning.owed()

    def make_ready(self) -> None:
        """See that nothing is missing, and that the issue has no errors."""
        self._mailing.make_ready(self._invocation.now, self._orders.forced)

    def carry_out(self) -> Account:
        """Send to everybody who is due, and give the account of it."""
        account: Account | None = None
        campaign, now = self._mailing.campaign_id, self._invocation.now
        try:
            with self._ledger.lock(campaign, now) as dead, heard() as haste:
                if dead:
                    words = f"Going on from {dead}, which ended without a word."
                    self._invocation.say(words)
                account = self._work(haste)
        except AudienceError:
            if account is None or not self._broken:
                raise  # else the account says already that the database is in trouble
        return account

    def _work(self, haste: Callable[[], Haste]) -> Account:
        """Send if there is anybody to send to, and reckon up."""
        expected = self._reckoning.owed()
        gone = self._reckoning.gone(expected)
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
            return self._reckoning.account(course)
        except AudienceError:
            if self._broken:
                raise self._broken from None
            raise

    def _deliver(
        self, expected: Owed, tally: Tally, haste: Callable[[], Haste]
    ) -> Stopwatch:
        """Send, count, and show how far it is; gives how long it took."""
        self.make_ready()
        with (
            open_sink(self._mailing.newsletter, self._ledger.sink) as sink,
            live(expected.total) as show,
        ):

            def look_up() -> Haste:
                show(tally)  # once per turn, also of one that brings nothing
                return haste()

            steering = self._steering(look_up)
            feed = self._feed(self._begin(), tally.began, steering.pace.page)
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
        limit = steering.limit
        if limit is not None and feed.fresh:
            earlier, at_once = replace(feed, fresh=False), replace(steering, stay=0)
            yield from run(ahead(earlier), sink, self._ledger, at_once)
            if tally.attempts >= limit or steering.haste() is not Haste.NONE:
                return
            steering = replace(steering, limit=limit - tally.attempts)
            feed = replace(feed, due_only=True)
        yield from run(ahead(feed), sink, self._ledger, steering)

    def _begin(self) -> Campaign:
        """Take up the campaign where it was left; a first run decides about its Date."""
        campaign, ledger = self._mailing.campaign_id, self._ledger
        if ledger.sink == "smtp":
            take_possession(self._mailing.store, self._mailing.newsletter.settings)
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


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
