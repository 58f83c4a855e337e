"""What previewing has shown, as Markdown tables."""

import time
from collections.abc import Iterator
from statistics import median

from benchmarks.builders import HUGO, JEKYLL, OURS
from benchmarks.reloads import AGAIN, COLD, Reloads
from benchmarks.tables import number, table, target_table
from benchmarks.targets import Target

_NOTES = (
    "Medians of {count} changes of the latest post in {rounds} alternating rounds, from the"
    " moment it is saved to the first octet of the page that shows the change; whole runs"
    " are medians of as many. Hugo and Jekyll write one page of HTML for a post. `distribute`"
    " lays out the e-mail, in five languages, with its CSS inlined, as inbox line, desktop,"
    " phone, dark, without pictures and styles, its text part, headers and feed entries,"
    " checks all of it, and tells the browser; the others are asked every 2 ms, sooner than"
    " a browser would hear. Other programs used at most {others:.0%} of a core meanwhile."
)


def markdown(reloads: Reloads, *, posts: int, machine: str, rounds: int) -> str:
    """Write everything that was measured, with the date and the machine."""
    day = time.strftime("%Y-%m-%d", time.gmtime())
    count = max((len(each) for each in reloads.reloads.values()), default=0)
    parts = [
        f"{day}, {machine}.",
        f"A newsletter of {posts:,} posts in five languages; after saving one, in"
        " milliseconds:",
        _reload_table(reloads),
        "`distribute preview` of one issue in five languages, the whole run:",
        _preview_table(reloads),
        target_table(tuple(previewing_targets(reloads))),
        _NOTES.format(
            count=count, rounds=rounds, others=max(reloads.others, default=0)
        ),
    ]
    parts += [f"Without {name}: {why}." for name, why in reloads.missing.items()]
    parts += [
        f"**Failed:** {name}: {why.splitlines()[-1]}."
        for name, why in reloads.failures.items()
    ]
    return "\n\n".join(parts) + "\n"


def previewing_targets(reloads: Reloads) -> Iterator[Target]:
    """Say what is asked of our previews."""
    ours = reloads.median(OURS)
    yield Target(
        "first octet after saving", "ms", 300, _milliseconds(ours), at_most=True
    )
    cold = reloads.previews.get(COLD)
    name = "preview of one issue in five languages"
    yield Target(name, "s", 2, median(cold) if cold else None, at_most=True)
    jekyll = reloads.median(_named(reloads, JEKYLL))
    name = "after saving: times as fast as Jekyll's server"
    yield Target(name, "×", 1, jekyll / ours if jekyll and ours else None)
    hugo = reloads.median(_named(reloads, HUGO))
    name = "after saving: time to that of Hugo's server"
    yield Target(name, "×", 2, ours / hugo if hugo and ours else None, at_most=True)


def _reload_table(reloads: Reloads) -> str:
    lines = [["previewer", "median", "slowest"]]
    for name in reloads.reloads:
        figures = (reloads.median(name), reloads.worst(name))
        shown = f"**{name}**" if name == OURS else name
        cells = [number(_milliseconds(each), ".0f") for each in figures]
        lines.append([shown, *cells])
    return table(lines)


def _preview_table(reloads: Reloads) -> str:
    lines = [["run", "seconds"]]
    for scene in (COLD, AGAIN):
        found = reloads.previews.get(scene)
        lines.append([scene, number(median(found) if found else None, ".2f")])
    return table(lines)


def _named(reloads: Reloads, name: str) -> str:
    """Find the previewer of this name, whatever its version."""
    return next((each for each in reloads.reloads if each.startswith(name)), name)


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else 1000 * seconds
