"""A survey counts a stream of people without keeping anybody, and comes to what the plan says."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.audience.subscriber import Subscriber
from distribute.campaign.campaign import Outcome, State
from distribute.campaign.choices import Choices
from distribute.campaign.plan import (
    UNCERTAIN,
    Standing,
    counts,
    plan_campaign,
    survey,
)
from distribute.editions.edition import Issue
from distribute.language import Language
from tests.campaign.wishes import (
    ADA,
    ISSUE,
    PUBLICATION,
    examples,
    issues,
    languages,
    ledgers,
    people,
    plan_for,
)


def _standing(subscriber: Subscriber, state: str = "") -> Standing:
    return Standing(
        subscriber.mailbox.key,
        " ".join(language.tag for language in subscriber.languages),
        int(subscriber.only_these),
        subscriber.status,
        state,
    )


@given(issues, people, ledgers, st.dictionaries(languages, st.text(max_size=3)))
@examples
def test_a_survey_counts_and_digests_what_a_plan_names(
    issue: Issue,
    subscribers: Sequence[Subscriber],
    ledger: dict[str, Outcome],
    contents: dict[Language, str],
) -> None:
    """From a stream, person by person, it comes to the same numbers and digest."""
    once = {subscriber.mailbox.key: subscriber for subscriber in subscribers}
    plan = plan_campaign(
        issue,
        once.values(),
        publication=PUBLICATION,
        delivered=ledger,
        contents=contents,
    )
    found = survey(
        plan.campaign,
        (_standing(once[key], ledger.get(key, "")) for key in sorted(once)),
        Choices.for_issue(issue, PUBLICATION),
        contents,
    )
    assert found.digest == plan.digest
    assert found.counts == counts(plan)
    for language, reasons in counts(plan).reasons.items():
        assert list(found.counts.reasons[language]) == list(reasons)
    assert list(found.counts.by_language) == list(counts(plan).by_language)
    assert list(found.counts.skipped) == list(counts(plan).skipped)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (State.STARTED, UNCERTAIN),
        (State.UNCERTAIN, UNCERTAIN),
        (State.CLAIMED, ""),
        (State.SKIPPED, ""),
        (State.DEFERRED, ""),
        ("", ""),
    ],
)
def test_a_survey_knows_every_state_of_the_ledger(state: str, reason: str) -> None:
    """Whoever was merely claimed is still owed it; who was started may have had it."""
    choices = Choices.for_issue(ISSUE, PUBLICATION)
    found = survey("issue-5", [_standing(ADA, state)], choices)
    assert found.counts.skipped == ({reason: 1} if reason else {})
    assert found.counts.planned == (0 if reason else 1)
    assert found.digest == plan_for(ADA).digest
