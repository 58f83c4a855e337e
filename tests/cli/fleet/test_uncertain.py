"""What may have arrived waits for a decision, or is sent again as a policy says."""

from collections.abc import Mapping

import pytest

from tests.cli.fleet.conftest import PEOPLE, Fleet


def doubt(fleet: Fleet) -> str:
    """Leave it open whether somebody has got the issue."""
    ((key,),) = fleet.ask("""
        UPDATE delivery SET state = 'uncertain', due = 0
        WHERE number = (SELECT min(number) FROM delivery) RETURNING key
    """)
    return str(key)


@pytest.mark.slow
def test_what_is_uncertain_from_before_waits_for_a_decision(sent: Fleet) -> None:
    """Handed over again, it is named, and left; unless a policy says to let it rest."""
    doubt(sent)
    answer = sent.act("send", "4", "--workers")
    assert answer.status == 5
    assert "1 person may have it from before, and is left out" in answer.out
    assert "status 4 --uncertain" in answer.out
    again = sent.act("send", "4", "--workers", "--on-uncertain", "skip")
    assert (again.status, "left out" in again.out) == (0, False)
    sent.work()
    assert len(sent.served(1)) == PEOPLE - 1


@pytest.mark.slow
def test_who_may_have_it_is_sent_it_again_if_the_policy_says_so(sent: Fleet) -> None:
    """As on one machine; that it was uncertain before stays on record."""
    key = doubt(sent)
    resend = ("send", "4", "--workers", "--on-uncertain", "resend")
    answer = sent.act(*resend)
    assert answer.status == 0, answer.err
    assert "0 handed over to workers, and 1 who may have it." in answer.out
    sent.work()
    assert key in sent.served(1)
    assert sent.ask("SELECT attempt, outcome FROM earlier_attempt") == [
        (1, "uncertain")
    ]


@pytest.mark.slow
def test_whom_a_policy_would_write_to_again_may_leave_before(sent: Fleet) -> None:
    """It stays uncertain then, as it was; so it does when all of it is cancelled."""
    key = doubt(sent)
    before = sent.ask("SELECT * FROM delivery WHERE key = %s", key)
    resend = ("send", "4", "--workers", "--on-uncertain", "resend")
    assert sent.act(*resend).status == 0
    assert sent.act("cancel", "4", "--yes").status == 0
    assert sent.ask("SELECT * FROM delivery WHERE key = %s", key) == before
    assert sent.act(*resend).status == 0
    assert sent.act("audience", "remove", key).status == 0
    sent.work()
    assert sent.ask("SELECT * FROM delivery WHERE key = %s", key) == before


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        ("ask", {"accepted": PEOPLE - 1, "uncertain": 1}),
        ("resend", {"accepted": PEOPLE}),
    ],
)
def test_what_had_left_when_a_worker_died_is_left_to_the_policy(
    fleet: Fleet, policy: str, found: Mapping[str, int]
) -> None:
    """The next worker sends it once more, or lists it."""
    assert fleet.act("send", "4", "--workers", "--on-uncertain", policy).status == 0
    fleet.ask("""
        UPDATE delivery SET state = 'started'
        WHERE number = (SELECT min(number) FROM delivery)
    """)
    fleet.work()
    counted = fleet.ask("SELECT state, count(*) FROM delivery GROUP BY state")
    assert dict(counted) == found


@pytest.mark.slow
def test_nobody_is_sent_it_again_of_whom_nothing_was_said(sent: Fleet) -> None:
    """Such as those outside of a segment, though they stand between its people."""
    inside = sent.readers_of("fr")
    sent.ask(
        """
        UPDATE delivery SET due = 1,
            state = CASE WHEN key = ANY (%s) THEN 'deferred' ELSE 'uncertain' END
        """,
        inside,
    )
    words = ("--segment", "lang:fr", "--on-uncertain", "resend")
    assert sent.act("send", "4", "--workers", *words).status == 0
    sent.work()
    assert sent.served(1) == inside


@pytest.mark.slow
def test_it_is_sent_once_more_and_no_oftener(fleet: Fleet) -> None:
    """What has ended one worker may end the next one as well."""
    resend = ("send", "4", "--workers", "--on-uncertain", "resend")
    assert fleet.act(*resend).status == 0
    fleet.ask("""
        INSERT INTO earlier_attempt (delivery, attempt, outcome, opened, choice, id, code,
                                     enhanced, text, stage)
        SELECT number, 1, 'uncertain', opened, choice, id, 0, '', '', ''
        FROM delivery WHERE number = (SELECT min(number) FROM delivery)
    """)
    fleet.ask("""
        UPDATE delivery SET state = 'started', attempt = 2
        WHERE number = (SELECT min(number) FROM delivery)
    """)
    fleet.work()
    assert len(fleet.served(1)) == PEOPLE - 1
