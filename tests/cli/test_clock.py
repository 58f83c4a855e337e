"""The clock of a run."""

import time
from datetime import UTC, datetime, timedelta

from distribute.audience.database import from_milliseconds, to_milliseconds
from distribute.cli.clock import running_clock


def test_a_fixed_clock_goes_on_from_there() -> None:
    """Whoever waits a second for an instant gets there, whatever year it is."""
    clock = running_clock(datetime(2001, 2, 3, tzinfo=UTC))
    first = clock()
    time.sleep(0.02)
    assert from_milliseconds(first).year == 2001
    assert 0 < clock() - first < 60_000


def test_the_real_clock_is_not_a_second_late() -> None:
    """What counts as now was read a while ago; the run goes by the real time."""
    clock = running_clock(datetime.now(UTC) - timedelta(seconds=5))  # noqa: TID251 - the real one
    assert abs(clock() - time.time() * 1000) < 1000  # noqa: TID251 - the real one


def test_no_clock_runs_backwards() -> None:
    """What was recorded before lies before, though the clock was set back since."""
    now = datetime(2026, 11, 6, 21, 20, tzinfo=UTC)
    later = to_milliseconds(now) + 90_000
    assert later < running_clock(now, after=later)() < later + 60_000
