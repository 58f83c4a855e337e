"""Whether a large list costs more memory than a small one, and how soon a run resumes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.newsletter import Newsletter
from benchmarks.ours import distribute
from benchmarks.processes import MeasurementError, Spent
from benchmarks.runs import Sinks
from benchmarks.scenes import SMALL_FAST
from benchmarks.sinks import Count
from benchmarks.targets import Target

_TIMEOUT = 3600.0
_LIMIT_REACHED = 75
"""Exit status of a run that ends before everybody is served."""
_MEGABYTE = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How the sender fares with a short list, a long one, and half of the long one."""

    few: int
    """Subscribers of the short list."""
    many: int
    memory_few: int
    """Peak octets of all its processes."""
    memory_many: int
    seconds_many: float
    """Of the whole command, with the long list."""
    resumed_after: float
    """Seconds from the start of the command to the first message at the sink."""

    def targets(self) -> Iterator[Target]:
        """Say what is asked of it."""
        megabytes, times = (
            self.memory_many / _MEGABYTE,
            f"memory, {self.many:,} readers",
        )
        growth = self.memory_many / self.memory_few
        yield Target(f"{times} to {self.few:,}", "×", 1.2, growth, at_most=True)
        yield Target(f"peak {times}", "MB", 60, megabytes, at_most=True)
        yield Target(
            f"until a half-sent {self.many:,} goes on",
            "s",
            3,
            self.resumed_after,
            at_most=True,
        )

    def told(self) -> str:
        """Put it into a sentence."""
        return (
            f"{self.many:,} small messages took {self.seconds_many:.0f} s, the start of"
            f" the command included, and {self.memory_many / _MEGABYTE:.0f} MB at the"
            f" peak ({self.few:,}: {self.memory_few / _MEGABYTE:.0f} MB); half-sent, the"
            f" run went on {self.resumed_after:.1f} s after its start."
        )


def measure_growth(
    newsletter: Newsletter,
    sinks: Sinks,
    *,
    few: int,
    many: int,
    say: Callable[[str], None],
) -> Growth:
    """Send small messages to a short and to a long list, and to the long one in halves.

    Raises `MeasurementError` if a message is lost or too many on the way.
    """
    newsletter.address(few)
    short, _ = _send(newsletter, sinks, few)
    say(f"  {few:,} readers: {short.together / _MEGABYTE:.1f} MB")
    newsletter.address(many)
    long, _ = _send(newsletter, sinks, many)
    say(f"  {many:,} readers: {long.together / _MEGABYTE:.1f} MB, {long.seconds:.1f} s")
    newsletter.address(many)
    half = many // 2
    _send(newsletter, sinks, half, "--limit", str(half))
    rest, arrived = _send(newsletter, sinks, many - half)
    after = arrived.first - rest.began
    say(f"  resumed at {half:,}: {rest.together / _MEGABYTE:.1f} MB, {after:.2f} s")
    return Growth(
        few=few,
        many=many,
        memory_few=short.together,
        memory_many=max(long.together, rest.together),
        seconds_many=long.seconds,
        resumed_after=after,
    )


def _send(
    newsletter: Newsletter, sinks: Sinks, expected: int, *options: str
) -> tuple[Spent, Count]:
    with sinks.open(SMALL_FAST) as sink:
        newsletter.configure(port=sink.port)
        command = distribute(
            newsletter.folder, "send", "1", "--sink", "smtp", "--yes", *options
        )
        spent = command.measure(timeout=_TIMEOUT, accepted=(0, _LIMIT_REACHED))
        count = sink.stop()
    if count.messages != expected:
        raise MeasurementError(f"{count.messages} of {expected} messages arrived")
    return spent, count
