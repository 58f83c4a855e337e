"""How far workers are, drawn for a terminal: it stays in its place while numbers change."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from operator import attrgetter
from textwrap import wrap
from typing import NamedTuple

from distribute.campaign.campaign import State
from distribute.campaign.fleet.batch import FrozenState
from distribute.campaign.fleet.progress import Deliveries, Hand, Overview
from distribute.cli.fleet.limits import Limit
from distribute.cli.fleet.view import (
    DASH,
    advice,
    alarms,
    headline,
    in_hand,
    rate,
    time_left,
)
from distribute.cli.terminal.words import duration, many
from distribute.render.characters import clean
from distribute.render.text.width import display_width

_ENDS = (State.ACCEPTED, State.DEFERRED, State.REJECTED, State.UNCERTAIN)
_GAP = " " * 5
_RATE = 8
"""Columns of a rate: ``12,345/s``."""
_BATCH, _NAME = 7, 12
"""Columns of a batch and of a worker's name, at least."""
_MOST_LIMITS = 6
"""Limits that are shown."""
_FEW = 3
"""Workers that are shown, however low the window is."""


class Line(NamedTuple):
    """A line of the picture."""

    text: str
    is_strong: bool = False
    """Whether to make it stand out; it can be understood without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a picture is drawn into."""

    width: int
    height: int
    bar: tuple[str, str] = ("━", "─")
    """What is done, and what is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Painter:
    """Draws campaigns."""

    command: Callable[[str], str]
    """Writes a command, to be typed as it is."""
    limits: Sequence[Limit] = ()

    def paint(self, overview: Overview, now: int, frame: Frame) -> Iterator[Line]:
        """Draw one, alarms first; `now` is in milliseconds since 1970."""
        lines = [Line(headline(overview), is_strong=True)]
        for alarm in alarms(overview):
            lines += notice(alarm, frame)
        for words in advice(overview, self.command):
            lines += _wrapped(words, "  ", frame)
        rows = ["", _bar(overview.deliveries, frame), "", *_numbers(overview, now)]
        if not overview.handed.is_over:
            if limits := self._limits(overview):
                rows += ["", *limits]
            room = frame.height - len(lines) - len(rows) - 3
            rows += _workers(overview, max(room, _FEW), frame)
        yield from lines
        yield from map(Line, rows)

    def _limits(self, overview: Overview) -> Sequence[str]:
        if overview.handed.sink != "smtp":
            return []
        shown = self.limits[:_MOST_LIMITS]
        width = max((display_width(limit.words) for limit in shown), default=0)
        rows = [
            f"{_left(limit.words, width)}  {rate(limit.per_second):>{_RATE}}"
            f"{'  holds back' if limit.name in overview.held_back else ''}"
            for limit in shown
        ]
        if more := len(self.limits) - len(shown):
            rows.append(f"and {more} more")
        heads = ["at most", *[""] * len(rows)]
        return [f"  {head:9}{row}" for head, row in zip(heads, rows, strict=False)]


def notice(words: str, frame: Frame) -> Iterator[Line]:
    """Say what somebody ought to know at once."""
    for line in _wrapped(words, "! ", frame):
        yield line._replace(is_strong=True)


def _wrapped(words: str, mark: str, frame: Frame) -> Iterator[Line]:
    width = max(frame.width - len(mark) - 1, 20)
    for text in wrap(clean(words), width, break_on_hyphens=False):
        yield Line(f"{mark}{text}")
        mark = " " * len(mark)


def _bar(deliveries: Deliveries, frame: Frame) -> str:
    """Draw how much of it has ended."""
    total = many(deliveries.total)
    counts = f"{many(deliveries.ended):>{len(total)}} of {total}"
    width = max(min(frame.width - len(counts) - 11, 60), 10)
    done = deliveries.ended / max(deliveries.total, 1)
    full = int(width * done)
    ended, open_ = frame.bar
    return f"  {ended * full}{open_ * (width - full)}  {int(done * 100):3}%  {counts}"


def _numbers(overview: Overview, now: int) -> Iterator[str]:
    """Count deliveries and batches, and say how long it takes, in three columns."""
    deliveries, batches = overview.deliveries, overview.batches
    ends = [(str(state), many(deliveries.about(state))) for state in _ENDS]
    ends.append(("to come", many(deliveries.to_come)))
    cut = [
        ("done", many(batches.done)),
        ("in hand", many(batches.in_hand)),
        ("waiting", many(batches.waiting)),
        ("for later", many(batches.later)),
        ("cancelled", many(batches.cancelled)),
    ]
    widest = max(len(many(deliveries.total)), 6)
    people, shown = _column(ends, widest), _column(cut, 6)
    head = "deliveries, about" if any(deliveries.since.values()) else "deliveries"
    heads = [(head, len(people[0])), ("batches", len(shown[0]))]
    yield f"  {_GAP.join(f'{head:{width}}' for head, width in heads)}".rstrip()
    pace = _pace(overview, now)
    for left, middle, right in zip_longest(people, shown, pace, fillvalue=""):
        yield f"  {_GAP.join([left, middle, right])}".rstrip()


def _pace(overview: Overview, now: int) -> Sequence[str]:
    handed, next_due = overview.handed, overview.batches.next_due
    if handed.is_over:
        return []
    again = DASH if next_due is None else duration(max(next_due - now, 0) / 1000)
    is_resting = handed.state is FrozenState.PAUSED and not overview.batches.in_hand
    return [
        f"rate       {DASH if is_resting else rate(overview.per_second)}",
        f"time left  {time_left(overview)}",
        f"so far     {duration(max(now - handed.at, 0) / 1000)}",
        f"next due   {again}",
    ]


def _column(pairs: Sequence[tuple[str, str]], width: int) -> Sequence[str]:
    """Put names at the left and numbers at the right."""
    names = max(len(name) for name, _ in pairs)
    return [f"{name:{names}}  {number:>{width}}" for name, number in pairs]


def _workers(overview: Overview, room: int, frame: Frame) -> Iterator[str]:
    """Write a line for each, as many as there is room for."""
    hands = sorted([*overview.missing, *overview.workers], key=attrgetter("name"))
    if not hands:
        return
    shown = hands if len(hands) <= room else hands[: room - 1]
    batches = [in_hand(hand) for hand in shown]
    named = max(_NAME, *(display_width(hand.name) for hand in shown))
    name = min(named, max(frame.width - 2 - _RATE - 30, _NAME))
    batch = max(_BATCH, *map(len, batches))
    yield ""
    yield f"  {'worker':{name}}  {'batch':{batch}}  {'rate':>{_RATE}}  there for"
    for hand, said in zip(shown, batches, strict=True):
        shortened = _left(_shortened(hand.name, name), name)
        yield (
            f"  {shortened}  {said:{batch}}"
            f"  {_rate_of(hand):>{_RATE}}  {_presence(hand)}"
        )
    if len(shown) < len(hands):
        yield f"  and {many(len(hands) - len(shown))} more"


def _rate_of(hand: Hand) -> str:
    return rate(hand.per_second) if hand.campaign else DASH


def _presence(hand: Hand) -> str:
    if hand.is_silent:
        return f"silent for {duration(hand.silence / 1000)}"
    return duration(max(hand.seen + hand.silence - hand.began, 0) / 1000)


def _shortened(name: str, width: int) -> str:
    """Leave out the middle of a long name: its process stands at the end."""
    if display_width(name) <= width:
        return name
    tail = name[-(width // 2) :]
    return f"{name[: width - len(tail) - 1]}…{tail}"


def _left(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))
