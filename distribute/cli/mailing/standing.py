"""How far the sending of an issue got, by sink, edition and state, in numbers.

What a sender that was killed has left open is told as the next run will find it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

from distribute.audience.database.database import is_begun
from distribute.audience.store import Store
from distribute.campaign.campaign import State
from distribute.campaign.custody.process import Process
from distribute.campaign.ledger.account import Account
from distribute.campaign.ledger.due import Due
from distribute.campaign.ledger.history import Record
from distribute.campaign.plan.extra import Begun
from distribute.campaign.plan.plan import campaign_id
from distribute.cli.mailing.begun import BegunMailings
from distribute.cli.mailing.belated import Belated
from distribute.cli.mailing.mailing import Mailing
from distribute.cli.mailing.owed import count_owed
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.outlets import SINKS
from distribute.cli.newsletter.ownership import refuse_strangers
from distribute.cli.terminal.report import table
from distribute.cli.terminal.words import many
from distribute.editions.edition import Issue
from distribute.language import Language

PLANNED = "planned"
"""Who is due and was never tried: nobody has written that down, it is counted."""

_Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one sink's account has of an issue, or of a campaign besides."""

    sink: str
    role: str
    """What the campaign sends: ``late es``, ``correction 0a1b2c3d``; empty: the issue."""
    command: str
    """The words that go on with it: ``send 5``; empty if nothing can."""
    words: Mapping[str, str]
    """What a correction says, by language tag."""
    languages: _Counts
    """How many people, by language tag and state; `PLANNED` is one of these."""
    passed_over: Mapping[str, int]
    """How many get nothing, by reason, as the last run saw it."""
    holder: str
    """Which process has the campaign in its hands; empty if none."""
    forsaken_by: str
    """Which process has ended in the middle of it, and nobody went on; empty if none."""


class Standings:
    """Looks at the accounts of an issue; neither waits for a sender nor holds one up.

    Raises `ConfigError` where the database is another newsletter's.
    """

    def __init__(self, newsletter: Newsletter, issue: Issue, now: datetime) -> None:
        self._newsletter = newsletter
        self._database = newsletter.settings.database
        self._sinks = SINKS if is_begun(self._database) else ()
        if self._sinks:
            with closing(Store.open(self._database)) as store:
                refuse_strangers(store, newsletter.settings)
        self._issue = issue
        self._campaign = campaign_id(issue)
        self._now = now

    def all(self) -> Sequence[Standing]:
        """Give the account of each sink by which the issue has begun to be sent.

        Of each sink first that of the issue itself, then of what went out besides.
        """
        found: list[Standing] = []
        if not self._sinks:
            return found
        with closing(Store.open(self._database)) as store:
            for account in self._accounts():
                found += self._standings(store, account)
        return found

    def records(self, states: frozenset[State]) -> Iterator[Record]:
        """Stream the deliveries in these states, sink by sink, campaign by campaign."""
        for account in self._accounts():
            for begun in account.begun(self._campaign):
                yield from self._records(account, begun.id, states)

    def _records(
        self, account: Account, campaign: str, states: frozenset[State]
    ) -> Iterator[Record]:
        also = frozenset[State]()
        if State.UNCERTAIN in states:
            also = self._told_as_uncertain(account, campaign)
        for record in account.records(campaign, states=states.union(also)):
            is_open = record.state in also
            yield replace(record, state=State.UNCERTAIN) if is_open else record

    def sinks_with(self, state: State) -> Sequence[str]:
        """Name the sinks whose account has anybody in this state."""
        return [
            standing.sink
            for standing in self.all()
            if any(states.get(state) for states in standing.languages.values())
        ]

    def _accounts(self) -> Iterator[Account]:
        for sink in self._sinks:
            with Account(self._database, sink) as account:
                yield account

    def _standings(self, store: Store, account: Account) -> Iterator[Standing]:
        belated = Belated(self._newsletter, self._issue, store, account=account)
        for begun, mailing in BegunMailings(belated, account):
            if counts := account.counts(begun.id, self._now):
                yield self._standing(account, begun, mailing, counts)

    def _standing(
        self,
        account: Account,
        begun: Begun,
        mailing: Mailing | None,
        counts: Mapping[Language, Mapping[State, int]],
    ) -> Standing:
        dead = account.forsaken_by(begun.id, self._now)
        holder = "" if dead else account.holder(begun.id)
        planned = self._planned(account.sink, mailing) if mailing else {}
        return Standing(
            sink=account.sink,
            role=begun.id.removeprefix(self._campaign).lstrip(".").replace("-", " ", 1),
            command=mailing.command if mailing else "",
            words=account.words(begun),
            languages=_merged(_as_found(counts, dead), planned),
            passed_over=account.skipped(begun.id),
            holder=holder,
            forsaken_by=str(dead or ""),
        )

    def _told_as_uncertain(self, account: Account, campaign: str) -> frozenset[State]:
        """Say which open states the next run will find to be uncertain."""
        is_forsaken, is_lost = account.aftermath(campaign, self._now)
        return frozenset(_UNCERTAIN_AFTER[not is_lost] if is_forsaken else ())

    def _planned(self, sink: str, mailing: Mailing) -> Mapping[str, int]:
        """Count who is still to be tried, by language tag."""
        with Due(
            self._database,
            sink=sink,
            campaign=mailing.campaign_id,
            today=self._newsletter.day_of(self._now),
            among=mailing.among,
        ) as due:
            owed = count_owed(due, mailing.choices, fresh=True, again=())
        return {language.tag: count for language, count in owed.by_language.items()}


_UNCERTAIN_AFTER = {
    True: (State.STARTED,),
    False: (State.STARTED, State.CLAIMED),
}
"""What is uncertain once a sender is dead, by whether what it wrote last is still there."""


def standing_lines(
    standings: Sequence[Standing], command: Callable[[str], str]
) -> Iterator[str]:
    """Say the same to people; `command` writes a command that goes on."""
    yield ""
    if not standings:
        yield "not sent to anybody yet"
    rows = [
        [each.sink, each.role, tag, state, many(count)]
        for each in standings
        for tag, states in each.languages.items()
        for state, count in states.items()
    ]
    head = ["sent by", "as", "edition", "state", "people"]
    if not any(each.role for each in standings):
        head, rows = _without_role(head), [_without_role(row) for row in rows]
    if rows:
        yield from table(rows, head=head)
    for each in standings:
        yield from _remarks(each, command)


def standing_document(standings: Sequence[Standing]) -> dict[str, object]:
    """Give the same to programs, by sink; what went out besides is in a list."""
    main = [each for each in standings if not each.role]
    return {
        "sending": {each.sink: each.languages for each in main},
        "skipped": {each.sink: each.passed_over for each in main},
        "in_the_hands_of": {each.sink: each.holder for each in main},
        "forsaken_by": {each.sink: each.forsaken_by for each in main},
        "also": [
            {
                "sink": each.sink,
                "role": each.role,
                "words": dict(each.words),
                "sending": each.languages,
                "skipped": each.passed_over,
                "in_the_hands_of": each.holder,
                "forsaken_by": each.forsaken_by,
            }
            for each in standings
            if each.role
        ],
    }


def _remarks(each: Standing, command: Callable[[str], str]) -> Iterator[str]:
    """Say what stands in no table: reasons, words, and in whose hands it is."""
    name = f"{each.sink}: {each.role}: " if each.role else f"{each.sink}: "
    for tag, words in each.words.items():
        yield f"{name}in {tag}: {' '.join(words.split())}"
    if not each.role:  # most of the list is passed over by what is for a few
        for reason, count in each.passed_over.items():
            yield f"{name}{many(count)} passed over: {reason}"
    if not each.command:
        yield f"{name}its text has changed since: nothing goes on with it"
    if each.holder:
        yield f"{name}in the hands of {each.holder}"
    if each.forsaken_by:
        again = command(f"{each.command} --sink {each.sink}")
        yield f"{name}{each.forsaken_by} ended without a word; {again} goes on"


def _without_role(row: Sequence[str]) -> list[str]:
    return [*row[:1], *row[2:]]


def _as_found(
    counts: Mapping[Language, Mapping[State, int]], dead: Process | None
) -> _Counts:
    """Count by language tag and state; what a dead one only claimed is still planned."""
    names: dict[State, str] = {state: str(state) for state in State}
    if dead is not None:
        names[State.CLAIMED] = PLANNED
    return {
        language.tag: {names[state]: count for state, count in states.items()}
        for language, states in counts.items()
    }


def _merged(known: _Counts, planned: Mapping[str, int]) -> _Counts:
    """Add those who have no entry yet; every language has its states in their order."""
    order = [PLANNED, *map(str, State)]
    merged = {}
    for tag in sorted(known.keys() | planned.keys()):
        states = Counter(known.get(tag, {}))
        states[PLANNED] += planned.get(tag, 0)
        merged[tag] = {state: states[state] for state in order if states[state]}
    return merged
