"""One measured run: a sink, a sender, and whether everything arrived."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import tools
from benchmarks.clients import Client
from benchmarks.machine import busyness
from benchmarks.processes import MeasurementError, Spent
from benchmarks.scenes import Kind, Scene
from benchmarks.sinks import FastSink, PostfixSink, Sink

_TIMEOUT = 900.0
"""Seconds after which a run is given up."""
_HONEST = 0.9
"""What share of the time between a sink's first and last message a sender must own to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run took. Time and processor time are those of the sending phase.

    That is what the sender says of itself, start-up left out; smtp-source, which says
    nothing, starts in a millisecond and is timed from outside.
    """

    messages: int
    seconds: float
    cpu: float
    octets: int
    largest: int
    """Peak resident octets of the sender's largest process."""
    together: int
    """Peak octets of all its processes."""
    sink_cpu: float
    others: float
    """Share of a core that other programs used meanwhile; a busy machine measures ill."""

    @property
    def rate(self) -> float:
        """Messages per second."""
        return self.messages / self.seconds

    @property
    def cpu_per_thousand(self) -> float:
        """Seconds of processor time for a thousand messages."""
        return self.cpu / self.messages * 1000

    @property
    def sink_load(self) -> float:
        """Share of a core that the sink used; near 1 it was the limit."""
        return self.sink_cpu / self.seconds


class Sinks:
    """Opens the sink of a scene; `missing` says which kind cannot be had, and why."""

    def __init__(self, folder: Path) -> None:
        self.missing: dict[str, str] = {}
        self._open: dict[Kind, Callable[[int], Sink]] = {}
        for kind, find in ((Kind.FAST, _fast), (Kind.POSTFIX, _postfix)):
            try:
                self._open[kind] = find(folder)
            except MeasurementError as error:
                self.missing[kind] = str(error)

    def has(self, kind: Kind) -> bool:
        """Tell whether there is a sink of this kind."""
        return kind in self._open

    def open(self, scene: Scene) -> Sink:
        """Start the sink of a scene; its kind must not be missing."""
        return self._open[scene.kind](scene.delay)


def measure(client: Client, scene: Scene, sinks: Sinks, *, seconds: float) -> Run:
    """Let a sender work for about so many seconds.

    Raises `MeasurementError` if it fails, if the sink counts another number of messages,
    or if the sender reports less time than lay between their arrivals.
    """
    with sinks.open(scene) as sink:
        job = client.job(scene, sink.port, seconds)
        command = client.command(job)
        before, own = busyness(), time.process_time()
        spent = command.measure(timeout=_TIMEOUT)
        used = busyness() - before - (time.process_time() - own) - spent.cpu
        count = sink.stop()
    if count.messages != job.messages:
        raise MeasurementError(
            f"{count.messages} messages arrived, {job.messages} were to be sent"
        )
    took, cpu = sending_phase(spent)
    if took < count.span * _HONEST:
        raise MeasurementError(
            f"it says it took {took:.3f} s; for {count.span:.3f} s messages arrived"
        )
    return Run(
        messages=job.messages,
        seconds=took,
        cpu=cpu,
        octets=count.octets // count.messages,
        largest=spent.largest,
        together=spent.together,
        sink_cpu=count.cpu,
        others=max(used - count.cpu, 0) / spent.seconds,
    )


def sending_phase(spent: Spent) -> tuple[float, float]:
    """Give the seconds and the processor time that the sender itself has taken."""
    report = spent.report
    took, cpu = report.get("seconds"), report.get("cpu_seconds")
    if isinstance(took, int | float) and isinstance(cpu, int | float):
        return took, cpu
    return spent.seconds, spent.cpu


def _fast(folder: Path) -> Callable[[int], Sink]:
    program = tools.fast_sink(folder)
    return lambda delay: FastSink(program, delay)


def _postfix(folder: Path) -> Callable[[int], Sink]:
    program = tools.postfix("smtp-sink", folder)
    return lambda _delay: PostfixSink(program)
