"""What the sender is to reach, in ratios to others measured side by side."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks import scenes
from benchmarks.clients import (
    NODEMAILER,
    OURS,
    SIGNED,
    SMTP_SOURCE,
    SMTPLIB,
    SMTPLIB_BYTES,
)
from benchmarks.results import Results
from benchmarks.runs import Run
from benchmarks.scenes import Scene

_FASTER = (
    (scenes.LARGE_POSTFIX, SMTP_SOURCE, 0.9),
    (scenes.LARGE_LATE, SMTP_SOURCE, 3),
    (scenes.LARGE_LATE, NODEMAILER, 4),
    (scenes.LARGE_FAST, SMTPLIB_BYTES, 5),
    (scenes.LARGE_FAST, NODEMAILER, 40),
    (scenes.LARGE_FAST, SMTPLIB, 60),
    (scenes.SMALL_FAST, SMTP_SOURCE, 1),
    (scenes.SMALL_POSTFIX, SMTP_SOURCE, 1),
)
"""Where, compared with whom, and how many times as many messages a second."""
_CPU, _CPU_SIGNED = 0.12, 0.8
"""Seconds of processor time for 1,000 large messages, the ledger included."""
_CPU_SHARE = 0.15
"""Of what smtplib takes for ready-made bytes; enough where a machine is slow."""


@dataclass(frozen=True, slots=True)
class Target:
    """One figure to reach."""

    what: str
    unit: str
    asked: float
    reached: float | None
    """`None` where it was not measured."""
    at_most: bool = False

    @property
    def met(self) -> bool | None:
        """Tell whether it is reached; `None` where it was not measured."""
        if self.reached is None:
            return None
        return (
            self.reached <= self.asked if self.at_most else self.reached >= self.asked
        )


def speed_targets(results: Results) -> Iterator[Target]:
    """Compare our sender with the others."""
    for scene, other, asked in _FASTER:
        reached = _ratio(results, scene, other)
        yield Target(f"{scene.name}: {other}", "×", asked, reached)
    yield _cpu_target(results)
    signed = _cpu(results, SIGNED)
    yield Target(f"CPU per 1,000, {SIGNED}", "s", _CPU_SIGNED, signed, at_most=True)


def _ratio(results: Results, scene: Scene, other: str) -> float | None:
    ours = results.median(scene, OURS, lambda run: run.rate)
    theirs = results.median(scene, other, lambda run: run.rate)
    return ours / theirs if ours and theirs else None


def _cpu_target(results: Results) -> Target:
    """Ask for the kinder of an absolute figure and a share of smtplib's."""
    theirs = _cpu(results, SMTPLIB_BYTES) or 0
    asked = max(_CPU, _CPU_SHARE * theirs)
    return Target("CPU per 1,000", "s", asked, _cpu(results, OURS), at_most=True)


def _cpu(results: Results, client: str) -> float | None:
    return results.median(scenes.LARGE_FAST, client, _of_thousand)


def _of_thousand(run: Run) -> float:
    return run.cpu_per_thousand
