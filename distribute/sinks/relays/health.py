"""Decide when a relay that failed is tried again: after growing rests, with one message."""

from dataclasses import dataclass
from math import inf

from distribute.errors import DeliveryError

FIRST_REST, LONGEST_REST = 5.0, 300.0
"""Seconds for which a relay is left alone; doubled each time, until it serves somebody."""


@dataclass(slots=True)
class Health:
    """How a relay fares. All times are seconds of one monotonic clock, handed in."""

    failure: DeliveryError | None = None
    """Why it failed, if it has not served anybody since."""
    until: float = -inf
    """When its rest ends, or has ended."""
    _failures: int = 0
    """How many there were in a row."""

    def failed(self, error: DeliveryError, now: float) -> None:
        """Let it rest."""
        self.failure = error
        self.until = now + min(FIRST_REST * 2**self._failures, LONGEST_REST)
        self._failures = min(self._failures + 1, 20)

    def served(self) -> None:
        """Note that it works."""
        self.failure, self._failures = None, 0

    def is_resting(self, now: float) -> bool:
        """Whether it is to be left alone."""
        return now < self.until

    @property
    def is_doubtful(self) -> bool:
        """Whether it has to show first that it works again."""
        return self.failure is not None
