"""How much one rendering of a newsletter's own templates may do, so that none runs on.

Every turn of a loop and every call is a step; every text or list that is made has a size.
What could make much of little is measured before it is done.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from math import prod

from jinja2.exceptions import SecurityError

MOST_STEPS = 200_000
"""What one rendering may count, loop and call."""
MOST_CHARACTERS = 50_000_000
"""The most that one rendering may write and make on the way, characters and things."""

_WIDE = re.compile(
    r"%(?:\([^()]*\))?[^a-zA-Z%()]{0,40}(?:\d{4}|\*)"
    r"|\{[^{}:]{0,80}:[^{}]{0,80}(?:\d{4}|\{)"
)
"""A format that pads by thousands, or by as much as another value tells."""
_DEEPEST = 4
_THING = 100
"""Characters that one thing in a list counts for."""
_FORMATS = frozenset({"%", "format", "format_map"})


class Ration:
    """What is left of it for one rendering."""

    def __init__(self) -> None:
        self._steps = MOST_STEPS
        self._characters = MOST_CHARACTERS

    def step(self, steps: int = 1) -> None:
        """Count steps; raises `SecurityError` when there were too many."""
        self._steps -= steps
        if self._steps < 0:
            raise SecurityError(f"it loops and calls more than {MOST_STEPS} times")

    def each(self, things: Iterable[object]) -> Iterator[object]:
        """Go through things, a step each."""
        for thing in things:
            self.step()
            yield thing

    def pieces(self, pieces: Iterable[str]) -> Iterator[str]:
        """Hand pieces of text on, and count their size."""
        for piece in pieces:
            self.take(piece)
            yield piece

    def range(self, *bounds: int) -> range:
        """Count numbers as ``range`` does, a step each."""
        numbers = range(*bounds)
        self.step(len(numbers[: MOST_STEPS + 1]))
        return numbers

    def take(self, value: object) -> None:
        """Count the size of what was made; raises `SecurityError` as `step`."""
        self._take(size_of(value))

    def look_through(self, values: Iterable[object]) -> None:
        """Count what is read, be it ever so often; raises as `take`."""
        self._take(sum(len(each) for each in values if isinstance(each, Sized)))

    def _take(self, size: int) -> None:
        self._characters -= size
        if self._characters < 0:
            raise SecurityError(f"it makes more than {MOST_CHARACTERS} characters")


_ration: ContextVar[Ration] = ContextVar("ration")


@contextmanager
def rationed() -> Iterator[Ration]:
    """Give what happens within a ration of its own."""
    ration = Ration()
    token = _ration.set(ration)
    try:
        yield ration
    finally:
        _ration.reset(token)


def ration() -> Ration:
    """Give the ration of this rendering; outside of any, a new one."""
    return _ration.get(None) or Ration()


def admit(does: str, *values: object) -> None:
    """Refuse what would make too much of these; raises `SecurityError`."""
    formats = does in _FORMATS and isinstance(values[0], str)
    if formats and _WIDE.search(str(values[0])):
        raise SecurityError(f"{does} would make too much of it: it pads by thousands")
    if prod(_weight(value, in_text=formats) for value in values) > MOST_CHARACTERS:
        raise SecurityError(f"{does} would make too much of it")


def _weight(value: object, *, in_text: bool) -> int:
    """Measure how often something may be repeated, or how much of it there is."""
    if isinstance(value, int) and not in_text:
        return max(abs(value), 1)
    return max(size_of(value), 1)


def size_of(value: object, depth: int = 0) -> int:
    """Measure a text by its length, and things by the sum of what is in them."""
    if isinstance(value, (str, bytes, range)):
        return len(value)
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)) and depth < _DEEPEST:
        return _THING * len(value) + sum(size_of(each, depth + 1) for each in value)
    return 1
