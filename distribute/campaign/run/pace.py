"""Keep a pace: so many messages a second over all, and so many to one domain.

Fewer yet go to a domain that keeps putting them off. All instants are float seconds of
one monotonic clock, handed in; a rate is in messages per second. Where there is no rate
and nobody puts messages off, all this costs next to nothing.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType
from typing import Protocol

from distribute.campaign.campaign import Outcome, Parcel, Receipt, Stage

_LEAST_LATENESS, _MOST_LATENESS = 0.005, 0.05
"""Seconds that a sender may always come late, and never later, without losing anything."""
_LESS_THAN_ONE = 0.9
"""As large a part of a message as may be made up for; it never becomes a second one."""
_PAUSE = 1.0
"""Seconds; whoever comes so late had nothing to send, and has nothing to make up for."""
_ROUNDING = 1e-6
"""Seconds, or part of a message; sums of many intervals are not exact."""
_DOMAINS = 4000
"""How many troubled domains are kept in mind."""
_ENOUGH, _PLENTY = 20, 200
"""How many answers are judged together, at least and at most."""
_SLOWEST = 1.0
"""Messages per second; nobody is slowed down to less."""


class Throttle(Protocol):
    """Lets messages through at a rate; see `Bucket`."""

    rate: float

    def allowance(self, now: float) -> int:
        """Count how many may go now."""
        ...

    def spend(self, count: int, now: float) -> None:
        """Note that so many go now."""
        ...

    def wait(self, now: float) -> float:
        """Seconds until one may go; 0 if it may now."""
        ...


@dataclass(slots=True)
class Bucket:
    """A token bucket that holds one message, and as good as nothing besides.

    Over any t seconds it lets no more through than rate × (t + `lateness`) + 1: so the
    rate is also reached on a busy machine where whoever sends wakes up late. Within a
    whole second that is the rate and one, or above 180 a second half a per cent more. Up
    to 180 a second there are never two at once. After a pause it lets one through at
    once, and the next when it is due.
    """

    rate: float
    free_at: float = -inf
    """When the next message may go."""

    def allowance(self, now: float) -> int:
        """Count how many may go now."""
        if self.wait(now):
            return 0
        late = max(now - self._due(now), 0.0)
        return 1 + int(late * self.rate + _ROUNDING)

    def spend(self, count: int, now: float) -> None:
        """Note that so many go now."""
        self.free_at = self._due(now) + count / self.rate

    def wait(self, now: float) -> float:
        """Seconds until one may go; 0 if it may now."""
        wait = self.free_at - now
        return wait if wait > _ROUNDING else 0.0

    def _due(self, now: float) -> float:
        """Say when the next message was due, or would have been due but for a pause."""
        is_pause = now - self.free_at >= _PAUSE
        most = _LEAST_LATENESS if is_pause else lateness(self.rate)
        return max(self.free_at, now - most)


@dataclass(slots=True)
class _Suspect:
    """A domain that has put off a message lately, and how it has answered since."""

    since: float
    """When counting began."""
    answers: int = 0
    deferred: int = 0
    bucket: Bucket | None = None
    """What slows it down, if it is slowed down."""
    usual: float = inf
    """The rate at which its trouble began, and at which it is over."""

    def is_too_much(self) -> bool:
        """Tell whether more than 15 % were put off, and a few besides.

        Where each twentieth message is greylisted, some 20 answers in a row will hold
        four such sooner or later; and of a few answers at a slow pace, one.
        """
        few = 1 if self.bucket else 2
        return self.deferred > 0.15 * self.answers + few

    def begin_anew(self, now: float) -> None:
        self.since, self.answers, self.deferred = now, 0, 0


class _Brake:
    """Slows domains down that put too much off, and lets them recover.

    The pace of a domain is halved when more than 15 % of 20 answers or more put a message
    off, and every two seconds again while that goes on, down to a thirty-second of what
    it was but not below one a second. It grows by half every five seconds without, until
    it is what it was.
    """

    def __init__(self) -> None:
        self.suspects: OrderedDict[str, _Suspect] = OrderedDict()
        self.slowed = 0
        """How many of the suspects are slowed down."""

    def hear(self, domain: str, now: float, *, deferred: bool) -> None:
        """Note how a domain answered."""
        suspect = self.suspects.get(domain)
        if suspect is None:
            if not deferred:
                return
            suspect = self._suspect(domain, now)
        suspect.answers += 1
        suspect.deferred += deferred
        if suspect.bucket is not None:
            self._adjust(suspect, suspect.bucket, now)
        elif suspect.answers >= _ENOUGH:
            self._consider(domain, suspect, now)

    def bucket_of(self, domain: str) -> Bucket | None:
        """Give what slows a domain down; `None` if nothing does."""
        suspect = self.suspects.get(domain)
        return suspect.bucket if suspect else None

    def _suspect(self, domain: str, now: float) -> _Suspect:
        """Begin to count; the domain that came longest ago is forgotten if need be."""
        if len(self.suspects) >= _DOMAINS:
            _, forgotten = self.suspects.popitem(last=False)
            self.slowed -= forgotten.bucket is not None
        self.suspects[domain] = suspect = _Suspect(now)
        return suspect

    def _consider(self, domain: str, suspect: _Suspect, now: float) -> None:
        """Slow a domain down if it is time, or stop suspecting it."""
        rate = (suspect.answers - 1) / max(now - suspect.since, 0.001)
        if suspect.is_too_much() and rate > _SLOWEST:
            suspect.usual = rate
            suspect.bucket = Bucket(max(rate / 2, _SLOWEST))
            suspect.begin_anew(now)
            self.slowed += 1
        elif suspect.answers >= _PLENTY:
            if not suspect.deferred:
                del self.suspects[domain]
            suspect.begin_anew(now)

    def _adjust(self, suspect: _Suspect, bucket: Bucket, now: float) -> None:
        """Slow a domain further down, or less, or no more."""
        passed = now - suspect.since
        if suspect.is_too_much():
            if passed < 2:
                return
            rate = max(bucket.rate / 2, suspect.usual / 32, _SLOWEST)
            suspect.bucket = Bucket(rate, bucket.free_at)
        elif passed < 5:
            return
        elif bucket.rate * 1.5 < suspect.usual:
            suspect.bucket = Bucket(bucket.rate * 1.5, bucket.free_at)
        else:
            suspect.bucket = None
            self.slowed -= 1
        suspect.begin_anew(now)


class Pace:
    """How many messages may go, over all and to each domain."""

    def __init__(
        self,
        rate: float = 0.0,
        domains: Mapping[str, float] = MappingProxyType({}),
        *,
        bucket: Callable[[str, float], Throttle] = lambda _name, rate: Bucket(rate),
        name: str = "",
    ) -> None:
        """Take the rate over all, 0 for none, and those of domains, in messages/s.

        `bucket` makes what keeps a rate, by its name: that of this pace, or of a domain.
        """
        self._overall = bucket(name, rate) if rate else None
        self._fixed = {
            domain.casefold(): bucket(f"domain {domain.casefold()}", limit)
            for domain, limit in domains.items()
        }
        self._brake = _Brake()

    @property
    def page(self) -> int:
        """How many people to look up at a time: 500, or what goes within two seconds."""
        rate = self._overall.rate if self._overall else inf
        return int(max(1, min(500, 2 * rate)))

    @property
    def is_selective(self) -> bool:
        """Whether domains have to be told apart at the moment."""
        return bool(self._fixed or self._brake.slowed)

    def allowance(self, now: float, most: int) -> int:
        """Count how many may go now over all, `most` at most."""
        if self._overall is None:
            return most
        return min(self._overall.allowance(now), most)

    def spend(self, count: int, now: float) -> None:
        """Note that so many go now."""
        if self._overall is not None and count:
            self._overall.spend(count, now)

    def wait(self, now: float) -> float:
        """Seconds until another message may go over all; 0 if it may now."""
        return self._overall.wait(now) if self._overall else 0.0

    def admit(self, domain: str, now: float) -> float:
        """Let one message go to a domain, and give 0, or the seconds it has to wait."""
        buckets = [
            bucket
            for bucket in (self._fixed.get(domain), self._brake.bucket_of(domain))
            if bucket is not None
        ]
        wait = max((bucket.wait(now) for bucket in buckets), default=0.0)
        if wait <= 0:
            for bucket in buckets:
                bucket.spend(1, now)
        return wait

    def answered(self, answers: Iterable[tuple[Parcel, Receipt]], now: float) -> None:
        """Learn from answers which domains put too much off.

        Where nobody has been put off lately there is nothing to learn from the accepted;
        `has_suspects` says so.
        """
        for parcel, receipt in answers:
            domain = domain_of(parcel)
            self._brake.hear(domain, now, deferred=_is_put_off(receipt))

    @property
    def has_suspects(self) -> bool:
        """Whether `answered` wants to hear of accepted messages too."""
        return bool(self._brake.suspects)


def lateness(rate: float) -> float:
    """Give the seconds that somebody may come late at this rate without losing anything.

    Nearly as long as it takes until the next message is due; at high rates, where that is
    hardly anything, 5 ms.
    """
    almost_one = min(_LESS_THAN_ONE / rate, _MOST_LATENESS)
    return max(almost_one, _LEAST_LATENESS)


def domain_of(parcel: Parcel) -> str:
    """Give the domain of the recipient, without its case."""
    return parcel.key.rpartition("@")[2]


def _is_put_off(receipt: Receipt) -> bool:
    """Tell whether the recipient's side said 4xx; a refused MAIL is about the sender."""
    return (
        receipt.outcome is Outcome.DEFERRED
        and 400 <= receipt.code < 500
        and receipt.stage is not Stage.MAIL
    )
