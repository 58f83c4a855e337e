"""What has been measured, and the medians of it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.runs import Run
from benchmarks.scenes import Scene

Key = tuple[Scene, str]
"""A scene, and the name of a sender."""


def name_of(scene: Scene, client: str) -> str:
    """Name the runs of one sender in one scene."""
    return f"{scene.name}: {client}"


@dataclass(frozen=True, slots=True)
class Results:
    """All runs by scene and sender, and what failed or could not be had."""

    runs: dict[Key, list[Run]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[str, str] = field(default_factory=dict)
    """What went wrong, by the name of the run: ``small, fast sink: distribute``."""
    missing: dict[str, str] = field(default_factory=dict)
    """Senders and sinks that are not to be had here, with the reason."""

    def of(self, scene: Scene, client: str) -> Sequence[Run]:
        """Give the runs of one sender in one scene; none if one of them failed."""
        if name_of(scene, client) in self.failures:
            return ()
        return self.runs.get((scene, client), ())

    def median(
        self, scene: Scene, client: str, what: Callable[[Run], float]
    ) -> float | None:
        """Give the median over the rounds; `None` where nothing was measured."""
        runs = self.of(scene, client)
        return median(map(what, runs)) if runs else None

    def clients(self) -> Sequence[str]:
        """List the senders in the order in which they were first measured."""
        return tuple(dict.fromkeys(client for _, client in self.runs))

    def disturbance(self) -> float:
        """Give the largest share of a core that others used in any of the runs."""
        every = [run.others for runs in self.runs.values() for run in runs]
        return max(every, default=0)
