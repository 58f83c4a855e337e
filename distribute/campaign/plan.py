"""Plan a campaign: who gets which edition, and who gets none and why.

A delivery's id is the first 24 hexadecimal digits of the SHA-256 of three texts with a NUL
between them: the campaign's id, the `Mailbox.key`, and the tag of the edition's language.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.campaign import Delivery, Outcome, Plan, Skip, State
from distribute.campaign.choices import Choice, Choices
from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.mailbox import Mailbox

LISTED_TWICE = "listed twice"
"""Reason of the second subscriber under one mailbox."""
UNCERTAIN = "uncertain: may have arrived, not sent again without a decision"
"""Reason of those whose delivery was interrupted."""

_SETTLED: Mapping[str, str] = {
    State.ACCEPTED: "accepted before",
    State.REJECTED: "rejected before",
    State.UNCERTAIN: UNCERTAIN,
    State.STARTED: UNCERTAIN,
}
"""Who is passed over for what the ledger has of them, and the words for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """A plan in numbers: `planned` and the values of `skipped` add up to everybody."""

    planned: int
    by_language: Mapping[Language, int]
    """How many get each edition, by language tag."""
    reasons: Mapping[Language, Mapping[str, int]]
    """And why, the commonest reason first."""
    skipped: Mapping[str, int]
    """Why the others get none, the commonest reason first."""
    uncertain: int
    """How many of these wait for a decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A plan without its people, for a list of any length."""

    counts: Counts
    digest: str
    """The same as that of the `Plan`."""


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


def plan_campaign(
    issue: Issue,
    subscribers: Iterable[Subscriber],
    *,
    publication: Publication,
    suppressed: Collection[str] = (),
    delivered: Mapping[str, Outcome] = {},
    contents: Mapping[Language, str] = {},
) -> Plan:
    """Choose for everybody the edition that suits them best, or none; see `Choices`.

    Only the confirmed receive, and nobody whose key is in `suppressed`.

    `delivered` is what the ledger knows of this campaign, by `Mailbox.key`
    (`Ledger.recipients`): whoever is in it is passed over, unless merely deferred. To
    try the rejected or the uncertain again, leave them out of it.

    The digest covers everybody who gets the issue or has had it, with their edition, and
    from `contents` what those editions say. So it changes with the audience and with the
    texts, but not while an interrupted run goes on.
    """
    campaign = campaign_id(issue)
    choices = Choices.for_issue(issue, publication)
    people, repeated = _once_each(subscribers)
    deliveries: list[Delivery] = []
    skipped: list[Skip] = []
    served: list[tuple[str, str]] = []
    for subscriber in people:
        key, choice = subscriber.mailbox.key, _choice(subscriber, choices)
        settled = _SETTLED.get(delivered.get(key, ""), "")
        obstacle = settled or _barred(subscriber, suppressed)
        if obstacle or choice.language is None:
            skipped.append(Skip(subscriber, obstacle or choice.reason))
        else:
            deliveries.append(
                _delivery(campaign, subscriber, choice.language, choice.reason)
            )
        if choice.language and (settled or not obstacle):
            served.append((key, choice.language.tag))
    skipped += [Skip(subscriber, LISTED_TWICE) for subscriber in repeated]
    return Plan(
        campaign=campaign,
        deliveries=tuple(sorted(deliveries, key=lambda d: d.language.tag)),
        skipped=tuple(sorted(skipped, key=lambda skip: skip.subscriber.mailbox.key)),
        digest=_digest(campaign, served, contents),
    )


def survey(
    campaign: str,
    people: Iterable[Standing],
    choices: Choices,
    contents: Mapping[Language, str] = {},
) -> Survey:
    """Sum up the plan that `plan_campaign` would make, in memory that does not grow.

    The people come in the order of their keys (by code point), each once.
    """
    digest = hashlib.sha256(f"{campaign}\n".encode())
    planned: defaultdict[Language, Counter[str]] = defaultdict(Counter)
    skipped: Counter[str] = Counter()
    served: set[str] = set()
    for key, languages, only_these, status, state in people:
        edition, reason, _ = choices.of(languages, only_these)
        settled = _SETTLED.get(state, "")
        obstacle = settled or ("" if status == Status.CONFIRMED else status)
        if obstacle or edition is None:
            skipped[obstacle or reason] += 1
        else:
            planned[edition][reason] += 1
        if edition and (settled or not obstacle):
            digest.update(f"{key}\0{edition.tag}\n".encode())
            served.add(edition.tag)
    digest.update(_texts(contents, served))
    return Survey(counts=_sum_up(planned, skipped), digest=digest.hexdigest()[:24])


def counts(plan: Plan) -> Counts:
    """Sum a plan up."""
    planned: defaultdict[Language, Counter[str]] = defaultdict(Counter)
    for delivery in plan.deliveries:
        planned[delivery.language][delivery.reason] += 1
    return _sum_up(planned, Counter(skip.reason for skip in plan.skipped))


def _sum_up(planned: Mapping[Language, Counter[str]], skipped: Counter[str]) -> Counts:
    by_language = {language: planned[language].total() for language in sorted(planned)}
    return Counts(
        planned=sum(by_language.values()),
        by_language=by_language,
        reasons={
            language: dict(planned[language].most_common()) for language in by_language
        },
        skipped=dict(skipped.most_common()),
        uncertain=skipped[UNCERTAIN],
    )


def uncertain(plan: Plan) -> tuple[Skip, ...]:
    """List those whose delivery was interrupted: somebody has to decide about them."""
    return tuple(skip for skip in plan.skipped if skip.reason == UNCERTAIN)


def campaign_id(issue: Issue) -> str:
    """Name the campaign that sends this issue: ``issue-5``."""
    return f"issue-{issue.id}"


def delivery_id(campaign: str, mailbox: Mailbox, language: Language) -> str:
    """Derive the id of a delivery, as the head of this module says."""
    parts = "\0".join((campaign, mailbox.key, language.tag))
    return hashlib.sha256(parts.encode()).hexdigest()[:24]


def _once_each(
    subscribers: Iterable[Subscriber],
) -> tuple[Sequence[Subscriber], Sequence[Subscriber]]:
    """Part those listed twice from everybody once, in the order of their keys.

    Of two the one with the graver status stands, whichever came first.
    """
    people: dict[str, Subscriber] = {}
    repeated = []
    for subscriber in subscribers:
        key = subscriber.mailbox.key
        if key in people:
            subscriber, other = sorted((people[key], subscriber), key=_precedence)
            repeated.append(other)
        people[key] = subscriber
    return [people[key] for key in sorted(people)], sorted(repeated, key=_precedence)


def _precedence(subscriber: Subscriber) -> tuple[int, str]:
    return -subscriber.status.gravity, repr(subscriber)


def _choice(subscriber: Subscriber, choices: Choices) -> Choice:
    languages = " ".join(language.tag for language in subscriber.languages)
    return choices.of(languages, int(subscriber.only_these))


def _barred(subscriber: Subscriber, suppressed: Collection[str]) -> str:
    """Say why somebody must not receive; empty if they may."""
    if subscriber.mailbox.key in suppressed:
        return Status.SUPPRESSED.value
    confirmed = subscriber.status is Status.CONFIRMED
    return "" if confirmed else subscriber.status.value


def _delivery(
    campaign: str, subscriber: Subscriber, language: Language, reason: str
) -> Delivery:
    return Delivery(
        id=delivery_id(campaign, subscriber.mailbox, language),
        subscriber=subscriber,
        language=language,
        reason=reason,
    )


def _digest(
    campaign: str, served: Sequence[tuple[str, str]], contents: Mapping[Language, str]
) -> str:
    """Digest who is served with which edition, and what these editions say."""
    lines = "".join(f"{key}\0{tag}\n" for key, tag in served)
    digest = hashlib.sha256(f"{campaign}\n{lines}".encode())
    digest.update(_texts(contents, {tag for _, tag in served}))
    return digest.hexdigest()[:24]


def _texts(contents: Mapping[Language, str], tags: Collection[str]) -> bytes:
    """Write out what the editions say that somebody is served with."""
    texts = sorted((language.tag, text) for language, text in contents.items())
    return "".join(f"{tag}\0{text}\n" for tag, text in texts if tag in tags).encode()
