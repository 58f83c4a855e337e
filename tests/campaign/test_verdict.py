"""What a server's answer means: done, again and when, or never."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.campaign.campaign import Entry, Outcome, Receipt, Stage
from distribute.campaign.verdict import (
    LONGEST_WAIT,
    RetryPolicy,
    blames_sender,
    entries_of,
    entry_of,
    is_gone,
    is_policy,
    is_unknown,
    wait_before_next,
)
from tests.campaign.actors import (
    BAD_SENDER,
    FULL,
    GREYLISTED,
    OK,
    START,
    UNKNOWN,
    VANISHED,
    parcel,
)

HOUR = 3_600_000
POLICY = RetryPolicy(retry_after=300_000, give_up_after=48 * HOUR)


def refused(enhanced: str, stage: Stage = Stage.RCPT, code: int = 550) -> Receipt:
    """Make a final refusal."""
    return Receipt(Outcome.REJECTED, code, enhanced, "no", stage)


@pytest.mark.parametrize("receipt", [OK, UNKNOWN, VANISHED])
def test_what_is_over_is_recorded_as_it_came(receipt: Receipt) -> None:
    """Accepted, rejected or uncertain: there is no next time by itself."""
    ada = parcel("ada")
    assert entry_of(ada, receipt, START, POLICY) == Entry(ada, receipt, 0)


@pytest.mark.parametrize("receipt", [GREYLISTED, FULL])
def test_a_4xx_is_tried_again_after_a_while(receipt: Receipt) -> None:
    """At whatever stage it comes, about five minutes later."""
    entry = entry_of(parcel("ada"), receipt, START, POLICY)
    assert entry.receipt == receipt
    assert START + 240_000 <= entry.due <= START + 360_000


@given(st.integers(0, 60), st.integers(1, 10_000_000))
def test_waits_double_up_to_six_hours_give_or_take_a_fifth(
    attempt: int, retry_after: int
) -> None:
    """Unless the first is longer by itself; a hundredth attempt waits like a tenth."""
    wait = wait_before_next(parcel("ada", attempt=attempt), RetryPolicy(retry_after))
    even = min(retry_after * 2**attempt, max(LONGEST_WAIT, retry_after))
    assert 0.8 * even - 1 <= wait <= 1.2 * even + 1


def test_jitter_is_spread_and_the_same_on_every_run() -> None:
    """People deferred together do not come back together; a value here is frozen."""
    waits = [wait_before_next(parcel(f"u{number}"), POLICY) for number in range(300)]
    assert len(set(waits)) > 290
    assert min(waits) < 250_000
    assert max(waits) > 350_000
    assert 290_000 < sum(waits) / 300 < 310_000
    assert wait_before_next(parcel("ada"), POLICY) == 345_761
    assert wait_before_next(parcel("ada", attempt=1), POLICY) != 2 * 345_761


def test_after_the_deadline_the_next_4xx_is_the_last() -> None:
    """It is rejected with the last words, and not before."""
    long_ago = parcel("ada", attempt=9, since=START - 48 * HOUR)
    entry = entry_of(long_ago, GREYLISTED, START, POLICY)
    assert entry.receipt == GREYLISTED._replace(
        outcome=Outcome.REJECTED, text="gave up after 48h: come back later"
    )
    assert entry.due == 0
    before = entry_of(long_ago, GREYLISTED, START - 1, POLICY)
    assert before.receipt.outcome is Outcome.DEFERRED


@pytest.mark.parametrize(
    ("before", "outcome"), [(1, "deferred"), (3, "deferred"), (4, "rejected")]
)
def test_nobody_is_given_up_before_five_attempts(before: int, outcome: str) -> None:
    """However long ago the first was: nobody may have run the sending for days."""
    week_old = parcel("ada", attempt=before, since=START - 168 * HOUR)
    entry = entry_of(week_old, GREYLISTED, START, POLICY)
    assert entry.receipt.outcome.value == outcome
    assert (entry.due > START) is (outcome == "deferred")


@pytest.mark.parametrize(
    ("deadline", "words"),
    [(90_000, "90s"), (120_000, "2m"), (72 * HOUR, "72h"), (1500, "1500ms")],
)
def test_the_deadline_is_named_as_people_write_it(deadline: int, words: str) -> None:
    """In the largest unit that is exact."""
    policy = RetryPolicy(give_up_after=deadline)
    entry = entry_of(parcel("ada", attempt=9, since=1), GREYLISTED, START, policy)
    assert entry.receipt.text.startswith(f"gave up after {words}: ")


@pytest.mark.parametrize(
    "receipt",
    [BAD_SENDER, Receipt(Outcome.DEFERRED, text="stopped", stage=Stage.DATA)],
)
def test_nobody_is_given_up_for_what_was_not_about_them(receipt: Receipt) -> None:
    """A refused sender, a lost connection or a stop never is the last word."""
    entry = entry_of(parcel("ada", attempt=9, since=1), receipt, START, POLICY)
    assert entry.receipt.outcome is Outcome.DEFERRED
    assert entry.due > START


def test_a_refused_sender_only_puts_off() -> None:
    """With the server's words as they were."""
    entry = entry_of(parcel("ada"), BAD_SENDER, START, POLICY)
    assert entry.receipt == BAD_SENDER._replace(outcome=Outcome.DEFERRED)
    assert blames_sender(BAD_SENDER)
    assert not blames_sender(GREYLISTED._replace(stage=Stage.MAIL))
    assert not blames_sender(UNKNOWN)


@pytest.mark.parametrize(
    ("receipt", "gone"),
    [
        (refused("5.1.1"), True),
        (refused("5.1.0"), False),
        (refused("5.1.2"), True),
        (refused("5.1.3"), True),
        (refused("5.1.6"), True),
        (refused("5.1.10", code=556), True),
        (refused("5.1.1", Stage.END), True),
        (refused("5.1.5"), False),
        (refused("5.1.7"), False),
        (refused("5.1.8"), False),
        (refused("5.1.9"), False),
        (refused("5.1.1", Stage.MAIL), False),
        (refused("5.1.1", Stage.DATA), False),
        (refused("5.7.1"), False),
        (refused("5.10.1"), False),
        (refused("5.2.1"), False),
        (refused("5.2.2"), False),
        (refused(""), False),
        (Receipt(Outcome.DEFERRED, 450, "4.1.1", "", Stage.RCPT), False),
        (Receipt(Outcome.DEFERRED, 550, "5.1.1", "", Stage.RCPT), False),
        (Receipt(Outcome.REJECTED, 450, "4.1.1", "gave up", Stage.RCPT), False),
        (OK, False),
    ],
)
def test_who_is_gone(receipt: Receipt, *, gone: bool) -> None:
    """A 5.1.x about the recipient's address, where it is about the recipient."""
    assert is_gone(receipt) is gone


def test_an_unclear_answer_counts_where_nobody_seems_to_be_known() -> None:
    """5.1.0 takes nobody off the list, but who gets nothing else is told of it."""
    assert is_unknown(refused("5.1.0"))
    assert is_unknown(refused("5.1.1"))
    assert not is_unknown(refused("5.1.8"))
    assert not is_unknown(refused("5.7.1"))


@pytest.mark.parametrize(
    ("receipt", "policy"),
    [
        (refused("5.7.1"), True),
        (refused("5.7.26", Stage.END, 554), True),
        (refused("5.7.1", Stage.MAIL), True),
        (refused("5.70.1"), False),
        (refused("5.1.1"), False),
        (Receipt(Outcome.DEFERRED, 450, "4.7.1", "", Stage.RCPT), False),
    ],
)
def test_what_is_policy(receipt: Receipt, *, policy: bool) -> None:
    """A final 5.7.x, at whatever stage; a 4.7.1 is greylisting as a rule."""
    assert is_policy(receipt) is policy


def test_all_answers_of_a_turn_at_once() -> None:
    """In their order, each as if it had come alone."""
    pairs = [(parcel(f"u{n}"), r) for n, r in enumerate((OK, GREYLISTED, UNKNOWN, OK))]
    assert entries_of(pairs, START, POLICY) == [
        entry_of(each, receipt, START, POLICY) for each, receipt in pairs
    ]
