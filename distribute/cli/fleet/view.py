"""How far campaigns are that workers send: lines for people, documents for programs."""

from collections.abc import Callable, Iterator, Sequence
from shlex import quote

from distribute.audience.database.database import from_milliseconds
from distribute.campaign.campaign import State
from distribute.campaign.fleet.batch import FrozenState
from distribute.campaign.fleet.progress import Deliveries, Hand, Overview
from distribute.campaign.plan.extra import issue_campaign
from distribute.cli.terminal.report import table
from distribute.cli.terminal.words import duration, many

_SHOWN = (
    State.ACCEPTED,
    State.DEFERRED,
    State.REJECTED,
    State.UNCERTAIN,
    State.STARTED,
    State.CLAIMED,
)
_NAMES = {State.STARTED: "on their way", State.CLAIMED: "to come"}


def overview_lines(
    overview: Overview, now: int, command: Callable[[str], str]
) -> Iterator[str]:
    """Say how far a campaign is; `now` is in milliseconds since 1970."""
    handed = overview.handed
    yield f"{handed.id} by {handed.sink}, with workers: {_state(overview)}"
    if handed.alarm:
        yield f"  alarm: {handed.alarm}"
    yield f"  batches: {_batches(overview, now)}"
    yield f"  deliveries: {_deliveries(overview.deliveries, now)}"
    if handed.is_over:
        return
    yield f"  rate: {rate(overview.per_second)} over the last minute"
    if overview.workers:
        rows = [_row(hand) for hand in overview.workers]
        heads = ["worker", "for", "has in hand", "rate"]
        yield from (f"  {line}" for line in table(rows, head=heads))
    for line in _advice(overview, command):
        yield f"  {line}"


def overview_line(overview: Overview, now: int) -> str:
    """Say it in one line, for a log."""
    handed, batches = overview.handed, overview.batches
    parts = [_state(overview), _deliveries(overview.deliveries, now)]
    if handed.alarm:
        parts.append(f"alarm: {handed.alarm}")
    if not handed.is_over:
        parts.append(f"{many(batches.in_hand)} batches in hand")
        parts.append(f"{rate(overview.per_second)} by {len(overview.workers)} workers")
    return f"{handed.id} by {handed.sink}: {'; '.join(parts)}"


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
        "per_second": round(overview.per_second, 1),
        "workers": [_document(hand) for hand in overview.workers],
    }


def rate(per_second: float) -> str:
    """Write how fast it goes."""
    shown = many(round(per_second)) if per_second >= 10 else f"{per_second:.1f}"
    return f"{shown}/s"


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
    in_hand = f"batch {hand.batch} of {hand.campaign}" if hand.campaign else "-"
    there = duration(max(hand.seen - hand.began, 0) / 1000)
    return [hand.name, there, in_hand, rate(hand.per_second)]


def _advice(overview: Overview, command: Callable[[str], str]) -> Iterator[str]:
    """Say what somebody has to do, if nothing goes on by itself."""
    handed = overview.handed
    issue = quote(issue_campaign(handed.id).removeprefix("issue-"))
    if not handed.is_complete:
        send = command(f"send {issue} --workers --sink {handed.sink}")
        yield f"not all of it is handed over yet; if nobody does so now: {send}"
    if handed.state is FrozenState.PAUSED:
        yield f"{command(f'resume {issue}')} goes on"
    elif not overview.workers:
        yield f"{command('worker')} sends it, on any machine"


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
        "per_second": round(hand.per_second, 1),
    }


def _iso(instant: int | None) -> str | None:
    if instant is None:
        return None
    return from_milliseconds(instant).isoformat(timespec="seconds")
