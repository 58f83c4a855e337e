"""How many connections a server gets, when a new one, and when patience ends."""

from math import inf

import pytest

from distribute.errors import (
    LostConnectionError,
    PermanentDeliveryError,
    TransientDeliveryError,
    TurnedAwayError,
)
from distribute.sinks.smtp.allowance import Allowance

BROKEN = LostConnectionError("it broke")


def test_starts_with_all_that_the_settings_allow() -> None:
    """Without a failure there are as many connections as the settings say, at once."""
    allowance = Allowance(4, 60)
    assert [allowance.wait(live, 0.0) for live in (0, 3, 4)] == [0.0, 0.0, inf]


def test_halves_with_a_failure_and_recovers_with_messages() -> None:
    """A failure halves the connections; accepted messages bring them back one by one."""
    allowance = Allowance(8, 60)
    allowance.opened()
    allowance.failed(BROKEN, 7, 1.0, was_reached=True)
    assert allowance.allowed == 4
    allowance.answered(20, 2.0)
    assert allowance.allowed == 5
    for second in range(3, 9):
        allowance.answered(20, float(second))
    assert allowance.allowed == 8


def test_waits_longer_after_each_failure_in_a_row() -> None:
    """The pause before the next connection doubles up to 30 s; a success shortens it."""
    allowance = Allowance(2, 1e9)
    allowance.opened()
    pauses = []
    for _ in range(12):
        allowance.failed(BROKEN, 0, 0.0, was_reached=True)
        pauses.append(allowance.wait(0, 0.0))
    assert pauses[:4] == [0.1, 0.2, 0.4, 0.8]
    assert pauses[-1] == 30.0
    allowance.answered(1, 1.0)
    allowance.failed(BROKEN, 0, 1.0, was_reached=True)
    assert allowance.wait(0, 1.0) == pytest.approx(0.1)
    assert allowance.wait(0, 1.2) == 0.0


def test_a_server_that_cannot_be_reached_to_begin_with_ends_it_at_once() -> None:
    """The last of the first connections that nobody answers raises; the others do not."""
    allowance = Allowance(2, 60)
    unreachable = TransientDeliveryError("cannot connect")
    allowance.failed(unreachable, 1, 0.0, was_reached=False)
    with pytest.raises(TransientDeliveryError, match="cannot connect"):
        allowance.failed(unreachable, 0, 0.0, was_reached=False)


def test_patience_ends_when_nothing_works_for_long_enough() -> None:
    """A server that is there and refuses is tried again until patience ends."""
    allowance = Allowance(2, 60)
    allowance.failed(BROKEN, 0, 0.0, was_reached=True)
    allowance.failed(BROKEN, 0, 59.0, was_reached=False)
    allowance.failed(BROKEN, 1, 1000.0, was_reached=False)
    with pytest.raises(LostConnectionError):
        allowance.failed(BROKEN, 0, 1001.0, was_reached=False)


def test_what_will_not_pass_by_itself_ends_it_at_once() -> None:
    """A refused password is not tried again and again."""
    allowance = Allowance(2, 60)
    allowance.opened()
    with pytest.raises(PermanentDeliveryError, match="refused"):
        allowance.failed(PermanentDeliveryError("refused"), 1, 1.0, was_reached=True)


def test_being_turned_away_is_no_end_while_others_go_on() -> None:
    """It is one connection too many; without another one it is the server's last word."""
    allowance = Allowance(4, 60)
    turned_away = TurnedAwayError("too many connections")
    allowance.failed(turned_away, 1, 1.0, was_reached=True)
    assert allowance.allowed == 1
    with pytest.raises(TurnedAwayError):
        allowance.failed(turned_away, 0, 1.0, was_reached=True)
    with pytest.raises(PermanentDeliveryError):
        allowance.failed(PermanentDeliveryError("refused"), 1, 1.0, was_reached=True)


def test_connections_that_lead_to_nothing_wear_patience_out() -> None:
    """A server that greets and then hangs up, again and again, is given up in the end.

    An answer to somebody, be it a refusal, shows that it works after all.
    """
    allowance = Allowance(2, 60)
    for second in (0.0, 30.0, 59.0):
        allowance.opened()
        allowance.failed(BROKEN, 0, second, was_reached=True)
    allowance.answered(0, 60.0)
    allowance.opened()
    allowance.failed(BROKEN, 0, 110.0, was_reached=True)
    with pytest.raises(LostConnectionError):
        allowance.failed(BROKEN, 0, 171.0, was_reached=True)


def test_patience_is_for_trouble_and_not_for_having_nothing_to_do() -> None:
    """At a slow pace the last success is long ago when the first failure comes."""
    allowance = Allowance(2, 60)
    allowance.opened()
    allowance.answered(1, 0.0)
    allowance.failed(BROKEN, 0, 1000.0, was_reached=True)
    allowance.failed(BROKEN, 0, 1060.0, was_reached=False)
    with pytest.raises(LostConnectionError):
        allowance.failed(BROKEN, 0, 1061.0, was_reached=False)


def test_a_server_that_bears_no_more_is_not_asked_again_and_again() -> None:
    """A refusal while others go on may be its limit: the next try is ever later."""
    allowance = Allowance(4, 60)
    tried = []
    for moment in range(400):
        allowance.answered(100, float(moment))
        if allowance.wait(2, float(moment)) == 0.0:
            tried.append(moment)
            allowance.crowded(float(moment))
            allowance.failed(BROKEN, 2, float(moment), was_reached=True)
    assert tried[:5] == [0, 1, 3, 7, 15]
    assert tried[-1] - tried[-2] == 60
