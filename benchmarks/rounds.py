"""Let all senders take turns, round after round."""

from collections.abc import Callable, Sequence

from benchmarks.clients import Client
from benchmarks.machine import wait_until_quiet
from benchmarks.processes import MeasurementError
from benchmarks.results import Results, name_of
from benchmarks.runs import Run, Sinks, measure
from benchmarks.scenes import Scene

_PATIENCE = 60.0
"""Seconds to wait for a quiet machine before each round."""
Say = Callable[[str], None]


def take_turns(
    pairs: Sequence[tuple[Scene, Client]],
    sinks: Sinks,
    results: Results,
    *,
    rounds: int,
    seconds: float,
    say: Say,
) -> None:
    """Measure senders in scenes; every other round goes through them backwards.

    So no sender always comes after the same other one, and what the machine does in the
    meantime befalls all. A failure is noted, and ends nothing but itself.
    """
    for number in range(rounds if pairs else 0):
        used = wait_until_quiet(_PATIENCE)
        say(f"Round {number + 1} of {rounds}; others use {used:.0%} of a core.")
        for scene, client in pairs if number % 2 == 0 else reversed(pairs):
            name = name_of(scene, client.name)
            try:
                run = measure(client, scene, sinks, seconds=seconds)
            except MeasurementError as error:
                results.failures[name] = str(error)
                say(f"  {name}: FAILED: {error}")
            else:
                results.runs[scene, client.name].append(run)
                say(f"  {name}: {_told(run)}")


def _told(run: Run) -> str:
    return (
        f"{run.rate:,.0f}/s, {run.cpu_per_thousand:.3f} CPU s per 1,000,"
        f" {run.together / 1e6:.0f} MB, sink {run.sink_load:.0%}, others {run.others:.0%}"
    )
