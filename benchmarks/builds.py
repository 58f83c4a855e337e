"""Measured builds: cold, again without a change, and with one post changed."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median

from benchmarks.archive import Text
from benchmarks.builders import Builder
from benchmarks.machine import busyness, wait_until_quiet
from benchmarks.processes import MeasurementError
from benchmarks.prose import ALL_LANGUAGES

_TIMEOUT = 1800.0
"""Seconds after which a build is given up."""


class Scene(StrEnum):
    """What the folder is like when a build begins."""

    COLD = "cold"
    WARM = "nothing changed"
    CHANGED = "one post changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """What one build took."""

    seconds: float
    cpu: float
    memory: int
    """Peak octets of all its processes."""
    others: float
    """Share of a core that other programs used meanwhile."""


@dataclass(frozen=True, slots=True)
class Builds:
    """All builds by scene and builder, and what failed or could not be had."""

    made: dict[tuple[Scene, str], list[Build]] = field(
        default_factory=lambda: defaultdict(list)
    )
    failures: dict[str, str] = field(default_factory=dict)
    """What went wrong, by the name of the builder; it is not compared."""
    missing: dict[str, str] = field(default_factory=dict)
    """Builders that are not to be had here, with the reason."""

    def median(
        self, scene: Scene, builder: str, what: Callable[[Build], float]
    ) -> float | None:
        """Give the median over the rounds; `None` where nothing was measured."""
        builds = self.made.get((scene, builder), [])
        known = builds and builder not in self.failures
        return median(map(what, builds)) if known else None

    def builders(self) -> Sequence[str]:
        """List the builders in the order in which they were first measured."""
        return tuple(dict.fromkeys(builder for _, builder in self.made))

    def disturbance(self) -> float:
        """Give the largest share of a core that others used in any build."""
        every = [build.others for builds in self.made.values() for build in builds]
        return max(every, default=0)


def build_in_turns(
    builders: Sequence[Builder],
    texts: Sequence[Text],
    builds: Builds,
    *,
    rounds: int,
    say: Callable[[str], None],
    patience: float = 60.0,
) -> None:
    """Let each build in all scenes, round after round, every other round backwards.

    Before a round it waits up to `patience` seconds for the machine to be quiet.
    A builder that fails, or whose site lacks a page or a feed, is out of the game.
    """
    for number in range(rounds):
        used = wait_until_quiet(patience)
        say(f"Round {number + 1} of {rounds}; others use {used:.0%} of a core.")
        for builder in builders if number % 2 == 0 else reversed(builders):
            if builder.name in builds.failures:
                continue
            try:
                _build_all(builder, texts, builds, number, say)
            except MeasurementError as error:
                builds.failures[builder.name] = str(error)
                say(f"  {builder.name}: FAILED: {error}")


def _build_all(
    builder: Builder,
    texts: Sequence[Text],
    builds: Builds,
    number: int,
    say: Callable[[str], None],
) -> None:
    news = f"The ferry of round {number + 1} has arrived."
    changed = texts[len(texts) // 2]
    builder.write(changed)
    builder.forget()
    for scene in Scene:
        if scene is Scene.CHANGED:
            builder.write(changed.with_news(news))
        build = _measured(builder)
        builds.made[scene, builder.name].append(build)
        say(
            f"  {scene}: {builder.name}: {build.seconds:.2f} s, {build.cpu:.2f} CPU s,"
            f" {build.memory / 1e6:.0f} MB, others {build.others:.0%}"
        )
        _check(builder, texts)
    if news not in builder.read(builder.page(changed)):
        raise MeasurementError("the changed post is not on its page")


def _measured(builder: Builder) -> Build:
    before, own = busyness(), time.process_time()
    spent = builder.command.measure(timeout=_TIMEOUT)
    used = busyness() - before - (time.process_time() - own) - spent.cpu
    return Build(
        seconds=spent.seconds,
        cpu=spent.cpu,
        memory=spent.together,
        others=max(used, 0) / spent.seconds,
    )


def _check(builder: Builder, texts: Sequence[Text]) -> None:
    """Make sure that every text has its page, with its words, and there are feeds."""
    for text in texts:
        last_words = text.body.rstrip(".。*\n")[-8:]
        if last_words not in builder.read(builder.page(text)):
            raise MeasurementError(f"{builder.page(text)} is missing or incomplete")
    newest = max(texts, key=lambda text: text.issue)
    for language in ALL_LANGUAGES:
        if newest.title not in builder.read(builder.feed(language)):
            raise MeasurementError(f"{builder.feed(language)} lacks the latest post")
