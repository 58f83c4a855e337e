"""What importing has shown, as Markdown tables."""

import time
from collections.abc import Iterator

from benchmarks.importers import OURS, PLAIN, SQLITE_UTILS
from benchmarks.imports import Imports, Run, Scene
from benchmarks.tables import number, table, target_table
from benchmarks.targets import Target

_NOTES = (
    "Medians of {rounds} alternating rounds, start of the command included; memory is that"
    " of all processes together. `distribute` checks each address and language, never lets"
    " anybody come back who left, folds duplicates, keeps the evidence of consent and a"
    " history, and locks the list only once all has been read; the script splits lines and"
    " puts them into SQLite, and so does sqlite-utils. What only we do was measured once."
    " Other programs used at most {others:.0%} of a core meanwhile."
)
_ALONE = (Scene.DRY, Scene.LINES, Scene.EXPORT, Scene.PLAN)
_MEGABYTE = 1e6


def markdown(
    imports: Imports, *, people: int, many: int, machine: str, rounds: int
) -> str:
    """Write everything that was measured, with the date and the machine."""
    day = time.strftime("%Y-%m-%d", time.gmtime())
    parts = [
        f"{day}, {machine}.",
        f"A table of {people:,} subscribers into SQLite:",
        _import_table(imports),
        f"With these on the list, or for {many:,}:",
        _own_table(imports, many),
        target_table(tuple(audience_targets(imports, people=people, many=many))),
        _NOTES.format(rounds=rounds, others=imports.disturbance()),
    ]
    parts += [f"Without {name}: {why}." for name, why in imports.missing.items()]
    parts += [
        f"**Failed:** {name}: {why.splitlines()[-1]}."
        for name, why in imports.failures.items()
    ]
    return "\n\n".join(parts) + "\n"


def audience_targets(imports: Imports, *, people: int, many: int) -> Iterator[Target]:
    """Say what is asked of our imports."""
    ours = _seconds(imports, Scene.NEW, OURS)
    again = _seconds(imports, Scene.AGAIN, OURS)
    memory = imports.median(Scene.NEW, OURS, _megabytes)
    longer = imports.median(Scene.MANY, OURS, _megabytes)
    yield Target(f"import of {people:,}", "s", 20, ours, at_most=True)
    yield Target(f"the same {people:,} again", "s", 20, again, at_most=True)
    yield Target(f"peak memory, {people:,}", "MB", 150, memory, at_most=True)
    growth = longer / memory if longer and memory else None
    name = f"memory, {many:,} to {people:,}"
    yield Target(name, "×", 1.2, growth, at_most=True)
    plan = _seconds(imports, Scene.PLAN, OURS)
    yield Target(f"plan for {people:,}", "s", 3, plan, at_most=True)
    for peer, asked in ((PLAIN, 10.0), (SQLITE_UTILS, 1.5)):
        theirs = _seconds(imports, Scene.NEW, peer)
        ratio = ours / theirs if ours and theirs else None
        yield Target(f"import: time to that of {peer}", "×", asked, ratio, at_most=True)


def _import_table(imports: Imports) -> str:
    scenes = (Scene.NEW, Scene.AGAIN)
    lines = [["importer", *(f"{scene}, s" for scene in scenes), "peak MB"]]
    for name in imports.importers():
        times = [number(_seconds(imports, scene, name), ".2f") for scene in scenes]
        memory = number(imports.median(Scene.NEW, name, _megabytes), ".0f")
        lines.append([f"**{name}**" if name == OURS else name, *times, memory])
    return table(lines)


def _own_table(imports: Imports, many: int) -> str:
    lines = [["distribute", "s", "peak MB"]]
    for scene in (*_ALONE, Scene.MANY):
        name = f"import of {many:,}" if scene is Scene.MANY else str(scene)
        seconds = number(_seconds(imports, scene, OURS), ".2f")
        memory = number(imports.median(scene, OURS, _megabytes), ".0f")
        lines.append([name, seconds, memory])
    return table(lines)


def _seconds(imports: Imports, scene: Scene, importer: str) -> float | None:
    return imports.median(scene, importer, lambda run: run.seconds)


def _megabytes(run: Run) -> float:
    return run.memory / _MEGABYTE
