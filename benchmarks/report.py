"""What sending has shown, as Markdown tables."""

import time
from collections.abc import Mapping

from benchmarks.clients import OURS
from benchmarks.memory import Growth
from benchmarks.newsletter import Size
from benchmarks.results import Results
from benchmarks.scenes import SCENES, Kind, Scene
from benchmarks.tables import number, table, target_table
from benchmarks.targets import speed_targets

_NOTES = (
    "Messages per second, medians of {rounds} alternating rounds; processor time and peak"
    " memory (all processes together) are those with the fast sink. All on loopback,"
    " without TLS, into sinks that store nothing; a sink loaded near 100 % was the limit."
    " `distribute` keeps its ledger and writes every message for its reader, as the"
    " senders with EmailMessage and nodemailer do; ready-made bytes are the same bytes"
    " again and again, and so is what smtp-source sends, without pipelining: a reference,"
    " not a limit. With late replies all have 10 connections (smtplib has one, nodemailer"
    " its pool), else 8 unless another number is named. Other programs used at most {others:.0%} of a core meanwhile."
)


def markdown(
    results: Results,
    growth: Growth | None,
    *,
    octets: Mapping[Size, int],
    machine: str,
    rounds: int,
) -> str:
    """Write everything that was measured, with the date and the machine."""
    day = time.strftime("%Y-%m-%d", time.gmtime())
    parts = [f"{day}, {machine}."]
    for size in Size:
        if any(scene.size is size for scene, _ in results.runs):
            heading = (
                f"Messages of {octets[size]:,} octets as `distribute` writes them:"
            )
            parts += [heading, _speed_table(results, size)]
    if growth:
        parts.append(growth.told())
    grown = growth.targets() if growth else ()
    parts.append(target_table([*speed_targets(results), *grown]))
    if results.runs:
        parts.append(_NOTES.format(rounds=rounds, others=results.disturbance()))
    parts += [f"Without {name}: {why}." for name, why in results.missing.items()]
    parts += [
        f"**Failed:** {name}: {why.splitlines()[-1]}."
        for name, why in results.failures.items()
    ]
    return "\n\n".join(parts) + "\n"


def _speed_table(results: Results, size: Size) -> str:
    """Write the results for one size of messages, a line per sender."""
    scenes = [scene for scene in SCENES if scene.size is size]
    fast = next(scene for scene in scenes if scene.kind is Kind.FAST)
    lines = [["sender", *map(_head, scenes), "CPU s per 1,000", "peak MB", "octets"]]
    for client in results.clients():
        rates = [results.median(each, client, lambda run: run.rate) for each in scenes]
        cpu = results.median(fast, client, lambda run: run.cpu_per_thousand)
        memory = results.median(fast, client, lambda run: run.together / 1e6)
        octets = results.median(fast, client, lambda run: run.octets)
        lines.append(
            [
                f"**{client}**" if client == OURS else client,
                *(number(rate, ",.0f") for rate in rates),
                number(cpu, ".3f"),
                number(memory, ".0f"),
                number(octets, ",.0f"),
            ]
        )
    loads = [number(_sink_load(results, each), ".0%") for each in scenes]
    return table([*lines, ["load of the sink by distribute", *loads, "", "", ""]])


def _head(scene: Scene) -> str:
    return f"{scene.kind}, {scene.delay} ms" if scene.delay else str(scene.kind)


def _sink_load(results: Results, scene: Scene) -> float | None:
    return results.median(scene, OURS, lambda run: run.sink_load)
