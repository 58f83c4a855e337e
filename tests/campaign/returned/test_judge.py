"""What is decided about a report, given what is known: nobody is lost by mistake."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.subscriber import Status
from distribute.campaign.returned.judge import (
    Decision,
    Failure,
    Known,
    failure_of,
    judge,
)
from distribute.campaign.returned.policy import BouncePolicy
from distribute.campaign.returned.report import Kind, Report

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
POLICY = BouncePolicy()
ADA = Known(key="ada@example.net", status=Status.CONFIRMED, campaign="issue-7")
STRANGER = Known()
TAKEN_OFF = {
    Decision.BOUNCED,
    Decision.BOUNCED_BY_STRIKES,
    Decision.COMPLAINED,
    Decision.LEFT,
}


def failed(status: str, *, text: str = "", delivery: str = "") -> Report:
    """Report a failure."""
    return Report(
        kind=Kind.FAILED,
        recipient="ada@example.net",
        status=status,
        text=text,
        delivery=delivery,
    )


def decision(report: Report, known: Known = ADA) -> Decision:
    """Judge under the usual policy."""
    return judge(report, known, POLICY, NOW).decision


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        ("5.1.0", Failure.SOFT),
        ("5.1.1", Failure.HARD),
        ("5.1.2", Failure.HARD),
        ("5.1.6", Failure.HARD),
        ("5.1.10", Failure.HARD),
        ("5.2.1", Failure.HARD),
        ("5.2.2", Failure.SOFT),
        ("5.2.0", Failure.SOFT),
        ("5.0.0", Failure.SOFT),
        ("5.4.4", Failure.SOFT),
        ("5.4.1", Failure.SOFT),
        ("5.5.0", Failure.SOFT),
        ("5.1.5", Failure.SOFT),
        ("5.1.9", Failure.SOFT),
        ("4.1.1", Failure.SOFT),
        ("4.2.1", Failure.SOFT),
        ("4.4.7", Failure.SOFT),
        ("", Failure.SOFT),
        ("5.1.7", Failure.OURS),
        ("5.1.8", Failure.OURS),
        ("5.7.1", Failure.OURS),
        ("5.7.515", Failure.OURS),
        ("4.7.28", Failure.OURS),
        ("5.6.0", Failure.OURS),
        ("5.3.4", Failure.OURS),
        ("5.2.3", Failure.OURS),
    ],
)
def test_codes_say_whose_failure_it_is(status: str, failure: Failure) -> None:
    """Only a missing mailbox is hard; what is about us is nobody's fault."""
    assert failure_of(failed(status)) is failure
    expected = {
        Failure.HARD: Decision.BOUNCED,
        Failure.SOFT: Decision.STRIKE,
        Failure.OURS: Decision.ALARM,
    }
    assert decision(failed(status)) is expected[failure]


def test_a_failure_without_any_code_is_no_proof_that_a_mailbox_is_gone() -> None:
    """However permanent the reply code was."""
    assert decision(failed("", text="550 no such user")) is Decision.STRIKE
    assert decision(replace(failed(""), code=550)) is Decision.STRIKE


def test_strikes_add_up_on_different_days_within_the_time() -> None:
    """The fifth within thirty days is enough; older ones have decayed."""
    days = tuple(date(2026, 11, day) for day in (1, 5, 9, 13))
    struck = replace(ADA, strikes=days)
    assert decision(failed("5.2.2"), struck) is Decision.BOUNCED_BY_STRIKES
    assert decision(failed("5.2.2"), replace(struck, strikes=days[1:])) is (
        Decision.STRIKE
    )
    old = (NOW - timedelta(days=30)).date()
    decayed = replace(struck, strikes=(old, *days[1:]))
    assert decision(failed("5.2.2"), decayed) is Decision.STRIKE
    twice = replace(struck, strikes=(days[0], days[0], *days[1:3]))
    assert decision(failed("5.2.2"), twice) is Decision.STRIKE


def test_one_day_and_one_campaign_count_once() -> None:
    """A server that refuses ten times in an hour has said one thing."""
    today = replace(ADA, strikes=(NOW.date(),))
    assert decision(failed("5.2.2"), today) is Decision.IGNORED
    assert decision(failed("5.2.2"), replace(ADA, has_counted=True)) is Decision.IGNORED
    assert decision(failed("5.1.1"), replace(today, has_counted=True)) is (
        Decision.BOUNCED
    )


def test_the_policy_is_ours_to_choose() -> None:
    """A single strike may be enough."""
    policy = BouncePolicy(strikes=1, within=timedelta(days=2))
    judgement = judge(failed("4.4.7"), ADA, policy, NOW)
    assert judgement.decision is Decision.BOUNCED_BY_STRIKES
    assert judgement.reason == "4.4.7: 1 strikes within 2 days"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.DELAYED, Decision.IGNORED),
        (Kind.DELIVERED, Decision.IGNORED),
        (Kind.AUTOMATIC, Decision.IGNORED),
        (Kind.COMPLAINT, Decision.COMPLAINED),
        (Kind.LEAVE, Decision.LEFT),
        (Kind.CONFIRM, Decision.CONFIRMED),
        (Kind.UNKNOWN, Decision.UNKNOWN),
    ],
)
def test_other_reports_about_a_subscriber(kind: Kind, expected: Decision) -> None:
    """Machines that answer, and servers that go on trying, change nothing."""
    assert decision(Report(kind=kind, status="5.1.1")) is expected


@pytest.mark.parametrize("status", [s for s in Status if s.gravity > 1])
def test_who_gets_nothing_cannot_bounce(status: Status) -> None:
    """It is said where they stand instead; a complaint still counts for who left."""
    known = replace(ADA, status=status)
    judgement = judge(failed("5.1.1"), known, POLICY, NOW)
    assert judgement.decision is Decision.IGNORED
    assert str(status) in judgement.reason
    final = {Status.COMPLAINED, Status.SUPPRESSED}
    complained = decision(Report(kind=Kind.COMPLAINT), known)
    assert complained is (Decision.IGNORED if status in final else Decision.COMPLAINED)


def test_where_mail_is_passed_on_to_besides_says_nothing_of_its_reader() -> None:
    """If the same message tells of their own mailbox; an alarm stays one."""
    passed_on = replace(ADA, is_passed_on=True)
    assert decision(failed("5.1.1"), passed_on) is Decision.IGNORED
    assert decision(failed("5.7.1"), passed_on) is Decision.ALARM


@given(
    st.builds(
        Report,
        kind=st.sampled_from(Kind),
        recipient=st.sampled_from(["", "ada@example.net", "nobody"]),
        status=st.sampled_from(["", "5.1.1", "5.2.1", "5.7.1", "4.2.2"]),
        delivery=st.sampled_from(["", "0" * 24]),
        token=st.sampled_from(["", "t" * 40]),
        source=st.sampled_from(["dsn", "arf", "letter", "flufl"]),
    ),
    st.sampled_from(["", "ada@example.net"]),
)
@settings(max_examples=200, deadline=None)
def test_without_a_proof_nobody_is_taken_off(report: Report, named: str) -> None:
    """Whatever a message says, and whomever it names."""
    judgement = judge(report, Known(named=named), POLICY, NOW)
    assert judgement.decision not in TAKEN_OFF
    assert judgement.decision is not Decision.ALARM
    assert judgement.reason


def test_it_is_said_why_a_report_does_not_count() -> None:
    """A person who reads it knows what to look for."""
    reasons = {
        judge(failed("5.1.1"), STRANGER, POLICY, NOW).reason,
        judge(failed("5.1.1"), Known(named=ADA.key), POLICY, NOW).reason,
        judge(failed("5.1.1", delivery="0" * 24), STRANGER, POLICY, NOW).reason,
        judge(Report(kind=Kind.LEAVE, token="t" * 40), STRANGER, POLICY, NOW).reason,
        judge(Report(kind=Kind.CONFIRM, token="t" * 40), STRANGER, POLICY, NOW).reason,
    }
    assert len(reasons) == 5


def test_who_wants_to_leave_without_a_proof_gets_their_link() -> None:
    """Anybody can write any sender; where nothing answers on the web it is believed."""
    letter = Report(kind=Kind.LEAVE, recipient=ADA.key)
    assert decision(letter, Known(named=ADA.key)) is Decision.ASKED
    assert decision(letter, Known(named=ADA.key, by_mail=True)) is Decision.LEFT
    assert decision(letter, Known(by_mail=True)) is Decision.UNKNOWN


def test_who_wants_to_join_is_asked_to_confirm() -> None:
    """With the proof of a delivery it is a change of languages; with a wrong one, nothing."""
    letter = Report(kind=Kind.JOIN, recipient=ADA.key, wishes="es")
    assert decision(letter, STRANGER) is Decision.ASKED
    proved = replace(letter, delivery="0" * 24)
    assert decision(proved, ADA) is Decision.CHOSE
    assert decision(proved, STRANGER) is Decision.UNKNOWN
    assert decision(replace(proved, wishes=""), ADA) is Decision.ASKED
    gone = replace(ADA, status=Status.UNSUBSCRIBED)
    assert decision(proved, gone) is Decision.ASKED
    assert decision(Report(kind=Kind.JOIN), STRANGER) is Decision.UNKNOWN
