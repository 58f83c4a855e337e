"""Write what a turn brought as the columns that ``note_turn`` takes.

As text, the way PostgreSQL reads arrays: a driver that makes them of lists looks at each
value, which takes longer than all that is left of a turn.
"""

from collections.abc import Iterable, Sequence

from distribute.campaign.campaign import Entry, Outcome
from distribute.campaign.verdict import is_gone

UNBELIEVED_DUE = -1
"""Stands for a mailbox of which one server says that it is gone; see `Ledger.believe`."""


def numbers(values: Iterable[int | None]) -> str:
    """Write an array of numbers."""
    return "{" + ",".join(["NULL" if n is None else str(n) for n in values]) + "}"


def texts(values: Sequence[str]) -> str:
    """Write an array of texts."""
    if not values:
        return "{}"
    quoted = [text.replace("\\", r"\\").replace('"', r"\"") for text in values]
    return '{"' + '","'.join(quoted) + '"}'


def ends(entries: Sequence[Entry]) -> Sequence[str]:
    """Write how some ended: outcome, code, enhanced status, text, stage, due."""
    receipts = [entry.receipt for entry in entries]
    return (
        texts([receipt.outcome.value for receipt in receipts]),
        numbers([receipt.code for receipt in receipts]),
        texts([receipt.enhanced for receipt in receipts]),
        texts([receipt.text for receipt in receipts]),
        texts([receipt.stage.value for receipt in receipts]),
        numbers([_due(entry) for entry in entries]),
    )


def tell_of_gone(entries: Sequence[Entry]) -> bool:
    """Say whether a server has said of any mailbox that it is gone."""
    return any(_due(entry) == UNBELIEVED_DUE for entry in entries)


def _due(entry: Entry) -> int | None:
    """Say when somebody is tried again by itself, as the table has it."""
    outcome = entry.receipt.outcome
    if outcome is Outcome.ACCEPTED:
        return None
    if outcome is Outcome.DEFERRED:
        return entry.due or 1
    return UNBELIEVED_DUE if is_gone(entry.receipt) else 0
