"""Patience: what must be done is done, however long the database is away."""

from collections.abc import Callable

import pytest

from distribute.cli.process.patience import Patience
from distribute.errors import AwayError, BusyError


def failing(times: int, error: Exception) -> Callable[[], str]:
    """Make something that succeeds after so many failures."""
    left = [error] * times

    def act() -> str:
        if left:
            raise left.pop()
        return "done"

    return act


def test_both_ends_of_an_outage_are_told_once() -> None:
    """Also if several things fail on the way."""
    told: list[str] = []
    patience = Patience(lambda: False, told.append)
    assert patience(failing(3, AwayError("it does not answer"))) == "done"
    assert told == [
        "sending waits: it does not answer",
        "the database is back; sending goes on",
    ]


def test_a_connection_that_was_lost_is_no_outage() -> None:
    """It is found out by using it, and there is another one at once."""
    told: list[str] = []
    patience = Patience(lambda: False, told.append)
    assert patience(failing(1, AwayError("it is closed"))) == "done"
    assert told == []


def test_who_is_told_to_stop_gives_up() -> None:
    """At once, unless there is a farewell; and what comes then is tried no more."""
    wishes: list[str] = []
    looks: list[str] = []
    patience = Patience(
        lambda: bool(wishes),
        lambda _: wishes.append("stop"),
        farewell=0.0,
        look=lambda: looks.append("looked"),
    )
    with pytest.raises(AwayError):
        patience(failing(99, AwayError("it does not answer")))
    assert wishes == ["stop"]
    assert looks == ["looked"]


def test_nothing_is_tried_before_the_database_is_seen() -> None:
    """Whoever looks hears sooner that it is away."""
    seen = iter([AwayError("not yet"), AwayError("not yet"), None])
    acts = 0

    def look() -> None:
        if (error := next(seen)) is not None:
            raise error

    def act() -> int:
        nonlocal acts
        acts += 1
        if acts == 1:
            raise AwayError("it is closed")
        return acts

    assert Patience(lambda: False, lambda _: None, look=look)(act) == 2


def test_what_is_not_borne_is_raised() -> None:
    """Somebody who writes for long is no outage."""
    patience = Patience(lambda: False, lambda _: None, bears=AwayError)
    with pytest.raises(BusyError):
        patience(failing(1, BusyError("somebody writes")))
