"""How far the sending of an issue got, by sink, edition and state, in numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from distribute.campaign.campaign import State
from distribute.campaign.choices import Choices
from distribute.campaign.due import Due
from distribute.campaign.history import Record
from distribute.campaign.ledger import SqliteLedger
from distribute.campaign.plan import campaign_id
from distribute.cli.newsletter import Newsletter
from distribute.cli.outlets import SINKS
from distribute.cli.owed import count_owed
from distribute.cli.report import table
from distribute.cli.words import many
from distribute.editions.edition import Issue

PLANNED = "planned"
"""Who is due and was never tried: nobody has written that down, it is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one sink's account has of an issue."""

    sink: str
    languages: Mapping[str, Mapping[str, int]]
    """How many people, by language tag and state; `PLANNED` is one of these."""
    passed_over: Mapping[str, int]
    """How many get nothing, by reason, as the last run saw it."""
    holder: str
    """Which process has the campaign in its hands; empty if none."""


def standings(newsletter: Newsletter, issue: Issue) -> Sequence[Standing]:
    """Look at the account of each sink by which the issue has begun to be sent."""
    database = newsletter.settings.database
    if not database.exists():
        return ()
    found = []
    for sink in SINKS:
        with SqliteLedger(database, sink) as ledger:
            counts = ledger.counts(campaign_id(issue))
            if counts:
                known = {
                    language.tag: {str(state): count for state, count in ends.items()}
                    for language, ends in counts.items()
                }
                planned = _planned(newsletter, issue, sink)
                found.append(
                    Standing(
                        sink=sink,
                        languages=_with_planned(known, planned),
                        passed_over=ledger.skipped(campaign_id(issue)),
                        holder=ledger.holder(campaign_id(issue)),
                    )
                )
    return found


def records(
    newsletter: Newsletter, issue: Issue, states: frozenset[State]
) -> Iterator[Record]:
    """Stream the deliveries in these states, sink by sink."""
    database = newsletter.settings.database
    if not database.exists():
        return
    for sink in SINKS:
        with SqliteLedger(database, sink) as ledger:
            yield from ledger.records(campaign_id(issue), states=states)


def standing_lines(standings: Sequence[Standing]) -> Iterator[str]:
    """Say the same to people."""
    yield ""
    if not standings:
        yield "not sent to anybody yet"
    rows = [
        [each.sink, tag, state, many(count)]
        for each in standings
        for tag, states in each.languages.items()
        for state, count in states.items()
    ]
    if rows:
        yield from table(rows, head=["sent by", "edition", "state", "people"])
    for each in standings:
        for reason, count in each.passed_over.items():
            yield f"{each.sink}: {many(count)} passed over: {reason}"
        if each.holder:
            yield f"{each.sink}: in the hands of {each.holder}"


def standing_document(standings: Sequence[Standing]) -> dict[str, object]:
    """Give the same to programs, by sink."""
    return {
        "sending": {each.sink: each.languages for each in standings},
        "skipped": {each.sink: each.passed_over for each in standings},
        "in_the_hands_of": {each.sink: each.holder for each in standings},
    }


def _planned(newsletter: Newsletter, issue: Issue, sink: str) -> Mapping[str, int]:
    """Count who is still to be tried, by language tag."""
    choices = Choices.for_issue(issue, newsletter.publication)
    database = newsletter.settings.database
    with Due(database, sink=sink, campaign=campaign_id(issue)) as due:
        owed = count_owed(due, choices, fresh=True, again=())
    return {language.tag: count for language, count in owed.by_language.items()}


def _with_planned(
    known: Mapping[str, Mapping[str, int]], planned: Mapping[str, int]
) -> Mapping[str, Mapping[str, int]]:
    tags = sorted(known.keys() | planned.keys())
    return {
        tag: ({PLANNED: planned[tag]} if planned.get(tag) else {})
        | dict(known.get(tag, {}))
        for tag in tags
    }
