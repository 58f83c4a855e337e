"""Keep a pace together: what one worker sends, the others have to wait for.

The database keeps for each relay and each domain when its next message may go. Whoever
lets some go puts that off by as long as they take at the given rate, and learns when its
own next turn is: after what the others have let go by then. So over any t seconds all of
them together let no more through than rate × t, and one portion each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.run.pace import Throttle

_PORTION = 0.05
"""Seconds that a portion takes at the given rate, so that the database is asked so often
at most; a portion is one message at least."""
_RESERVE = "SELECT reserve_pace(?, ?)"
_MISSED = 1.0
"""Seconds until it is tried again when the database did not answer; whatever is let go
meanwhile has to be written there first."""


@dataclass(slots=True)
class SharedBucket:
    """Implements `distribute.campaign.run.pace.Throttle` for many workers at once."""

    name: str
    """Whose rate it is: ``relay a``, ``domain example.org``."""
    rate: float
    reserve: Callable[[str, float], float]
    """Puts the next message off by so many seconds; gives in how many that is."""
    free_at: float = -inf
    """When the next message of this worker may go."""

    def allowance(self, now: float) -> int:
        """Count how many may go now."""
        return 0 if self.wait(now) else max(1, int(self.rate * _PORTION))

    def spend(self, count: int, now: float) -> None:
        """Note that so many go now, for everybody."""
        self.free_at = now + self.reserve(self.name, count / self.rate)

    def wait(self, now: float) -> float:
        """Seconds until one may go; 0 if it may now."""
        return max(self.free_at - now, 0.0)


def shared_buckets(
    connection: PostgresConnection, tell: Callable[[str], object]
) -> Callable[[str, float], Throttle]:
    """Give what makes the buckets of a `distribute.campaign.run.pace.Pace`."""

    def reserve(name: str, seconds: float) -> float:
        try:
            row = connection.execute(_RESERVE, (name, seconds)).fetchone()
        except Exception as error:  # noqa: BLE001 - an outage; nothing goes out meanwhile
            tell(f"the pace is not known: {str(error).partition(chr(10))[0]}")
            return _MISSED
        return float(row[0])

    return lambda name, rate: SharedBucket(name, rate, reserve)
