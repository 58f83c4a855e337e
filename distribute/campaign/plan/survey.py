"""Go through a list of any length: who gets which edition, and who gets none and why.

Nobody is kept in memory.

The people come in the order of their keys (by code point), each once, as
`distribute.campaign.ledger.due.Due.everybody` streams them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.plan.among import EVERYBODY, Among
from distribute.campaign.plan.choices import Choices
from distribute.campaign.plan.plan import SETTLED, Counts, Digest, paused_until, sum_up
from distribute.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A plan without its people."""

    counts: Counts
    digest: str
    """Changes with whoever gets what, and with what the editions say."""


class Standing(NamedTuple):
    """One subscriber, as far as a plan depends on them."""

    key: str
    """`Mailbox.key`."""
    languages: str
    """Tags in order of preference, with one space between."""
    only_these: int
    """1 or 0."""
    status: str
    """`Status`."""
    state: str
    """`State` in the ledger; empty if there is none."""
    paused: str = ""
    """Before which day they get nothing, if it has not come yet."""
    outside: int = 0
    """Which of the conditions that narrow the campaign is not met, from 1; 0 if all are."""
    address: str = ""
    """As written for people, if somebody asked for it."""


def standing_of(subscriber: Subscriber, today: date, state: str = "") -> Standing:
    """Give what a plan depends on, of one person; `state` is theirs in the ledger."""
    until = subscriber.paused_until
    return Standing(
        key=subscriber.mailbox.key,
        languages=" ".join(language.tag for language in subscriber.languages),
        only_these=int(subscriber.only_these),
        status=subscriber.status,
        state=state,
        paused=until.isoformat() if until and until > today else "",
        address=subscriber.mailbox.address,
    )


class Fate(NamedTuple):
    """What comes of one subscriber."""

    key: str
    """`Mailbox.key`."""
    address: str
    """As the `Standing` has it."""
    language: Language | None
    """Of the edition they are to get; `None` if they are passed over."""
    reason: str


class Surveyor:
    """Chooses for everybody the edition that suits them best, or none; see `Choices`.

    Only the confirmed receive who do not pause. Whoever has had it, or may have, is passed
    over, but not who was merely put off. `among` is what narrows the campaign. `again` are
    the states in the ledger that keep nobody from getting it, besides those of whom nothing
    has left or who were put off; they make no difference to the digest.
    """

    def __init__(
        self,
        choices: Choices,
        among: Sequence[Among] = EVERYBODY,
        again: Collection[str] = (),
    ) -> None:
        self._choices = choices
        self._outside = [each.reason for each in among]
        self._settled = {s: why for s, why in SETTLED.items() if s not in again}

    def survey(
        self,
        campaign: str,
        people: Iterable[Standing],
        contents: Mapping[Language, str] = {},
    ) -> Survey:
        """Count who gets what, and why the others get nothing, and digest it."""
        digest = Digest(campaign)
        planned: defaultdict[Language, Counter[str]] = defaultdict(Counter)
        skipped: Counter[str] = Counter()
        choose, settled_by = self._choices.of, self._settled
        for person in people:
            edition, reason, _ = choose(person[1], person[2])
            settled = settled_by.get(person[4], "")
            obstacle = settled or self._obstacle(person)
            if obstacle or edition is None:
                skipped[obstacle or reason] += 1
            else:
                planned[edition][reason] += 1
            if edition and (person[4] in SETTLED or not obstacle):
                digest.add(person[0], edition.tag)
        return Survey(counts=sum_up(planned, skipped), digest=digest.of(contents))

    def fates(self, people: Iterable[Standing]) -> Iterator[Fate]:
        """Name everybody with their edition, or why they get none."""
        for person in people:
            edition, reason, _ = self._choices.of(person.languages, person.only_these)
            obstacle = self._settled.get(person.state, "") or self._obstacle(person)
            if obstacle or edition is None:
                yield Fate(person.key, person.address, None, obstacle or reason)
            else:
                yield Fate(person.key, person.address, edition, reason)

    def _obstacle(self, person: Standing) -> str:
        """Say why somebody must not receive, whatever they wish for; empty if they may."""
        _, _, _, status, _, paused, outside, _ = person
        if status != Status.CONFIRMED:
            return status
        if paused:
            return paused_until(paused)
        return self._outside[outside - 1] if outside else ""
