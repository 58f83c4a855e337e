"""How far campaigns are that workers send: lines for people, documents for programs."""

from collections.abc import Callable, Iterator, Sequence
from shlex import quote

from distribute.audience.database.database import from_milliseconds
from distribute.campaign.campaign import State
from distribute.campaign.fleet.batch import FrozenState
from distribute.campaign.fleet.progress import (
    Deliveries,
    Hand,
    Handed,
    Overview,
    Setback,
)
from distribute.campaign.plan.extra import issue_campaign
from distribute.cli.terminal.report import table
from distribute.cli.terminal.words import counted, duration, many, people
from distribute.render.characters import clean

_SHOWN = (
    State.ACCEPTED,
    State.DEFERRED,
    State.REJECTED,
    State.UNCERTAIN,
    State.STARTED,
    State.CLAIMED,
)
_NAMES = {State.STARTED: "on their way", State.CLAIMED: "to come"}
_LISTED = {State.REJECTED: "failed", State.UNCERTAIN: "uncertain"}
_WHO = {
    State.REJECTED: "that servers refused",
    State.UNCERTAIN: "of whom nobody knows whether they have it",
}
DASH = "-"
"""Stands for what is not known, or does not apply."""


def overview_lines(
    overview: Overview, now: int, command: Callable[[str], str]
) -> Iterator[str]:
    """Say how far a campaign is; `now` is in milliseconds since 1970."""
    yield headline(overview)
    for alarm in alarms(overview):
        yield f"  {alarm}"
    yield f"  batches: {_batches(overview, now)}"
    yield f"  deliveries: {_deliveries(overview.deliveries, now)}"
    for line in advice(overview, command):
        yield f"  {line}"
    if overview.handed.is_over:
        return
    if overview.per_second is None:
        yield "  rate: not known yet"
    else:
        yield f"  rate: {rate(overview.per_second)} over the last minute"
    if overview.workers:
        rows = [_row(hand) for hand in overview.workers]
        heads = ["worker", "for", "has in hand", "rate"]
        yield from (f"  {line}" for line in table(rows, head=heads))


def overview_line(overview: Overview, now: int) -> str:
    """Say it in one line, for a log."""
    handed, batches = overview.handed, overview.batches
    parts = [_state(overview), *alarms(overview)]
    parts.append(_deliveries(overview.deliveries, now))
    if not handed.is_over:
        held = "1 batch" if batches.in_hand == 1 else f"{many(batches.in_hand)} batches"
        parts.append(f"{held} in hand")
        hands = counted(len(overview.workers), "worker")
        parts.append(f"rate {rate(overview.per_second)} by {hands}")
        if overview.seconds_left is not None:
            parts.append(f"{time_left(overview)} left")
    return f"{handed.id} by {handed.sink}: {'; '.join(parts)}"


def headline(overview: Overview) -> str:
    """Say whose it is, and how it stands."""
    handed = overview.handed
    return f"{handed.id} by {handed.sink}, with workers: {_state(overview)}"


def alarms(overview: Overview) -> Iterator[str]:
    """Say what somebody ought to know at once: a refusal, workers that are gone or ail."""
    if overview.handed.alarm:
        yield f"alarm: {' '.join(clean(overview.handed.alarm).split())}"
    if not overview.handed.is_over:
        for each in overview.setbacks:
            reason = " ".join(clean(each.reason).split())
            wait = f", for {duration(each.wait / 1000)}" if each.wait > 0 else ""
            yield f"worker {each.worker} has stepped back{wait}: {reason}"
        for hand in overview.missing:
            ago = duration(hand.silence / 1000)
            what = "is taken from it" if overview.workers else "waits for another"
            batch = f"; batch {in_hand(hand)} {what}" if hand.campaign else ""
            yield f"worker {hand.name} has been silent for {ago}{batch}"


def advice(overview: Overview, command: Callable[[str], str]) -> Iterator[str]:
    """Say what somebody has to do, if nothing goes on by itself."""
    handed = overview.handed
    issue = quote(issue_campaign(handed.id).removeprefix("issue-"))
    if not handed.is_complete and not handed.is_over:
        yield f"not all of it is handed over yet; if nobody does so now: {_rest(handed, command)}"
    if handed.state is FrozenState.PAUSED:
        yield f"{command(f'resume {issue}')} goes on"
    elif not overview.workers and not handed.is_over:
        yield f"{command('worker')} sends it, on any machine"
    if handed.state is FrozenState.DONE:
        for state, option in _LISTED.items():
            if count := overview.deliveries.about(state):
                shown = command(f"status {issue} --{option}")
                yield f"{shown} lists {people(count)} {_WHO[state]}"


def _rest(handed: Handed, command: Callable[[str], str]) -> str:
    """Say what hands over the rest: the words that began it, or a timer's."""
    by = f"--sink {handed.sink}"
    new = command(f"send new {by}")
    if ".correction-" in handed.id:  # whose words are a part of the command
        return f"{new}, or its correction once more as it was said"
    issue = quote(issue_campaign(handed.id).removeprefix("issue-"))
    late = " --late fallback" if ".late-" in handed.id else ""
    return f"{command(f'send {issue}{late} --workers {by}')}, or {new}"


def in_hand(hand: Hand) -> str:
    """Say what a worker has in hand: ``12``, ``3 of issue-2``."""
    if not hand.campaign:
        return DASH
    return f"{hand.batch}" if hand.is_at_this else f"{hand.batch} of {hand.campaign}"


def rate(per_second: float | None) -> str:
    """Write how fast it goes, in a unit in which it is not nothing."""
    if per_second is None:
        return DASH
    if per_second >= 10:
        return f"{many(round(per_second))}/s"
    for each, unit in ((1, "s"), (60, "min"), (3600, "h")):
        if (count := per_second * each) >= 0.1:
            return f"{count:.1f}".removesuffix(".0") + f"/{unit}"
    return "0/s"


def time_left(overview: Overview) -> str:
    """Estimate how long it takes to who is to come; who is put off takes longer."""
    seconds = overview.seconds_left
    return DASH if seconds is None else f"about {duration(seconds)}"


def overview_document(overview: Overview) -> dict[str, object]:
    """Give the same to programs."""
    handed, batches, deliveries = (
        overview.handed,
        overview.batches,
        overview.deliveries,
    )
    return {
        "campaign": handed.id,
        "sink": handed.sink,
        "state": str(handed.state),
        "alarm": handed.alarm,
        "complete": handed.is_complete,
        "handed_over": _iso(handed.at),
        "batches": {
            "waiting": batches.waiting,
            "in_hand": batches.in_hand,
            "later": batches.later,
            "next_due": _iso(batches.next_due),
            "done": batches.done,
            "cancelled": batches.cancelled,
        },
        "deliveries": {
            str(state): deliveries.counted.get(state, 0) for state in _SHOWN
        },
        "counted": _iso(deliveries.at),
        "ended_since": {str(outcome): n for outcome, n in deliveries.since.items()},
        "per_second": _rounded(overview.per_second),
        "seconds_left": _rounded(overview.seconds_left),
        "workers": [_document(hand) for hand in overview.workers],
        "missing": [_document(hand) for hand in overview.missing],
        "stepped_back": [_setback(each) for each in overview.setbacks],
    }


def _state(overview: Overview) -> str:
    handed = overview.handed
    if handed.state is FrozenState.PAUSED and handed.alarm:
        return "paused by alarm"
    if handed.state is FrozenState.GOING and not overview.workers:
        return "going, but no worker is there"
    return str(handed.state)


def _batches(overview: Overview, now: int) -> str:
    batches = overview.batches
    later = f"{many(batches.later)} later"
    if batches.next_due is not None:
        later += f" (next in {duration(max(batches.next_due - now, 0) / 1000)})"
    parts = [
        f"{many(batches.waiting)} waiting",
        f"{many(batches.in_hand)} in hand",
        later,
        f"{many(batches.done)} done",
    ]
    if batches.cancelled:
        parts.append(f"{many(batches.cancelled)} cancelled")
    return ", ".join(parts)


def _deliveries(deliveries: Deliveries, now: int) -> str:
    """Count them; what is not exact says so."""
    is_exact = not any(deliveries.since.values())
    parts = [
        f"{many(deliveries.about(state))} {_NAMES.get(state, str(state))}"
        for state in _SHOWN
        if is_exact or state not in _NAMES
    ]
    said = ", ".join(parts)
    if is_exact:
        return said
    ago = duration(max(now - deliveries.at, 0) / 1000)
    return f"about {said} of {many(deliveries.total)} (counted {ago} ago)"


def _row(hand: Hand) -> Sequence[str]:
    held = f"batch {hand.batch} of {hand.campaign}" if hand.campaign else DASH
    there = duration(max(hand.seen - hand.began, 0) / 1000)
    return [hand.name, there, held, rate(hand.per_second)]


def _document(hand: Hand) -> dict[str, object]:
    return {
        "name": hand.name,
        "host": hand.host,
        "pid": hand.pid,
        "version": hand.version,
        "since": _iso(hand.began),
        "seen": _iso(hand.seen),
        "campaign": hand.campaign or None,
        "batch": hand.batch,
        "per_second": _rounded(hand.per_second),
    }


def _setback(each: Setback) -> dict[str, object]:
    return {
        "name": each.worker,
        "reason": each.reason,
        "times": each.times,
        "seconds_left": max(each.wait, 0) // 1000,
    }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


def _iso(instant: int | None) -> str | None:
    if instant is None:
        return None
    return from_milliseconds(instant).isoformat(timespec="seconds")
