"""What building has shown, as Markdown tables."""

import time
from collections.abc import Iterator

from benchmarks.builders import HUGO, JEKYLL, OURS
from benchmarks.builds import Build, Builds, Scene
from benchmarks.tables import number, table, target_table
from benchmarks.targets import Target

_NOTES = (
    "Medians of {rounds} alternating rounds; processor time and peak memory (all"
    " processes together) are those of the cold build. Each writes a page per post, an"
    " index per language and feeds of the latest twenty posts per language, from the"
    " same texts; `distribute` also writes three kinds of feeds and their"
    " archives, and checks every link. Jekyll keeps what it made of Markdown, as it does by"
    " itself; its full build, and Hugo's, is the cold one. Other programs used at most {others:.0%} of a"
    " core meanwhile."
)
_MEGABYTE = 1e6


def markdown(
    builds: Builds, *, posts: int, octets: int, machine: str, rounds: int
) -> str:
    """Write everything that was measured, with the date and the machine."""
    day = time.strftime("%Y-%m-%d", time.gmtime())
    parts = [
        f"{day}, {machine}.",
        f"{posts:,} posts of {octets:,} octets in five languages, in seconds:",
        _time_table(builds),
        target_table(tuple(building_targets(builds))),
        _NOTES.format(rounds=rounds, others=builds.disturbance()),
    ]
    parts += [f"Without {name}: {why}." for name, why in builds.missing.items()]
    parts += [
        f"**Failed:** {name}: {why.splitlines()[-1]}."
        for name, why in builds.failures.items()
    ]
    return "\n\n".join(parts) + "\n"


def building_targets(builds: Builds) -> Iterator[Target]:
    """Say what is asked of our builds, in ratios to the others, and in megabytes."""
    jekyll, hugo = _named(builds, JEKYLL), _named(builds, HUGO)
    ours = _seconds(builds, Scene.COLD, OURS)
    changed = _seconds(builds, Scene.CHANGED, OURS)
    full = _seconds(builds, Scene.COLD, jekyll)
    yield Target("cold: times as fast as Jekyll", "×", 1.8, _ratio(full, ours))
    name = "cold: times as fast as Jekyll, the goal"
    yield Target(name, "×", 3, _ratio(full, ours))
    name = "one post changed: times as fast as Jekyll's full build"
    yield Target(name, "×", 20, _ratio(full, changed))
    to_hugo = _ratio(changed, _seconds(builds, Scene.COLD, hugo))
    name = "one post changed: time to that of Hugo's full build"
    yield Target(name, "×", 2, to_hugo, at_most=True)
    peaks = [_memory(builds, scene) or 0 for scene in Scene]
    yield Target(
        "peak memory", "MB", 250, max(peaks) if any(peaks) else None, at_most=True
    )


def _time_table(builds: Builds) -> str:
    lines = [["builder", *Scene, "CPU s", "peak MB"]]
    for builder in builds.builders():
        times = [_seconds(builds, scene, builder) for scene in Scene]
        cpu = builds.median(Scene.COLD, builder, lambda build: build.cpu)
        memory = builds.median(Scene.COLD, builder, _megabytes)
        lines.append(
            [
                f"**{builder}**" if builder == OURS else builder,
                *(number(seconds, ".2f") for seconds in times),
                number(cpu, ".1f"),
                number(memory, ".0f"),
            ]
        )
    return table(lines)


def _named(builds: Builds, name: str) -> str:
    """Find the builder of this name, whatever its version."""
    return next((each for each in builds.builders() if each.startswith(name)), name)


def _seconds(builds: Builds, scene: Scene, builder: str) -> float | None:
    return builds.median(scene, builder, lambda build: build.seconds)


def _memory(builds: Builds, scene: Scene) -> float | None:
    return builds.median(scene, OURS, _megabytes)


def _megabytes(build: Build) -> float:
    return build.memory / _MEGABYTE


def _ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one and other else None
