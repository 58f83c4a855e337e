"""The plan: everybody's best edition, or the reason why they get none."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.campaign import Outcome, Plan
from distribute.campaign.plan import (
    LISTED_TWICE,
    UNCERTAIN,
    campaign_id,
    counts,
    delivery_id,
    plan_campaign,
    uncertain,
)
from distribute.editions.edition import Issue
from distribute.language import Language
from distribute.mailbox import Mailbox
from tests.campaign.wishes import (
    ADA,
    BO,
    CY,
    ISSUE,
    PUBLICATION,
    examples,
    issue_in,
    issues,
    languages_of,
    ledgers,
    people,
    plan_for,
    publication_with,
    somebody,
    suppressions,
)

# The issue exists in `editions`; a reader wishes for `wishes` (a ! means only these); the
# newsletter falls back to `fallbacks`, then to English. The reader gets `edition`.
CHOICES = [
    # editions, wishes, fallbacks, edition, reason
    ("en fr", "fr", "", "fr", "asked for fr"),
    ("en fr", "fr en", "", "fr", "asked for fr"),
    ("en fr", "de fr", "", "fr", "asked for de, then fr"),
    ("en fr", "fr!", "", "fr", "asked for fr"),
    ("en pt-BR", "pt-PT", "", "pt-BR", "asked for pt-PT, pt-BR is nearest"),
    ("en pt-BR", "pt-PT!", "", "pt-BR", "asked for pt-PT, pt-BR is nearest"),
    ("en pt-BR", "pt", "", "pt-BR", "asked for pt, pt-BR is nearest"),
    ("en pt", "pt-BR", "", "pt", "asked for pt-BR, pt is nearest"),
    ("en pt pt-BR", "pt-BR", "", "pt-BR", "asked for pt-BR"),
    ("en pt-BR", "de pt-PT", "", "pt-BR", "asked for de, then pt-PT, pt-BR is nearest"),
    ("en fr pt-BR", "pt-PT fr", "", "pt-BR", "asked for pt-PT, pt-BR is nearest"),
    ("en zh-Hans", "zh-CN", "", "zh-Hans", "asked for zh-CN, zh-Hans is nearest"),
    ("en zh-Hans", "zh-TW", "", "en", "asked for zh-TW, en is the default"),
    ("en fr", "", "", "en", "no wish, en is the default"),
    ("en fr", "de", "", "en", "asked for de, en is the default"),
    ("en fr", "de es", "", "en", "asked for de, es, en is the default"),
    ("en fr es", "gl", "es", "es", "asked for gl, es is the fallback"),
    ("en fr es", "gl", "pt es fr", "es", "asked for gl, es is the fallback"),
    ("en fr es", "gl", "pt", "en", "asked for gl, en is the default"),
    ("en fr es", "", "es", "es", "no wish, es is the fallback"),
    ("en fr es", "fr", "es", "fr", "asked for fr"),
    ("en fr", "de!", "fr", None, "wants only de, and there is no edition"),
    ("en fr", "de es!", "", None, "wants only de, es, and there is no edition"),
    ("fr", "de", "", None, "no edition in de, en"),
    ("fr", "de", "es", None, "no edition in de, es, en"),
    ("fr", "", "", None, "no edition in en"),
]


@pytest.mark.parametrize(
    ("editions", "wishes", "fallbacks", "edition", "reason"), CHOICES
)
def test_which_edition_somebody_gets_and_why(
    editions: str, wishes: str, fallbacks: str, edition: str | None, reason: str
) -> None:
    """Wishes in order, each with its nearest; then the fallbacks; then the default."""
    plan = plan_campaign(
        issue_in(editions),
        [somebody(wishes)],
        publication=publication_with(fallbacks=fallbacks),
    )
    if edition is None:
        assert plan.deliveries == ()
        assert [skip.reason for skip in plan.skipped] == [reason]
    else:
        (delivery,) = plan.deliveries
        assert (delivery.language.tag, delivery.reason) == (edition, reason)
        assert plan.skipped == ()


def test_only_these_of_nothing_is_no_wish() -> None:
    """Somebody who names no language gets the default, whatever else they ticked."""
    (delivery,) = plan_for(replace(ADA, only_these=True)).deliveries
    assert delivery.language == Language("en")


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.CONFIRMED])
def test_only_the_confirmed_receive(status: Status) -> None:
    """Everybody else is passed over, and their status is the reason."""
    plan = plan_for(replace(ADA, status=status), BO)
    assert [d.subscriber for d in plan.deliveries] == [BO]
    assert [(s.subscriber.mailbox, s.reason) for s in plan.skipped] == [
        (ADA.mailbox, status.value)
    ]


def test_the_suppressed_receive_nothing() -> None:
    """A suppressed address wins over a confirmed subscriber, in any case."""
    shouting = replace(ADA, mailbox=Mailbox("ADA@example.org"))
    plan = plan_campaign(
        ISSUE, [shouting], publication=PUBLICATION, suppressed={"ada@example.org"}
    )
    assert [skip.reason for skip in plan.skipped] == ["suppressed"]


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome.ACCEPTED, "accepted before"),
        (Outcome.REJECTED, "rejected before"),
        (Outcome.UNCERTAIN, UNCERTAIN),
    ],
)
def test_whoever_had_it_does_not_get_it_again(outcome: Outcome, reason: str) -> None:
    """A delivery that ended, or may have, is not planned again in any language."""
    wants_another_now = replace(ADA, languages=languages_of("pt-BR"))
    plan = plan_campaign(
        ISSUE,
        [wants_another_now, BO],
        publication=PUBLICATION,
        delivered={ADA.mailbox.key: outcome},
    )
    assert [d.subscriber for d in plan.deliveries] == [BO]
    assert [skip.reason for skip in plan.skipped] == [reason]


def test_the_deferred_are_planned_again() -> None:
    """What was put off is still owed."""
    plan = plan_campaign(
        ISSUE,
        [ADA],
        publication=PUBLICATION,
        delivered={ADA.mailbox.key: Outcome.DEFERRED},
    )
    assert plan == plan_for(ADA)


def test_the_deferred_who_left_meanwhile_are_not() -> None:
    """What is owed to somebody who unsubscribed is owed no longer."""
    plan = plan_campaign(
        ISSUE,
        [replace(ADA, status=Status.UNSUBSCRIBED)],
        publication=PUBLICATION,
        delivered={ADA.mailbox.key: Outcome.DEFERRED},
    )
    assert [skip.reason for skip in plan.skipped] == ["unsubscribed"]


def test_the_uncertain_are_listed_apart() -> None:
    """Those about whom somebody must decide can be told from the others passed over."""
    plan = plan_campaign(
        ISSUE,
        [ADA, BO, replace(CY, status=Status.BOUNCED)],
        publication=PUBLICATION,
        delivered={
            ADA.mailbox.key: Outcome.UNCERTAIN,
            BO.mailbox.key: Outcome.ACCEPTED,
        },
    )
    assert [skip.subscriber for skip in uncertain(plan)] == [ADA]
    assert len(plan.skipped) == 3


def test_somebody_listed_twice_gets_one() -> None:
    """Two subscribers under one address are one person, and the graver status stands."""
    shouting = replace(ADA, mailbox=Mailbox("ADA@example.org"))
    plan = plan_for(ADA, shouting)
    assert len(plan.deliveries) == 1
    assert [skip.reason for skip in plan.skipped] == [LISTED_TWICE]
    gone = replace(shouting, status=Status.UNSUBSCRIBED)
    for listed in ((ADA, gone), (gone, ADA)):
        assert [s.reason for s in plan_for(*listed).skipped] == [
            "unsubscribed",
            LISTED_TWICE,
        ]


def test_deliveries_are_in_the_order_of_language_and_address() -> None:
    """The order is that of the language tags, then of the addresses without case."""
    people = [
        somebody("zh-Hans", name="ada"),
        somebody("en", name="Zoe"),
        somebody("pt-BR", name="bo"),
        somebody("en", name="bo2"),
        somebody("en", name="ada2"),
    ]
    plan = plan_for(*people)
    assert [
        (d.language.tag, d.subscriber.mailbox.address.partition("@")[0])
        for d in plan.deliveries
    ] == [
        ("en", "ada2"),
        ("en", "bo2"),
        ("en", "Zoe"),
        ("pt-BR", "bo"),
        ("zh-Hans", "ada"),
    ]


def test_an_id_is_the_same_on_every_run() -> None:
    """It depends on campaign, address without case, and language; frozen for ever.

    A different id for the same delivery would be a second copy to somebody.
    """
    (delivery,) = plan_for(somebody("zh-Hans", name="Ada")).deliveries
    assert campaign_id(ISSUE) == "issue-5"
    assert delivery.id == "93e13d814985bb521702c4c3"
    zh = Language("zh-Hans")
    assert delivery.id == delivery_id("issue-5", Mailbox("ADA@example.org"), zh)
    assert delivery.id != delivery_id("issue-6", ADA.mailbox, zh)
    assert delivery.id != delivery_id("issue-5", ADA.mailbox, Language("en"))
    assert delivery.id != delivery_id("issue-5", BO.mailbox, zh)


def test_the_digest_changes_with_who_gets_what() -> None:
    """Somebody more, somebody gone, or somebody's other language is another plan."""
    digests = {
        plan.digest
        for plan in (
            plan_for(ADA, BO),
            plan_for(ADA),
            plan_for(ADA, BO, CY),
            plan_for(ADA, replace(BO, languages=languages_of("pt-BR"))),
            plan_campaign(
                issue_in("en fr"), [ADA], publication=publication_with(default="fr")
            ),
        )
    }
    assert len(digests) == 5
    assert {len(digest) for digest in digests} == {24}


def test_the_digest_ignores_who_gets_nothing() -> None:
    """An address that is not written to does not make a plan another one."""
    pending = replace(CY, status=Status.PENDING)
    assert plan_for(ADA, pending).digest == plan_for(ADA).digest


def test_the_digest_changes_with_what_the_editions_say() -> None:
    """A corrected typo is another plan, unless nobody gets that edition."""
    en, zh = Language("en"), Language("zh-Hans")

    def digest(english: str, chinese: str) -> str:
        texts = {en: english, zh: chinese}
        return plan_campaign(
            ISSUE, [ADA], publication=PUBLICATION, contents=texts
        ).digest

    assert digest("teh", "x") != digest("the", "x")
    assert digest("the", "x") == digest("the", "y")


def test_the_digest_stays_while_a_run_goes_on() -> None:
    """An interrupted sending continues under the digest that was approved."""
    approved = plan_for(ADA, BO, CY)
    halfway = plan_campaign(
        ISSUE,
        [ADA, replace(BO, status=Status.BOUNCED), CY],
        publication=PUBLICATION,
        delivered={
            ADA.mailbox.key: Outcome.ACCEPTED,
            BO.mailbox.key: Outcome.REJECTED,
            CY.mailbox.key: Outcome.DEFERRED,
        },
    )
    assert [d.subscriber for d in halfway.deliveries] == [CY]
    assert halfway.digest == approved.digest


def test_a_plan_in_numbers() -> None:
    """Counts per language with reasons, and everybody passed over, commonest first."""
    people = [
        somebody("en", name="a"),
        somebody(name="b"),
        somebody(name="c"),
        somebody("pt-PT", name="d"),
        replace(somebody(name="e"), status=Status.PENDING),
        replace(somebody(name="f"), status=Status.BOUNCED),
        replace(somebody(name="g"), status=Status.BOUNCED),
        somebody(name="h"),
    ]
    plan = plan_campaign(
        ISSUE,
        people,
        publication=PUBLICATION,
        delivered={"h@example.org": Outcome.UNCERTAIN},
    )
    numbers = counts(plan)
    en, pt = Language("en"), Language("pt-BR")
    assert numbers.planned == 4
    assert list(numbers.by_language.items()) == [(en, 3), (pt, 1)]
    assert list(numbers.reasons[en].items()) == [
        ("no wish, en is the default", 2),
        ("asked for en", 1),
    ]
    assert numbers.reasons[pt] == {"asked for pt-PT, pt-BR is nearest": 1}
    assert list(numbers.skipped.items()) == [
        ("bounced", 2),
        ("pending", 1),
        (UNCERTAIN, 1),
    ]
    assert numbers.uncertain == 1
    assert numbers.planned + sum(numbers.skipped.values()) == len(people)


def test_nobody_at_all_is_a_plan_too() -> None:
    """Without subscribers there is nothing to do, and that is no error."""
    plan = plan_for()
    assert (plan.campaign, plan.deliveries, plan.skipped) == ("issue-5", (), ())
    assert counts(plan).planned == 0


@given(issues, people, ledgers, suppressions)
@examples
def test_everybody_is_served_or_passed_over_exactly_once(
    issue: Issue,
    subscribers: Sequence[Subscriber],
    ledger: dict[str, Outcome],
    suppressed: set[str],
) -> None:
    """Nobody is forgotten, nobody is served twice, and every edition exists."""
    plan = plan_campaign(
        issue,
        subscribers,
        publication=PUBLICATION,
        suppressed=suppressed,
        delivered=ledger,
    )
    served = [delivery.subscriber for delivery in plan.deliveries]
    passed_over = [skip.subscriber for skip in plan.skipped]
    assert sorted(map(repr, served + passed_over)) == sorted(map(repr, subscribers))
    keys = [subscriber.mailbox.key for subscriber in served]
    assert len(keys) == len(set(keys))
    assert not suppressed & set(keys)
    assert all(subscriber.status is Status.CONFIRMED for subscriber in served)
    assert all(ledger.get(key, Outcome.DEFERRED) is Outcome.DEFERRED for key in keys)
    assert all(delivery.language in issue.editions for delivery in plan.deliveries)
    assert all(delivery.reason for delivery in plan.deliveries)
    assert all(skip.reason for skip in plan.skipped)


@given(issues, people, ledgers, st.data())
@examples
def test_the_order_of_the_input_does_not_matter(
    issue: Issue,
    subscribers: list[Subscriber],
    ledger: dict[str, Outcome],
    data: st.DataObject,
) -> None:
    """The same people in any order give the same plan, digest and all."""

    def plan(people: Sequence[Subscriber]) -> Plan:
        return plan_campaign(issue, people, publication=PUBLICATION, delivered=ledger)

    shuffled = data.draw(st.permutations(subscribers))
    assert plan(shuffled) == plan(subscribers)


@given(issues, people)
@examples
def test_an_exact_edition_of_the_first_wish_is_always_taken(
    issue: Issue, subscribers: Sequence[Subscriber]
) -> None:
    """Whoever's first language the issue has gets that one, and nothing near it."""
    for delivery in plan_campaign(
        issue, subscribers, publication=PUBLICATION
    ).deliveries:
        wishes = delivery.subscriber.languages
        if wishes and wishes[0] in issue.editions:
            assert delivery.language == wishes[0]


def test_a_digest_is_frozen() -> None:
    """What somebody has approved holds with every version."""
    assert plan_for(ADA, BO).digest == "d6894df7b085d19b45ee6c2d"
