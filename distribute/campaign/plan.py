"""Plan a campaign: who gets which edition, and who gets none and why.

A delivery's id is the first 24 hexadecimal digits of the SHA-256 of three texts with a NUL
between them: the campaign's id, the `Mailbox.key`, and the tag of the edition's language.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.campaign import Delivery, Outcome, Plan, Skip
from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language, best_match
from distribute.mailbox import Mailbox

LISTED_TWICE = "listed twice"
"""Reason of the second subscriber under one mailbox."""
UNCERTAIN = "uncertain: may have arrived, not sent again without a decision"
"""Reason of those whose delivery was interrupted."""

_SETTLED = {
    Outcome.ACCEPTED: "accepted before",
    Outcome.REJECTED: "rejected before",
    Outcome.UNCERTAIN: UNCERTAIN,
    Outcome.DEFERRED: "",
}

_Wishes = tuple[Language, ...]


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


@dataclass(frozen=True, slots=True)
class _Choice:
    """The edition for one list of wishes, or why there is none."""

    language: Language | None
    reason: str


def plan_campaign(
    issue: Issue,
    subscribers: Iterable[Subscriber],
    *,
    publication: Publication,
    suppressed: Collection[str] = (),
    delivered: Mapping[str, Outcome] = {},
    contents: Mapping[Language, str] = {},
) -> Plan:
    """Choose for everybody the edition that suits them best, or none.

    Each wish is tried in order, as `best_match` does it; then the fallbacks of the
    newsletter, then its default language. Those who want only what they wish for get
    nothing else. Only the confirmed receive, and nobody whose key is in `suppressed`.

    `delivered` is what the ledger knows of this campaign, by `Mailbox.key`
    (`Ledger.recipients`): whoever is in it is passed over, unless merely deferred. To
    try the rejected or the uncertain again, leave them out of it.

    The digest covers everybody who gets the issue or has had it, with their edition, and
    from `contents` what those editions say. So it changes with the audience and with the
    texts, but not while an interrupted run goes on.
    """
    campaign = campaign_id(issue)
    choose = _chooser(issue, publication)
    people, repeated = _once_each(subscribers)
    deliveries: list[Delivery] = []
    skipped: list[Skip] = []
    served: list[tuple[str, str]] = []
    for subscriber in people:
        key, choice = subscriber.mailbox.key, choose(subscriber)
        settled = _SETTLED[delivered[key]] if key in delivered else ""
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


def counts(plan: Plan) -> Counts:
    """Sum a plan up."""
    reasons: dict[Language, Counter[str]] = {}
    for delivery in plan.deliveries:
        reasons.setdefault(delivery.language, Counter())[delivery.reason] += 1
    skipped = Counter(skip.reason for skip in plan.skipped)
    return Counts(
        planned=len(plan.deliveries),
        by_language={language: sum(why.values()) for language, why in reasons.items()},
        reasons={
            language: dict(why.most_common()) for language, why in reasons.items()
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


def _chooser(issue: Issue, publication: Publication) -> Callable[[Subscriber], _Choice]:
    """Make the function that chooses; it decides once per list of wishes."""
    editions = tuple(issue.editions)
    last_resorts = (*publication.fallbacks, publication.default_language)

    @cache
    def choice(wishes: _Wishes, only_these: bool) -> _Choice:  # noqa: FBT001 - a cache key
        if wishes and (match := best_match(wishes, editions)):
            return _Choice(match[1], _why_wished(wishes, *match))
        if wishes and only_these:
            return _Choice(
                None, f"wants only {_listed(wishes)}, and there is no edition"
            )
        if match := best_match(last_resorts, editions):
            return _Choice(match[1], _why_resorted(wishes, match[1], publication))
        return _Choice(None, f"no edition in {_listed(wishes + last_resorts)}")

    return lambda subscriber: choice(subscriber.languages, subscriber.only_these)


def _why_wished(wishes: _Wishes, wish: Language, edition: Language) -> str:
    asked = ", then ".join(w.tag for w in wishes[: wishes.index(wish) + 1])
    nearest = "" if wish == edition else f", {edition} is nearest"
    return f"asked for {asked}{nearest}"


def _why_resorted(wishes: _Wishes, edition: Language, publication: Publication) -> str:
    asked = f"asked for {_listed(wishes)}" if wishes else "no wish"
    role = "default" if edition == publication.default_language else "fallback"
    return f"{asked}, {edition} is the {role}"


def _listed(languages: Iterable[Language]) -> str:
    return ", ".join(dict.fromkeys(language.tag for language in languages))


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
    tags = {tag for _, tag in served}
    texts = sorted(
        (lang.tag, text) for lang, text in contents.items() if lang.tag in tags
    )
    lines = (f"{one}\0{other}\n" for one, other in (*served, *texts))
    return hashlib.sha256("".join((campaign, "\n", *lines)).encode()).hexdigest()[:24]
