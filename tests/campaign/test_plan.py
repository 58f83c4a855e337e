"""The plan: everybody's best edition, or the reason why they get none."""

from dataclasses import replace

import pytest

from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Outcome
from distribute.campaign.plan import (
    LISTED_TWICE,
    UNCERTAIN,
    counts,
    plan_campaign,
    uncertain,
)
from distribute.language import Language
from distribute.mailbox import Mailbox
from tests.campaign.wishes import (
    ADA,
    BO,
    CY,
    ISSUE,
    PUBLICATION,
    issue_in,
    languages_of,
    plan_for,
    publication_with,
    somebody,
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
