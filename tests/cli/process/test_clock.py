"""The clock of a run."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from distribute.audience.database.database import from_milliseconds, to_milliseconds
from distribute.cli.invocation import Invocation
from distribute.cli.process.clock import growing, running_clock


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
    before = time.time() * 1000  # noqa: TID251 - the real one
    shown = clock()
    after = time.time() * 1000  # noqa: TID251 - the real one
    assert before - 1000 < shown < after + 1000


def test_no_clock_runs_backwards() -> None:
    """What was recorded before lies before, though the clock was set back since."""
    now = datetime(2026, 11, 6, 21, 20, tzinfo=UTC)
    later = to_milliseconds(now) + 90_000
    assert later < running_clock(now, after=later)() < later + 60_000


def test_a_clock_that_is_set_back_goes_on_from_where_it_was() -> None:
    """Whatever happens later in a run is recorded as later."""
    shown = iter([1_000, 1_500, 200, 700, 5_000])
    clock = growing(lambda: next(shown))
    assert [clock() for _ in range(4)] == [1_500, 1_500, 2_000, 6_300]


def test_what_counts_as_now_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """After what took long; whoever waited for an instant does not go back behind it."""
    shown = []
    invocation = Invocation(Path(), as_json=False, now=datetime.fromtimestamp(20, UTC))
    for clock in ("10", "30", "25"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", clock)
        invocation.catch_up()
        shown.append(int(invocation.now.timestamp()))
    assert shown == [20, 30, 30]
