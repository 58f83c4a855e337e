"""Measured previews: from saving a post to its page, and one issue from nothing."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

from benchmarks.archive import Text
from benchmarks.builders import Ours
from benchmarks.machine import busyness, wait_until_quiet
from benchmarks.ours import distribute
from benchmarks.previewers import Previewer, at_work, editions_in
from benchmarks.processes import MeasurementError
from benchmarks.prose import ALL_LANGUAGES

COLD, AGAIN = "the first of an issue", "again, nothing changed"
_PAUSE = 0.3
"""Seconds between two changes, in which nobody has anything left to do."""
_TIMEOUT = 600.0


class Extent(NamedTuple):
    """How much is measured."""

    rounds: int
    changes: int
    """In each round, before each server."""
    patience: float = 60.0
    """Seconds to wait for the machine to be quiet, before each round."""


@dataclass(frozen=True, slots=True)
class Reloads:
    """What was measured, in seconds, and what failed or could not be had."""

    reloads: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """From saving to the first octet of the page, by the name of the previewer."""
    previews: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Whole runs of our ``preview``, by what was there before."""
    others: list[float] = field(default_factory=list)
    """Shares of a core that other programs used."""
    failures: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def median(self, name: str) -> float | None:
        """Give the median of a previewer's reloads; `None` without any."""
        found = self.reloads.get(name)
        return median(found) if found and name not in self.failures else None

    def worst(self, name: str) -> float | None:
        """Give the slowest."""
        found = self.reloads.get(name)
        return max(found) if found and name not in self.failures else None


def reload_in_turns(
    previewers: Sequence[Previewer],
    text: Text,
    reloads: Reloads,
    extent: Extent,
    *,
    say: Callable[[str], None],
) -> None:
    """Change a post so many times before each server, every other round backwards.

    Before a round it waits for the machine to be quiet, as long as `extent` says.
    The first change of each is not counted: whoever has just begun has more to load.
    """
    for number in range(extent.rounds):
        used = wait_until_quiet(extent.patience)
        reloads.others.append(used)
        say(f"Round {number + 1} of {extent.rounds}; others use {used:.0%} of a core.")
        for previewer in previewers if number % 2 == 0 else reversed(previewers):
            if previewer.name in reloads.failures:
                continue
            try:
                found = _reloads(previewer, text, number, extent.changes)
            except MeasurementError as error:
                reloads.failures[previewer.name] = str(error)
                say(f"  {previewer.name}: FAILED: {error}")
                continue
            reloads.reloads[previewer.name] += found
            shown = ", ".join(f"{1000 * each:.0f}" for each in found)
            say(f"  {previewer.name}: {shown} ms")


def preview_in_turns(
    ours: Ours, reloads: Reloads, extent: Extent, *, say: Callable[[str], None]
) -> None:
    """Preview the latest issue from nothing, and once more."""
    command = distribute(ours.folder, "preview")
    for _ in range(extent.rounds):
        wait_until_quiet(extent.patience)
        ours.forget()
        for scene in (COLD, AGAIN):
            before, own = busyness(), time.process_time()
            spent = command.measure(timeout=_TIMEOUT)
            used = busyness() - before - (time.process_time() - own) - spent.cpu
            if editions_in(spent.output) != len(ALL_LANGUAGES):
                raise MeasurementError("the preview lacks an edition")
            reloads.previews[scene].append(spent.seconds)
            reloads.others.append(max(used, 0) / spent.seconds)
            say(f"  preview, {scene}: {spent.seconds:.2f} s, {spent.cpu:.2f} CPU s")


def _reloads(
    previewer: Previewer, text: Text, number: int, changes: int
) -> list[float]:
    previewer.builder.write(text)
    page = previewer.page(text)
    taken = []
    with at_work(previewer, page, text.title) as port:
        for change in range(changes + 1):
            time.sleep(_PAUSE)
            words = f"Ferry {number + 1} has landed {change + 1} times."
            began = time.monotonic()
            previewer.builder.write(text.with_news(words))
            taken.append(previewer.wait(port, page, words) - began)
    return taken[1:]
