"""What the sender is to reach, in ratios to others measured side by side."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks import scenes
from benchmarks.clients import (
    MANY,
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
    (scenes.LARGE_POSTFIX, OURS, SMTP_SOURCE, 0.9),
    (scenes.LARGE_LATE, OURS, SMTP_SOURCE, 3),
    (scenes.LARGE_LATE, OURS, NODEMAILER, 4),
    (scenes.LARGE_FAST, OURS, SMTPLIB_BYTES, 5),
    (scenes.LARGE_FAST, OURS, NODEMAILER, 40),
    (scenes.LARGE_FAST, OURS, SMTPLIB, 60),
    (scenes.SMALL_FAST, MANY, SMTP_SOURCE, 1),
    (scenes.SMALL_POSTFIX, MANY, SMTP_SOURCE, 1),
)
"""Where, who compared with whom, and how many times as many messages a second.

Small messages on a machine with two cores are limited by how much a sender does for each:
more of them in one turn of its loop cost less, so there it is to use the connections
that its settings allow.
"""
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
    for scene, sender, other, asked in _FASTER:
        reached = _ratio(results, scene, sender, other)
        name = f"{scene.name}: {sender} to {other}"
        yield Target(name, "×", asked, reached)
    yield _cpu_target(results)
    signed = _cpu(results, SIGNED)
    yield Target(f"CPU per 1,000, {SIGNED}", "s", _CPU_SIGNED, signed, at_most=True)


def _ratio(results: Results, scene: Scene, sender: str, other: str) -> float | None:
    ours = results.median(scene, sender, lambda run: run.rate)
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
