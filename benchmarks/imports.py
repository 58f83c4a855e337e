"""Measured imports: into an empty list, the same table again, and what else we do."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from statistics import median

from benchmarks.importers import Importer, Ours
from benchmarks.machine import busyness, wait_until_quiet
from benchmarks.processes import Command, MeasurementError

_TIMEOUT = 1800.0


class Scene(StrEnum):
    """What is done."""

    NEW = "new list"
    AGAIN = "same again"
    DRY = "import --dry-run"
    LINES = "import of JSON Lines"
    EXPORT = "export to JSON Lines"
    PLAN = "plan"
    MANY = "a longer list"


@dataclass(frozen=True, slots=True)
class People:
    """A list of people in a file."""

    table: Path
    count: int


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took."""

    seconds: float
    memory: int
    """Peak octets of all its processes."""
    others: float
    """Share of a core that other programs used meanwhile."""


@dataclass(frozen=True, slots=True)
class Imports:
    """All runs by scene and importer, and what failed or could not be had."""

    runs: dict[tuple[Scene, str], list[Run]] = field(
        default_factory=lambda: defaultdict(list)
    )
    failures: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def median(
        self, scene: Scene, importer: str, what: Callable[[Run], float]
    ) -> float | None:
        """Give the median over the rounds; `None` where nothing was measured."""
        runs = self.runs.get((scene, importer), [])
        known = runs and importer not in self.failures
        return median(map(what, runs)) if known else None

    def importers(self) -> Sequence[str]:
        """List the importers in the order in which they were first measured."""
        return tuple(dict.fromkeys(importer for _, importer in self.runs))

    def disturbance(self) -> float:
        """Give the largest share of a core that others used in any run."""
        every = [run.others for runs in self.runs.values() for run in runs]
        return max(every, default=0)


def import_in_turns(
    importers: Sequence[Importer],
    people: People,
    imports: Imports,
    *,
    rounds: int,
    say: Callable[[str], None],
    patience: float = 60.0,
) -> None:
    """Let each import a table and import it again, every other round backwards.

    Whoever fails, or has not everybody on the list, is out of the game.
    """
    for number in range(rounds):
        used = wait_until_quiet(patience)
        say(f"Round {number + 1} of {rounds}; others use {used:.0%} of a core.")
        for importer in importers if number % 2 == 0 else reversed(importers):
            if importer.name in imports.failures:
                continue
            importer.forget()
            try:
                for scene in (Scene.NEW, Scene.AGAIN):
                    command = importer.command(people.table)
                    measure(scene, importer.name, command, imports, say)
                    _insist(importer, people.count)
            except MeasurementError as error:
                imports.failures[importer.name] = str(error)
                say(f"  {importer.name}: FAILED: {error}")


def measure_ours(
    ours: Ours,
    people: People,
    imports: Imports,
    *,
    longer: People,
    say: Callable[[str], None],
) -> None:
    """Measure what only we do: a dry run, JSON Lines, a plan; and a longer list."""
    lines = ours.folder / "list.jsonl"
    export = ("audience", "export", "--format", "jsonl", "-o", str(lines))
    try:
        ours.forget()
        dry = ours.run("audience", "import", "--dry-run", str(people.table))
        measure(Scene.DRY, ours.name, dry, imports, say)
        ours.command(people.table).run()
        measure(Scene.PLAN, ours.name, ours.shown("plan", "1"), imports, say)
        measure(Scene.EXPORT, ours.name, ours.run(*export), imports, say)
        ours.forget()
        measure(Scene.LINES, ours.name, ours.command(lines), imports, say)
        _insist(ours, people.count)
        ours.forget()
        measure(Scene.MANY, ours.name, ours.command(longer.table), imports, say)
        _insist(ours, longer.count)
    except MeasurementError as error:
        imports.failures[ours.name] = str(error)
        say(f"  {ours.name}: FAILED: {error}")


def measure(
    scene: Scene,
    name: str,
    command: Command,
    imports: Imports,
    say: Callable[[str], None],
) -> None:
    """Run a command to its end and note what it took."""
    before, own = busyness(), time.process_time()
    spent = command.measure(timeout=_TIMEOUT)
    used = busyness() - before - (time.process_time() - own) - spent.cpu
    run = Run(spent.seconds, spent.together, max(used, 0) / spent.seconds)
    imports.runs[scene, name].append(run)
    say(
        f"  {scene}: {name}: {run.seconds:.2f} s, {run.memory / 1e6:.0f} MB,"
        f" others {run.others:.0%}"
    )


def _insist(importer: Importer, people: int) -> None:
    found = importer.count()
    if found != people:
        raise MeasurementError(f"{found} of {people} people are on the list")
