"""Send the letters that are due: those that ask to confirm, and those with a link.

Each leaves at most once. That it leaves is written down before, and how it ended after;
what a crash leaves in between is never sent again, for a second letter is worse than one
that somebody asks for once more. Nor does any leave that another process has taken up while
this one stood still.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from distribute.audience.database.database import from_milliseconds, to_milliseconds
from distribute.audience.reception.letters import (
    LEASE,
    TAKEN_UP,
    Fate,
    Kind,
    Letters,
    PendingLetter,
)
from distribute.audience.reception.reception import Decision, Reception
from distribute.audience.reception.token import Signer
from distribute.campaign.campaign import Outcome, Parcel, Receipt, Sink
from distribute.campaign.verdict import RetryPolicy, entry_of
from distribute.cli.newsletter.front import Front
from distribute.cli.newsletter.outlets import open_outlet, pace_of
from distribute.cli.public.stationery import Stationery
from distribute.errors import DeliveryError, DistributeError, MailboxError

POLICY = RetryPolicy(retry_after=60_000)
"""Somebody waits for it: the first wait is a minute, and all end after two days."""
_TURN = 0.2
"""Seconds to wait for the server at a time."""
_AT_ONCE = 50
_MENDED = timedelta(minutes=5)
_HELD = LEASE / 5
_TIDY = timedelta(minutes=5)


@dataclass(slots=True)
class _Written:
    """A letter that is ready, and where it stands."""

    pending: PendingLetter
    kind: Kind
    parcel: Parcel
    is_let_go: bool = False


@dataclass(slots=True)
class Posted:
    """What became of the letters of one look into the outbox."""

    accepted: int = 0
    put_off: int = 0
    refused: int = 0
    """Rejected for good, or given up."""
    uncertain: int = 0
    none: int = 0
    """Asked for by whom nothing is written to."""
    failure: DistributeError | None = None
    """What ended it early."""


class Postage:
    """Sends letters by one sink, from an outbox in an open database."""

    def __init__(
        self,
        head: Front,
        reception: Reception,
        letters: Letters,
        signer: Signer,
        *,
        sink: str,
        clock: Callable[[], datetime],
    ) -> None:
        """Get ready; raises `ConfigError` if nobody is named whom they come from."""
        self._settings = head.settings
        self._stationery = Stationery(head, signer)
        self._reception = reception
        self._letters = letters
        self._sink = sink
        self._clock = clock
        self._tidied: datetime | None = None

    def send_due(
        self, *, until: Callable[[], bool] = lambda: False, at_once: bool = True
    ) -> Posted:
        """Send whatever is due by now, and say what became of it.

        A server that cannot be reached is no error: the letters are tried again later.
        Once `until` is true no more letters are taken up. Unless `at_once`, each lies for
        some seconds first, as `Stationery.rest` has it. Now and then what has served
        its time is forgotten as well.
        """
        self._tidy()
        posted = Posted()
        while posted.failure is None and not until():
            claimed = self._letters.claim(self._clock(), _AT_ONCE)
            if not claimed:
                break
            ready = [each for each in claimed if at_once or not self._rests(each)]
            written = [self._written(each, posted) for each in ready]
            if some := {each.parcel.id: each for each in written if each}:
                self._deliver(some, posted)
        return posted

    def _tidy(self) -> None:
        now = self._clock()
        if self._tidied is None or now - self._tidied >= _TIDY:
            within = self._settings.serving.confirm_within
            self._reception.purge(now, confirm_within=within)
            self._tidied = now

    def _rests(self, pending: PendingLetter) -> bool:
        """Let a letter lie for a while, whoever it is for and whether there is one.

        Else somebody who asks in another's name, and sees our traffic, could tell by what
        follows at once whether they are written to.
        """
        now, rest = to_milliseconds(self._clock()), self._stationery.rest(pending)
        left = min(pending.asked + rest - now, rest)
        if pending.attempt or left <= 0:
            return False
        self._letters.put_off(pending, now + left, "", tried=False)
        return True

    def _written(self, pending: PendingLetter, posted: Posted) -> _Written | None:
        """Write a letter, if one is to be written at all."""
        if self._is_late(pending):
            why = "too late: its link is good no more"
            self._give_up(pending, pending.kind, why, posted)
            return None
        decision = self._reception.decide(pending, self._clock())
        if decision.kind is None:
            self._leave_unwritten(pending, decision, posted)
            return None
        try:
            parcel = self._stationery.parcel(pending, decision.kind)
        except MailboxError as error:
            self._give_up(pending, decision.kind, error.reason, posted)
        except DistributeError as error:  # it would befall anybody, until it is mended
            self._put_off(pending, _MENDED, error.reason, posted)
            posted.failure = error
        else:
            return _Written(pending, decision.kind, parcel)
        return None

    def _is_late(self, pending: PendingLetter) -> bool:
        """Tell whether nobody could do anything with it, as after a week of standstill."""
        age = self._clock() - from_milliseconds(pending.asked)
        return age >= self._settings.serving.confirm_within

    def _leave_unwritten(
        self, pending: PendingLetter, decision: Decision, posted: Posted
    ) -> None:
        """Note that there is no letter, or none yet."""
        if decision.wait:
            self._put_off(pending, decision.wait, decision.reason, posted, tried=False)
            return
        self._stationery.rehearse(pending)
        self._letters.settle(pending, pending.kind, Fate.NONE, decision.reason)
        posted.none += 1

    def _give_up(
        self, pending: PendingLetter, kind: Kind, reason: str, posted: Posted
    ) -> None:
        self._letters.settle(pending, kind, Fate.REJECTED, reason)
        posted.refused += 1

    def _put_off(
        self,
        pending: PendingLetter,
        wait: timedelta,
        reason: str,
        posted: Posted,
        *,
        tried: bool = True,
    ) -> None:
        due = to_milliseconds(self._clock() + wait)
        self._letters.put_off(pending, due, reason, tried=tried)
        posted.put_off += 1

    def _deliver(self, written: Mapping[str, _Written], posted: Posted) -> None:
        """Hand letters over, and record how each has ended."""
        left = dict(written)

        def record(receipts: Sequence[tuple[Parcel, Receipt]]) -> None:
            for parcel, receipt in receipts:
                self._record(left.pop(parcel.id), receipt, posted)

        try:
            with open_outlet(self._settings, self._sink) as sink:
                try:
                    self._converse(sink, left, record)
                except DeliveryError:
                    record(sink.halt().receipts)
                    raise
        except DeliveryError as error:
            posted.failure = error
            unsaid = Receipt(Outcome.DEFERRED, text=error.reason)
            record([(each.parcel, unsaid) for each in tuple(left.values())])

    def _converse(
        self,
        sink: Sink,
        left: Mapping[str, _Written],
        record: Callable[[Sequence[tuple[Parcel, Receipt]]], None],
    ) -> None:
        """Hand over what is left, until all have an answer.

        If any turns out to be in other hands, only what is let go already is waited for:
        the connection on which that one was offered serves nobody any more. The others
        are taken up anew.
        """
        pace = pace_of(self._settings, self._sink)
        parcels = [each.parcel for each in left.values()]
        held, is_all_ours = self._clock(), True
        while left if is_all_ours else any(each.is_let_go for each in left.values()):
            if self._clock() - held > _HELD:
                held = self._clock()
                self._hold(left.values(), held)
            room = min(sink.room(), len(parcels)) if is_all_ours else 0
            some = pace.allowance(monotonic(), room) if room else 0
            if some:
                sink.take(parcels[:some])
                pace.spend(some, monotonic())
                del parcels[:some]
            turn = sink.turn(_TURN)
            record(turn.receipts)
            ours = self._start([left[each.id] for each in turn.ready])
            sink.release(ours)
            is_all_ours &= len(ours) == len(turn.ready)
        self._leave_others(left.values())

    def _hold(self, written: Collection[_Written], now: datetime) -> None:
        """Keep the letters that are still to be sent."""
        held = self._letters.hold([each.pending for each in written], now)
        for each, pending in zip(written, held, strict=True):
            each.pending = pending

    def _start(self, ready: Sequence[_Written]) -> list[Parcel]:
        """Write down which letters leave now; those in other hands are not among them."""
        if not ready:
            return []
        numbers = self._letters.start([each.pending for each in ready])
        for each in ready:
            each.is_let_go = each.pending.number in numbers
        return [each.parcel for each in ready if each.is_let_go]

    def _leave_others(self, written: Iterable[_Written]) -> None:
        """Let go of letters that have not left; whose they are now is for all to see."""
        due = to_milliseconds(self._clock())
        for each in written:
            self._letters.put_off(each.pending, due, TAKEN_UP, tried=False)

    def _record(self, written: _Written, receipt: Receipt, posted: Posted) -> None:
        now, pending = self._clock(), written.pending
        entry = entry_of(written.parcel, receipt, to_milliseconds(now), POLICY)
        text = f"{entry.receipt.code or ''} {entry.receipt.text}".strip()
        if entry.receipt.outcome is Outcome.DEFERRED:
            if not _is_stale(pending, now):
                self._letters.put_off(pending, entry.due, text)
                posted.put_off += 1
                return
            entry = entry._replace(
                receipt=entry.receipt._replace(outcome=Outcome.REJECTED)
            )
        fate = Fate(entry.receipt.outcome.value)
        self._letters.settle(pending, written.kind, fate, text)
        posted.accepted += fate is Fate.ACCEPTED
        posted.refused += fate is Fate.REJECTED
        posted.uncertain += fate is Fate.UNCERTAIN


def _is_stale(pending: PendingLetter, now: datetime) -> bool:
    """Tell whether nobody waits for it any more."""
    patience = timedelta(milliseconds=POLICY.give_up_after)
    return now - from_milliseconds(pending.asked) >= patience
