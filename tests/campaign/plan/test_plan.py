"""The plan: everybody's best edition, or the reason why they get none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Outcome
from distribute.campaign.plan.plan import UNCERTAIN
from distribute.language import Language
from tests.campaign.wishes import (
    ADA,
    BO,
    TODAY,
    issue_in,
    languages_of,
    plan,
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
    planned = plan(
        [somebody(wishes)],
        issue=issue_in(editions),
        publication=publication_with(fallbacks=fallbacks),
    )
    (fate,) = planned.deliveries or planned.skipped
    assert (fate.language and fate.language.tag, fate.reason) == (edition, reason)


def test_only_these_of_nothing_is_no_wish() -> None:
    """Somebody who names no language gets the default, whatever else they ticked."""
    (delivery,) = plan_for(replace(ADA, only_these=True)).deliveries
    assert delivery.language == Language("en")


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.CONFIRMED])
def test_only_the_confirmed_receive(status: Status) -> None:
    """Everybody else is passed over, and their status is the reason."""
    planned = plan_for(replace(ADA, status=status), BO)
    assert planned.served == [BO.mailbox.key]
    assert [(s.key, s.reason) for s in planned.skipped] == [
        (ADA.mailbox.key, status.value)
    ]


def test_who_pauses_is_passed_over_until_the_day() -> None:
    """On that day they are served again."""
    tomorrow = TODAY + timedelta(days=1)
    planned = plan_for(replace(ADA, paused_until=tomorrow), BO)
    assert planned.reasons == [f"paused until {tomorrow}"]
    assert plan_for(replace(ADA, paused_until=TODAY), BO).reasons == []


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
    planned = plan([wants_another_now, BO], delivered={ADA.mailbox.key: outcome})
    assert planned.served == [BO.mailbox.key]
    assert planned.reasons == [reason]


def test_the_deferred_are_planned_again() -> None:
    """What was put off is still owed."""
    assert plan([ADA], delivered={ADA.mailbox.key: Outcome.DEFERRED}) == plan_for(ADA)


def test_the_deferred_who_left_meanwhile_are_not() -> None:
    """What is owed to somebody who unsubscribed is owed no longer."""
    gone = replace(ADA, status=Status.UNSUBSCRIBED)
    planned = plan([gone], delivered={ADA.mailbox.key: Outcome.DEFERRED})
    assert planned.reasons == ["unsubscribed"]


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
    numbers = plan(people, delivered={"h@example.org": Outcome.UNCERTAIN}).counts
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
    planned = plan_for()
    assert (planned.deliveries, planned.skipped, planned.counts.planned) == ([], [], 0)
