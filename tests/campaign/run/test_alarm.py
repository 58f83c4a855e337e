"""The alarm: when a server refuses not this recipient or that, but us."""

import pytest

from distribute.campaign.campaign import Entry, Receipt
from distribute.campaign.run.alarm import Alarm
from distribute.errors import (
    DeliveryError,
    PermanentDeliveryError,
    PolicyRefusalError,
    TransientDeliveryError,
)
from tests.campaign.actors import BAD_SENDER, GREYLISTED, OK, POLICY, UNKNOWN, parcel


def hear(alarm: Alarm, *receipts: Receipt) -> DeliveryError | None:
    """Tell an alarm of answers, all in one turn."""
    return alarm.hear([Entry(parcel("ada"), receipt) for receipt in receipts])


def test_ten_refusals_of_policy_are_tolerated_and_eleven_are_not() -> None:
    """Also if they are the first eleven answers ever."""
    alarm = Alarm()
    assert hear(alarm, *[POLICY] * 10) is None
    error = hear(alarm, POLICY)
    assert isinstance(error, PolicyRefusalError)
    assert isinstance(error, TransientDeliveryError)


def test_more_than_one_in_twenty_of_the_last_two_hundred() -> None:
    """A steady one in twenty is tolerated for ever, a little more is not."""
    alarm = Alarm()
    for _ in range(100):
        assert hear(alarm, POLICY) is None
        alarm.accepted(19)
    alarm = Alarm()
    heard = [hear(alarm, POLICY, *[OK] * 17) for _ in range(12)]
    assert [error is None for error in heard] == [*[True] * 10, *[False] * 2]


@pytest.mark.parametrize("later", [OK, GREYLISTED, UNKNOWN])
def test_what_was_refused_long_ago_is_forgotten(later: Receipt) -> None:
    """Whatever was answered in between, one by one or in one turn."""
    alarm = Alarm()
    hear(alarm, *[POLICY] * 10)
    hear(alarm, *[later] * 189)
    assert isinstance(hear(alarm, POLICY), PolicyRefusalError)
    alarm = Alarm()
    hear(alarm, *[POLICY] * 10)
    hear(alarm, *[later] * 200)
    error = hear(alarm, *[POLICY] * 10)
    assert not isinstance(error, PolicyRefusalError)
    assert (error is None) is (later is not UNKNOWN)


def test_no_other_refusal_raises_it() -> None:
    """A list with many dead addresses, or greylisting, is no matter of policy."""
    alarm = Alarm()
    error = hear(alarm, *[UNKNOWN] * 150, *[GREYLISTED] * 150)
    assert not isinstance(error, PolicyRefusalError)
    assert hear(Alarm(), *[GREYLISTED] * 150, *[UNKNOWN] * 75) is None


def test_a_server_that_knows_hardly_anybody_is_not_believed() -> None:
    """A wrong host would take the whole list; twenty, or a half, may well be gone."""
    alarm = Alarm()
    assert hear(alarm, *[UNKNOWN] * 20) is None
    error = hear(alarm, UNKNOWN)
    assert isinstance(error, PermanentDeliveryError)
    assert "21 of the last 21 mailboxes are unknown" in error.reason
    assert "host" in error.hint
    assert "has not bounced, and is tried again" in error.hint
    alarm = Alarm()
    for _ in range(200):
        assert hear(alarm, OK, UNKNOWN) is None


def test_a_server_is_doubted_while_most_are_unknown_to_it() -> None:
    """However few; and for good once it was said to know hardly anybody."""
    alarm = Alarm()
    assert not alarm.doubts_server()
    hear(alarm, UNKNOWN)
    assert alarm.doubts_server()
    hear(alarm, OK)
    assert not alarm.doubts_server()
    hear(alarm, *[UNKNOWN] * 40)
    hear(alarm, *[OK] * 400)
    assert alarm.doubts_server()


def test_it_says_how_many_what_the_server_says_and_what_to_do() -> None:
    """The commonest words, in one line."""
    alarm = Alarm()
    alarm.accepted(80)
    other = POLICY._replace(enhanced="5.7.26", text="not\n  signed")
    error = hear(alarm, *[POLICY] * 4, *[other] * 7)
    assert error is not None
    assert error.reason == (
        "the server refused 11 of the last 91 messages as a matter of policy,"
        " most often with: 554 5.7.26 not signed"
    )
    assert "retry ISSUE --failed" in error.hint
    assert "nobody was taken off the list" in error.hint


def test_a_sender_refused_three_times_in_a_row_is_the_end() -> None:
    """An acceptance in between begins anew; another refusal does not."""
    alarm = Alarm()
    assert hear(alarm, BAD_SENDER, BAD_SENDER, OK) is None
    assert hear(alarm, BAD_SENDER, BAD_SENDER) is None
    alarm.accepted(1)
    assert hear(alarm, BAD_SENDER, UNKNOWN, BAD_SENDER) is None
    error = hear(alarm, BAD_SENDER)
    assert isinstance(error, PermanentDeliveryError)
    assert error.reason == (
        "the server refuses the sender (MAIL): 550 5.7.1 you may not"
    )
    assert "[sender] bounces" in error.hint


def test_the_first_alarm_of_a_turn_is_the_one() -> None:
    """Whatever else comes in the same turn."""
    alarm = Alarm()
    error = hear(alarm, *[BAD_SENDER] * 3, *[POLICY] * 50)
    assert isinstance(error, PermanentDeliveryError)
