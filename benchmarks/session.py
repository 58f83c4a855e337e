"""One session of measuring: make everything ready, let all take turns, report."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.clients import PEERS, Client, ours
from benchmarks.machine import describe
from benchmarks.material import Material, make_material
from benchmarks.memory import Growth, measure_growth
from benchmarks.newsletter import Size
from benchmarks.processes import MeasurementError
from benchmarks.report import markdown
from benchmarks.results import Results, name_of
from benchmarks.rounds import take_turns
from benchmarks.runs import Sinks
from benchmarks.scenes import SCENES, Kind


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is sent to find out."""

    rounds: int
    seconds: float
    """How long each run lasts, about."""
    few: int
    """How many subscribers the short list has when memory is measured."""
    many: int
    """How many the long one has."""


FULL = Effort(rounds=5, seconds=3, few=10_000, many=1_000_000)
QUICK = Effort(rounds=1, seconds=0.4, few=5_000, many=50_000)


@dataclass(frozen=True, slots=True)
class Session:
    """Where and how hard to measure, and what."""

    folder: Path
    effort: Effort
    only: re.Pattern[str]
    """Names of runs must match it: ``small, fast sink: distribute``."""
    say: Callable[[str], None]
    """Takes a line about what is going on."""

    def hold(self) -> tuple[str, Results]:
        """Measure, and write it down in Markdown."""
        results = Results()
        material = make_material(self.folder)
        sinks = Sinks(self.folder)
        results.missing.update(sinks.missing)
        clients = self._clients(material, results)
        for name, why in results.missing.items():
            self.say(f"Going without {name}: {why}")
        pairs = [
            (scene, client)
            for scene in SCENES
            for client in clients
            if sinks.has(scene.kind) and scene in client.scenes
            if self._wants(name_of(scene, client.name))
        ]
        effort = self.effort
        take_turns(
            pairs,
            sinks,
            results,
            rounds=effort.rounds,
            seconds=effort.seconds,
            say=self.say,
        )
        growth = self._growth(material, sinks, results)
        text = markdown(
            results,
            growth,
            octets=material.octets,
            machine=describe(self.folder),
            rounds=effort.rounds,
        )
        return text, results

    def _clients(self, material: Material, results: Results) -> list[Client]:
        """Gather the senders that can be had here."""
        clients = list(ours(material))
        for peer in PEERS:
            try:
                clients += peer(material, self.folder)
            except MeasurementError as error:
                results.missing[peer.__name__] = str(error)
        return clients

    def _growth(
        self, material: Material, sinks: Sinks, results: Results
    ) -> Growth | None:
        if not (sinks.has(Kind.FAST) and self._wants("memory")):
            return None
        newsletter = material.newsletters[Size.SMALL]
        effort = self.effort
        try:
            return measure_growth(
                newsletter, sinks, few=effort.few, many=effort.many, say=self.say
            )
        except MeasurementError as error:
            results.failures["memory"] = str(error)
            self.say(f"memory: FAILED: {error}")
            return None

    def _wants(self, name: str) -> bool:
        return bool(self.only.search(name))
