"""What whoever waits for a sending gets to see."""

import io

import pytest

from distribute.cli.live import Display
from distribute.cli.tally import Tally


class Watch:
    """A watch that shows what it is set to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def shown(*, on_terminal: bool, seconds: list[float], rate: int) -> str:
    """Show a sending of 100,000 at these seconds, `rate` of which end in each."""
    out, watch = io.StringIO(), Watch()
    display = Display(100_000, out, on_terminal=on_terminal, watch=watch)
    for watch.now in seconds:
        ended = int(watch.now * rate)
        display.show(Tally(0, accepted=ended - 10, deferred=10))
    display.end()
    return out.getvalue()


def test_a_log_gets_a_line_every_half_minute() -> None:
    """How many of how many, how they ended, how fast, and how long it will take."""
    text = shown(on_terminal=False, seconds=[n / 10 for n in range(601)], rate=400)
    assert text.splitlines() == [
        "12,000 of 100,000: 11,990 accepted, 10 deferred, 0 rejected, 400/s, 4 min left",
        "24,000 of 100,000: 23,990 accepted, 10 deferred, 0 rejected, 400/s, 3 min left",
    ]


def test_a_log_of_a_short_run_gets_none() -> None:
    """The summary says it all."""
    assert shown(on_terminal=False, seconds=[0, 5, 29], rate=400) == ""


def test_a_terminal_gets_a_line_that_lives() -> None:
    """It is written over itself ten times a second at most, and gone in the end."""
    text = shown(on_terminal=True, seconds=[n / 100 for n in range(1, 501)], rate=400)
    lines = text.split("\r\x1b[K")
    assert 40 <= len(lines) <= 52
    assert lines[-2].startswith("────────── 1% 1,9")
    assert lines[-2].endswith("accepted, 10 deferred, 0 rejected, 400/s, 4 min left")
    assert max(map(len, lines)) < 80
    assert lines[-1] == ""
    assert "\n" not in text


def test_the_rate_is_that_of_late() -> None:
    """After a quick beginning and a slow minute, the slow rate tells how long it takes."""
    out, watch = io.StringIO(), Watch()
    display = Display(2_000, out, on_terminal=False, watch=watch)
    for watch.now in map(float, range(121)):
        quick, slow = min(watch.now, 10.0) * 100, max(watch.now - 10.0, 0.0) * 0.5
        display.show(Tally(0, accepted=int(quick + slow)))
    assert "0.5/s, 30 min left" in out.getvalue().splitlines()[-1]


def test_more_than_were_expected_is_no_more_than_all() -> None:
    """Somebody who joins while it goes on counts, and the line still makes sense."""
    display = Display(10, io.StringIO(), on_terminal=False)
    line = display.line(Tally(0, accepted=12, uncertain=1), 0.0)
    assert line == "13 of 13: 12 accepted, 0 deferred, 0 rejected, 1 uncertain"


@pytest.mark.parametrize("columns", [20, 60])
def test_a_narrow_terminal_gets_one_line(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """What does not fit is cut off: a line that wraps could not be written over."""
    monkeypatch.setenv("COLUMNS", str(columns))
    text = shown(on_terminal=True, seconds=[1, 2, 3], rate=400)
    assert max(len(line) for line in text.split("\r\x1b[K")) == columns - 1
