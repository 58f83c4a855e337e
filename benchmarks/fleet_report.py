"""What workers have shown, as Markdown tables."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from benchmarks.fleet_runs import Run, Runs
from benchmarks.fleet_size import COUNT, RECONCILE, UNCERTAIN, Growth, Phase, Step
from benchmarks.newsletter import Size
from benchmarks.tables import number, table

BASE = "1 worker, fsync on"
"""What all others are compared with."""
_NOTES = (
    "Messages per second from the first at the sink to the last, medians of {rounds}"
    " alternating rounds; `×` is how many times as fast as one worker whose PostgreSQL"
    " waits for the disk. Everything is on one machine, the sink that stores nothing and"
    " PostgreSQL too, so more workers than its cores leave room for gain nothing: see the"
    " processor time, in seconds per 1,000 messages. Each process has 8 connections"
    " to the sink. `send` keeps its ledger; the engine without one is a worker that"
    " neither claims nor records. A job per message is how a task queue is used by itself:"
    " EmailMessage, smtplib, a connection each, 8 at a time, and nobody knows after a"
    " crash who has got it. smtp-source repeats one message. Statements are those that"
    " clients sent; a row of a pipeline counts as one. Other programs used at most"
    " {others:.0%} of a core meanwhile."
)
_GROWTH_NOTES = (
    "With fsync on, in order of the commands; memory is the peak of the process (VmHWM)."
    " The list is in no order. For claims the median time of one connection is shown, in"
    " milliseconds per batch of 500, the first {samples} batches; `plan` and `freeze`"
    " were run once."
)


def markdown(
    runs: Runs,
    growths: Sequence[Growth],
    *,
    octets: Mapping[Size, int],
    machine: str,
    rounds: int,
) -> str:
    """Write everything that was measured, with the date and the machine."""
    day = time.strftime("%Y-%m-%d", time.gmtime())
    parts = [f"{day}, {machine}."]
    for size in Size:
        if any(measured is size for measured, _ in runs.made):
            parts += [f"Messages of {octets[size]:,} octets:", _speeds(runs, size)]
    if runs.made:
        parts.append(_NOTES.format(rounds=rounds, others=runs.disturbance()))
    if growths:
        samples = max(len(each.steps[Step.TAKE]) for each in growths)
        parts += [_growth(growths), _GROWTH_NOTES.format(samples=samples)]
    parts += [f"Without {name}: {why}." for name, why in runs.missing.items()]
    parts += [
        f"**Failed:** {name}: {why.splitlines()[-1]}."
        for name, why in runs.failures.items()
    ]
    return "\n\n".join(parts) + "\n"


def _speeds(runs: Runs, size: Size) -> str:
    lines = [
        ["sender", "messages/s", "×", "CPU: senders", "PostgreSQL", "sink",
         "statements per message", "octets of WAL per message"],
    ]  # fmt: skip
    base = runs.median(size, BASE, _rate)
    for sender in runs.senders():
        rate = runs.median(size, sender, _rate)
        ratio = rate / base if rate and base else None
        costs = [runs.median(size, sender, of) for of in (_sender, _server, _sink)]
        lines.append(
            [
                sender,
                number(rate, ",.0f"),
                number(ratio, ".2f"),
                *(number(cost, ".3f") for cost in costs),
                *_traffic(runs, size, sender),
            ]
        )
    return table(lines)


def _traffic(runs: Runs, size: Size, sender: str) -> Iterator[str]:
    """Write what goes between a sender and its PostgreSQL, if it has one."""
    made = runs.made.get((size, sender), [])
    if not made or not made[0].uses_server:
        yield from ("", "")
        return
    counted = all(run.server.statements is not None for run in made)
    statements = runs.median(size, sender, _statements) if counted else None
    yield number(statements, ".3f")
    yield number(runs.median(size, sender, _wal), ",.0f")


def _growth(growths: Sequence[Growth]) -> str:
    lines = [["", *(f"{each.subscribers:,} subscribers" for each in growths)]]
    lines += [
        [name, *(number(what(each), style) for each in growths)]
        for name, style, what in _figures()
    ]
    return table(lines)


def _figures() -> Iterator[tuple[str, str, Callable[[Growth], float]]]:
    """Name what is told of each length of list, with how it is written."""
    yield from _of_phase("plan", lambda growth: growth.plan)
    yield from _of_phase("freeze", lambda growth: growth.freeze)
    yield "freeze, WAL in MB", ",.0f", lambda growth: growth.freeze.server.wal / 1e6
    yield "the list on the disk, MB", ",.0f", lambda growth: growth.before / 1e6
    yield "with all frozen, MB", ",.0f", lambda growth: growth.after / 1e6
    yield "batches and jobs", ",.0f", lambda growth: growth.batches
    for step in Step:
        yield f"{step}, ms", ".2f", _milliseconds(step)
    for name in (RECONCILE, COUNT, UNCERTAIN):
        yield f"{name}, ms", ",.1f", _milliseconds_of(name)
    yield "claims/s: fetch, take, finish", ",.0f", lambda growth: growth.claims


def _of_phase(
    name: str, of: Callable[[Growth], Phase]
) -> Iterator[tuple[str, str, Callable[[Growth], float]]]:
    yield f"{name}, s", ",.1f", lambda growth: of(growth).seconds
    yield f"{name}, peak MB", ",.0f", lambda growth: of(growth).memory / 1e6
    yield f"{name}, CPU s of it", ",.1f", lambda growth: of(growth).cpu
    yield f"{name}, CPU s of PostgreSQL", ",.1f", lambda growth: of(growth).server.cpu


def _milliseconds(step: Step) -> Callable[[Growth], float]:
    return lambda growth: growth.median(step) * 1000


def _milliseconds_of(name: str) -> Callable[[Growth], float]:
    return lambda growth: growth.seldom[name] * 1000


def _rate(run: Run) -> float:
    return run.rate


def _sender(run: Run) -> float:
    return run.of_thousand(run.sender_cpu)


def _server(run: Run) -> float:
    return run.of_thousand(run.server.cpu)


def _sink(run: Run) -> float:
    return run.of_thousand(run.sink_cpu)


def _statements(run: Run) -> float:
    return (run.server.statements or 0) / run.messages


def _wal(run: Run) -> float:
    return run.server.wal / run.messages
