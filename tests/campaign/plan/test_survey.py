"""A survey goes through a stream of people without keeping anybody."""

import pytest

from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.campaign import State
from distribute.campaign.plan.among import Among
from distribute.campaign.plan.choices import Choices
from distribute.campaign.plan.plan import UNCERTAIN
from distribute.campaign.plan.survey import Standing, Surveyor, standing_of
from tests.campaign.wishes import ADA, BO, ISSUE, PUBLICATION, TODAY, plan_for


def _standing(subscriber: Subscriber, state: str = "") -> Standing:
    return standing_of(subscriber, TODAY, state)


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
    found = Surveyor(choices).survey("issue-5", [_standing(ADA, state)])
    assert found.counts.skipped == ({reason: 1} if reason else {})
    assert found.counts.planned == (0 if reason else 1)
    assert found.digest == plan_for(ADA).digest


def test_a_pause_and_what_narrows_the_campaign_are_reasons() -> None:
    """First what the ledger has, then the status, then a pause, then the condition."""
    choices = Choices.for_issue(ISSUE, PUBLICATION)
    narrow = [Among(condition="", reason="not here"), Among(condition="", reason="far")]
    ada = _standing(ADA)
    people = [
        ada,
        ada._replace(outside=1),
        ada._replace(outside=2),
        ada._replace(outside=2, paused="2027-01-01"),
        ada._replace(paused="2027-01-01", status="bounced"),
        ada._replace(paused="2027-01-01", status="bounced", state=State.ACCEPTED),
    ]
    surveyor = Surveyor(choices, narrow)
    assert [fate.reason for fate in surveyor.fates(people)][1:] == [
        "not here",
        "far",
        "paused until 2027-01-01",
        "bounced",
        "accepted before",
    ]
    counted = surveyor.survey("issue-5", people).counts
    assert (counted.planned, sum(counted.skipped.values())) == (1, 5)


def test_the_digest_tells_a_narrower_plan_from_a_wider_one() -> None:
    """Who is outside or pauses is not served; who had it before counts all the same."""
    choices = Choices.for_issue(ISSUE, PUBLICATION)
    ada, bo = _standing(ADA), _standing(BO)

    def digest(*people: Standing) -> str:
        surveyor = Surveyor(choices, [Among(condition="", reason="outside")])
        return surveyor.survey("issue-5", people).digest

    assert digest(ada, bo._replace(outside=1)) == digest(ada) != digest(ada, bo)
    assert digest(ada, bo._replace(paused="2027-01-01")) == digest(ada)
    sent = bo._replace(state=State.ACCEPTED, outside=1)
    assert digest(ada, sent) == digest(ada, bo)


def test_an_outcome_that_keeps_nobody_is_planned_again() -> None:
    """As `resend` has it for the uncertain."""
    choices = Choices.for_issue(ISSUE, PUBLICATION)
    surveyor = Surveyor(choices, again={State.UNCERTAIN})
    (fate,) = surveyor.fates([_standing(ADA, State.UNCERTAIN)])
    assert fate.language


def test_a_digest_does_not_depend_on_what_is_tried_again() -> None:
    """`plan` and `send` may be told otherwise what to do about the uncertain."""
    choices = Choices.for_issue(ISSUE, PUBLICATION)
    gone = _standing(ADA, State.UNCERTAIN)._replace(status=Status.UNSUBSCRIBED)
    people = [gone, _standing(BO, State.UNCERTAIN)]
    digests = {
        Surveyor(choices, again=again).survey("issue-5", people).digest
        for again in (set(), {State.UNCERTAIN})
    }
    assert len(digests) == 1
