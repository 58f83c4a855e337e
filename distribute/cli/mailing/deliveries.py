"""List deliveries and what the server said: for people, spreadsheets and programs.

They are passed on one by one as the ledger gives them, however many there are.
"""

import csv
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime

from distribute.audience.columns import guarded
from distribute.campaign.ledger.history import Attempt, Record
from distribute.cli.invocation import Invocation
from distribute.cli.terminal.report import receipt_document, server_words
from distribute.cli.terminal.words import many

_COLUMNS = (
    "address",
    "language",
    "sink",
    "state",
    "code",
    "enhanced",
    "words",
    "stage",
    "attempts",
    "first_attempt",
    "last_attempt",
    "next_attempt",
)


def show_deliveries(
    invocation: Invocation, head: Mapping[str, object], records: Iterable[Record]
) -> None:
    """Print a line about each, and how many; or all as one JSON document."""
    if invocation.as_json:
        invocation.answer_many(head, deliveries=map(record_document, records))
        return
    count = 0
    for record in records:
        invocation.say(_line(record))
        count += 1
    invocation.say("1 delivery" if count == 1 else f"{many(count)} deliveries")


def write_csv(records: Iterable[Record]) -> None:
    """Write a table on stdout that no spreadsheet runs.

    Addresses stay as they are, as in an export of the audience: an altered one would be
    another address to every other program.
    """
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for record in records:
        writer.writerow([record.address, *map(guarded, _cells(record))])


def record_document(record: Record) -> dict[str, object]:
    """Give all that is known about a delivery to programs."""
    return {
        "sink": record.sink,
        "campaign": record.campaign,
        "id": record.id,
        "address": record.address,
        "language": record.language.tag if record.language else None,
        "reason": record.reason,
        "state": str(record.state),
        "next_attempt": record.due.isoformat() if record.due else None,
        "attempts": [_attempt_document(attempt) for attempt in record.attempts],
    }


def moment(instant: datetime) -> str:
    """Write an instant for people."""
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"


def _line(record: Record) -> str:
    words = server_words(record.receipt) if record.receipt else ""
    count = len(record.attempts)
    told = [record.sink, "1 attempt" if count == 1 else f"{count} attempts"]
    if record.attempts:
        told.append(f"last {moment(record.attempts[-1].opened)}")
    if record.due:
        told.append(f"next {moment(record.due)}")
    what = ": ".join(filter(None, [record.state, words]))
    return f"{record.address}  {what} ({', '.join(told)})"


def _cells(record: Record) -> list[str]:
    """Write what stands behind the address, in the order of `_COLUMNS`."""
    receipt, attempts = record.receipt, record.attempts
    return [
        record.language.tag if record.language else "",
        record.sink,
        record.state,
        f"{receipt.code or ''}" if receipt else "",
        receipt.enhanced if receipt else "",
        " ".join(receipt.text.split()) if receipt else "",
        receipt.stage if receipt else "",
        f"{len(attempts)}",
        attempts[0].opened.isoformat() if attempts else "",
        attempts[-1].opened.isoformat() if attempts else "",
        record.due.isoformat() if record.due else "",
    ]


def _attempt_document(attempt: Attempt) -> dict[str, object]:
    return {
        "opened": attempt.opened.isoformat(),
        "closed": attempt.closed.isoformat() if attempt.closed else None,
        "language": attempt.language.tag,
    } | receipt_document(attempt.receipt)
