"""Hand the subscribers out, as a table or as JSON Lines."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Protocol, TextIO

from distribute.audience.bulk import MOST
from distribute.audience.columns import COLUMNS, write_subscriber
from distribute.audience.consent import Consent, Wording
from distribute.audience.records import as_json, consent_as_json, wording_as_json
from distribute.audience.subscriber import Subscriber


class Evidence(Protocol):
    """Knows what people agreed to."""

    def consents(self, keys: Sequence[str]) -> Mapping[str, Sequence[Consent]]:
        """Give what is on record of these people, at most `bulk.MOST`, by their keys."""

    def wordings(self, versions: Sequence[str]) -> Mapping[str, Wording]:
        """Give the words of these versions, as far as they were kept."""


def export_csv(subscribers: Iterable[Subscriber], out: TextIO) -> int:
    """Write a table with the columns `columns.COLUMNS`; gives the number of rows.

    `out` is opened with ``newline=""``. An import reads it back the same.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for subscriber in subscribers:
        writer.writerow(write_subscriber(subscriber))
        count += 1
    return count


def export_jsonl(
    subscribers: Iterable[Subscriber], out: TextIO, evidence: Evidence | None = None
) -> int:
    """Write one JSON object per line (JSON Lines); gives the number of lines.

    With `evidence` each has what they agreed to, and in which words, so that nothing is
    lost on the way and every line can be handed to the person that it is about.
    """
    count = 0
    for document in in_full(subscribers, evidence):
        out.write(json.dumps(document, ensure_ascii=False) + "\n")
        count += 1
    return count


def in_full(
    subscribers: Iterable[Subscriber], evidence: Evidence | None
) -> Iterator[dict[str, object]]:
    """Give what is known about people, with what they agreed to, as values of JSON."""
    remaining = iter(subscribers)
    known: dict[str, Wording] = {}
    while some := list(islice(remaining, MOST)):
        acts = evidence.consents([p.mailbox.key for p in some]) if evidence else {}
        if evidence:
            _learn(known, evidence, acts.values())
        for person in some:
            agreed = acts.get(person.mailbox.key, ())
            yield as_json(person) | (_consent_of(agreed, known) if evidence else {})


def _learn(
    known: dict[str, Wording], evidence: Evidence, acts: Iterable[Iterable[Consent]]
) -> None:
    """Look up the words of acts that are not `known` yet; there are few in all."""
    named = {act.wording for each in acts for act in each if act.wording}
    unknown = sorted(named - known.keys())
    for start in range(0, len(unknown), MOST):
        known.update(evidence.wordings(unknown[start : start + MOST]))


def _consent_of(
    agreed: Sequence[Consent], known: Mapping[str, Wording]
) -> dict[str, object]:
    named = dict.fromkeys(each.wording for each in agreed)
    return {
        "consents": [consent_as_json(each) for each in agreed],
        "wordings": [wording_as_json(known[each]) for each in named if each in known],
    }
