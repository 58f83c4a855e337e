"""What whoever waits for a sending gets to see."""

import errno
import io

import pytest

from distribute.cli.sending.live import Display, live
from distribute.cli.sending.tally import Tally


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
        display.show(tally_of(int(watch.now * rate)))
    display.end()
    return out.getvalue()


def tally_of(ended: int, *, deferred: int = 10) -> Tally:
    """Count so many deliveries that have ended, some of which are put off."""
    accepted = ended - deferred
    return Tally(0, attempts=ended, accepted=accepted, deferred=deferred)


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
        display.show(tally_of(int(quick + slow), deferred=0))
    assert "0.5/s, 30 min left" in out.getvalue().splitlines()[-1]


def test_more_than_were_expected_is_no_more_than_all() -> None:
    """Somebody who joins while it goes on counts, and the line still makes sense."""
    display = Display(10, io.StringIO(), on_terminal=False)
    line = display.line(Tally(0, accepted=12, uncertain=1), 0.0)
    assert line == "13 of 13: 12 accepted, 0 deferred, 0 rejected, 1 uncertain"


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (
            80,
            "────────── 1% 1,190 accepted, 10 deferred, 0 rejected, 400/s, 4 min left",
        ),
        (70, "1% 1,190 accepted, 10 deferred, 0 rejected, 400/s, 4 min left"),
        (20, "1% 1,190 accepted, "),
    ],
)
def test_a_narrow_terminal_gets_one_line(
    monkeypatch: pytest.MonkeyPatch, columns: int, line: str
) -> None:
    """The bar goes first, then the end: a line that wraps could not be written over."""
    monkeypatch.setenv("COLUMNS", str(columns))
    text = shown(on_terminal=True, seconds=[1, 2, 3], rate=400)
    assert text.split("\r\x1b[K")[-2] == line


def test_it_is_said_that_nothing_happens() -> None:
    """A server that keeps silent is not mistaken for a program that hangs."""
    out, watch = io.StringIO(), Watch()
    display = Display(100, out, on_terminal=False, watch=watch)
    for watch.now in map(float, range(91)):
        display.show(tally_of(min(int(watch.now), 20), deferred=0))
    assert out.getvalue().splitlines() == [
        "20 of 100: 20 accepted, 0 deferred, 0 rejected, nothing new for 10 s",
        "20 of 100: 20 accepted, 0 deferred, 0 rejected, nothing new for 40 s",
        "20 of 100: 20 accepted, 0 deferred, 0 rejected, nothing new for 1 min 10 s",
    ]


def test_it_is_said_what_is_waited_for() -> None:
    """When only those are left whom the server has put off, there is nothing to count."""
    display = Display(100, io.StringIO(), on_terminal=False)
    line = display.line(tally_of(100), 0.0)
    assert line.endswith(
        "90 accepted, 10 deferred, 0 rejected, waiting for those deferred"
    )


class Closed(io.StringIO):
    """A terminal that has been closed, or a pipe from which nobody reads any more."""

    def write(self, _text: str) -> int:
        raise OSError(errno.EIO, "Input/output error")


def test_who_cannot_be_told_is_not_told() -> None:
    """A sending goes on when nobody can see it any more."""
    display = Display(100, Closed(), on_terminal=True, watch=iter(range(9)).__next__)
    display.show(tally_of(20))
    display.show(tally_of(40))
    display.end()


@pytest.mark.parametrize(
    ("term", "is_drawn"), [("xterm-256color", True), ("dumb", False)]
)
def test_a_dumb_terminal_gets_lines(
    monkeypatch: pytest.MonkeyPatch, term: str, *, is_drawn: bool
) -> None:
    """Only where a line can be written over is one drawn."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", term)
    with live(100) as show:
        show(tally_of(20))
    assert bool(screen.getvalue()) is is_drawn
