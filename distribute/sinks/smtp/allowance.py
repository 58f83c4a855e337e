"""How many connections a server gets, when a new one, and when to lose patience."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from distribute.campaign.campaign import Receipt
from distribute.errors import (
    DeliveryError,
    TransientDeliveryError,
    TurnedAwayError,
)
from distribute.sinks.smtp.replies import CLOSING

_ACCEPTED = 250

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 30.0
"""Seconds before connecting again after a failure; doubled each time."""
_FORGIVEN = 20
"""After so many accepted messages one connection more is tried again."""
_FIRST_LULL = 0.5
_LONGEST_LULL = 60.0
"""Seconds for which none more is tried after a server refused one more than it had;
doubled each time, for that may be its limit."""


@dataclass(slots=True)
class Allowance:
    """How many connections a server gets, by how it has behaved. All times monotonic.

    Each failure halves their number and doubles the pause before the next one; accepted
    messages bring them back one by one. Pure: it is told what happens and when.
    """

    most: int
    """As many as the settings allow."""
    patience: float
    """Seconds that trouble may last without any success before it is given up for now."""
    allowed: int = 0
    not_before: float = -inf
    trouble_since: float = inf
    """When the first failure after the last success was."""
    _was_met: bool = False
    _failures: int = 0
    _accepted: int = 0
    _lull: float = _FIRST_LULL
    _no_more_before: float = -inf

    def __post_init__(self) -> None:
        self.allowed = self.most

    def opened(self) -> None:
        """Note that a connection has come as far as MAIL; that alone is not much."""
        self._was_met = True

    def heard(self, receipts: Sequence[Receipt], now: float) -> None:
        """Take note of receipts: an answer of the server's own shows that it works."""
        codes = [receipt.code for receipt in receipts]
        if any(code and code != CLOSING for code in codes):
            self.answered(codes.count(_ACCEPTED), now)

    def answered(self, accepted: int, now: float) -> None:
        """Note that deliveries were answered for, and so many of them accepted."""
        self.trouble_since = inf
        if not accepted:
            return
        self._failures = 0
        if self.allowed < self.most:
            self._accepted += accepted
            if self._accepted >= _FORGIVEN and now >= self._no_more_before:
                self.allowed += 1
                self._accepted = 0

    def crowded(self, now: float) -> None:
        """Note that the server refused one connection more, while others go on."""
        self._lull = min(self._lull * 2, _LONGEST_LULL)
        self._no_more_before = now + self._lull

    def failed(
        self, error: DeliveryError, live: int, now: float, *, was_reached: bool
    ) -> None:
        """Note that a connection failed; `live` others are left.

        Raises the error if it will not pass by itself, if the server cannot be reached
        to begin with, or has not done anything right for too long. A connection that is
        turned away for good is only one too many, as long as there are others.
        """
        is_one_too_many = live > 0 and isinstance(error, TurnedAwayError)
        if not (isinstance(error, TransientDeliveryError) or is_one_too_many):
            raise error
        self._was_met |= was_reached
        if not (self._was_met or live):
            raise error
        self.trouble_since = min(self.trouble_since, now)
        if not live and now - self.trouble_since > self.patience:
            raise error
        self.allowed = max(1, min(self.allowed, live or 1, self.most // 2))
        pause = min(_FIRST_PAUSE * 2**self._failures, _LONGEST_PAUSE)
        self.not_before = now + pause
        self._failures = min(self._failures + 1, 20)
        self._accepted = 0

    def wait(self, live: int, now: float) -> float:
        """Seconds until another connection may be opened; infinite if none may."""
        return max(self.not_before - now, 0.0) if live < self.allowed else inf
