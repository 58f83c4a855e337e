"""Who works is on the roll, with what they do and how fast; the silent are missed."""

from dataclasses import replace

import pytest

from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.campaign import Outcome
from distribute.campaign.fleet import hold, roll
from distribute.campaign.fleet.hands import Hands
from distribute.campaign.fleet.roll import Share
from tests.campaign.fleet.handed import START, HandedOver
from tests.campaign.fleet.looking import ANN, Timer, look, lookout
from tests.readers import CAMPAIGN


def test_the_roll_names_who_works(handed: HandedOver) -> None:
    """What they have in hand, since when, and how fast they are; not who has left."""
    connection = handed.connection
    for name in ("here:1", "here:2", "here:3"):
        roll.enrol(connection, replace(ANN, name=name))
    share = Share(batches=1, ended={Outcome.ACCEPTED: 90}, recent=60)
    roll.sign(connection, ANN, handed.batch(2), {handed.campaign: share, 99: share})
    roll.sign(connection, replace(ANN, name="here:2"), None, {}, ended=True)
    connection.execute("UPDATE worker SET seen = seen - 30000 WHERE name = 'here:3'")
    connection.execute("UPDATE worker SET began = seen - 120000")
    assert look(handed).per_second is None  # for it was handed over just now
    handed.now += 60_000
    overview = look(handed)
    (hand,) = overview.workers
    assert (hand.name, hand.host, hand.pid, hand.version) == (
        "here:1",
        "here",
        1,
        "1.0",
    )
    assert (hand.campaign, hand.batch, hand.is_at_this) == (CAMPAIGN.id, 2, True)
    assert hand.per_second == pytest.approx(2.0)
    assert overview.per_second == pytest.approx(1.0)


def test_nothing_is_said_of_the_speed_of_who_has_just_begun(handed: HandedOver) -> None:
    """Until the second sign of life, some seconds later; then it is measured."""
    connection, watching = handed.connection, lookout(handed, Timer())
    roll.enrol(connection, ANN)
    roll.sign(connection, ANN, handed.batch(1), {})
    (seen,) = watching.look()
    assert (seen.per_second, seen.workers[0].per_second) == (None, None)
    assert seen.seconds_left is None
    connection.execute("UPDATE worker SET began = began - 5000, seen = seen - 5000")
    again = lookout(handed, Timer())
    again.look()
    share = Share(ended={Outcome.ACCEPTED: 100}, recent=100)
    roll.sign(connection, ANN, handed.batch(1), {handed.campaign: share})
    (seen,) = again.look()
    assert seen.per_second is not None
    assert 0 < seen.per_second <= 20
    assert seen.workers[0].per_second == seen.per_second
    assert seen.seconds_left == pytest.approx(5 / seen.per_second)
    bob = replace(ANN, name="here:2")
    roll.enrol(connection, bob)
    roll.sign(connection, bob, handed.batch(2), {})
    assert again.look()[0].per_second is None  # nobody knows what bob brings


def test_a_worker_that_is_silent_is_missed(handed: HandedOver) -> None:
    """As long as it has a batch in hand; else for two minutes, unless it signed off."""
    connection = handed.connection
    for name in ("here:1", "here:2", "here:3"):
        roll.enrol(connection, replace(ANN, name=name))
    batch, job = handed.errand(1)
    hold.take(connection, batch, job, by="here:1", now=START)
    roll.sign(connection, ANN, batch, {})
    roll.sign(connection, replace(ANN, name="here:3"), None, {}, ended=True)
    ago = "UPDATE worker SET began = began - ?, seen = seen - ?"
    connection.execute(ago, (13_000, 13_000))
    found = look(handed)
    assert [hand.is_silent for hand in found.workers] == [True, True]
    assert (found.missing, found.workers[0].per_second) == ([], None)
    connection.execute(ago, (10_000, 10_000))
    found = look(handed)
    assert ([hand.name for hand in found.missing], found.workers) == (
        ["here:1", "here:2"],
        [],
    )
    assert found.missing[0].silence >= 23_000
    assert [hand.batch for hand in found.missing] == [1, None]
    connection.execute(ago, (120_000, 120_000))
    assert [(hand.name, hand.batch) for hand in look(handed).missing] == [("here:1", 1)]
    connection.execute("UPDATE batch SET holder = 'here:9' WHERE number = 1")
    assert look(handed).missing == []


def test_a_worker_that_begins_anew_begins_at_nothing(handed: HandedOver) -> None:
    """It may have the name of one before."""
    roll.enrol(handed.connection, ANN)
    before = Share(ended={Outcome.ACCEPTED: 70})
    roll.sign(handed.connection, ANN, None, {handed.campaign: before})
    timer = Timer(step=1.0)
    watching = lookout(handed, timer)
    watching.look()
    roll.enrol(handed.connection, ANN)
    anew = Share(ended={Outcome.ACCEPTED: 2})
    roll.sign(handed.connection, ANN, None, {handed.campaign: anew})
    (seen,) = watching.look()
    assert seen.deliveries.since == {Outcome.ACCEPTED: 2}


def test_who_is_not_on_the_roll_can_give_no_sign(handed: HandedOver) -> None:
    """It enrols first; who was silent for a day is struck off by whoever comes."""
    connection = handed.connection
    assert not roll.sign(connection, ANN, None, {})
    roll.enrol(connection, ANN)
    assert roll.sign(connection, ANN, None, {handed.campaign: Share(recent=1)})
    old = "UPDATE worker SET seen = seen - 90000000"
    connection.execute(old)
    roll.enrol(connection, replace(ANN, name="here:2"))
    assert names(connection) == ["here:2"]
    assert handed.ask("SELECT count(*) FROM worker_share") == [(0,)]


def names(connection: PostgresConnection) -> list[str]:
    """Name those on the roll."""
    return [
        name for (name,) in connection.execute("SELECT name FROM worker").fetchall()
    ]


def test_nobody_falls_silent_while_we_look(handed: HandedOver) -> None:
    """To count millions takes a while; who was there when it began is not missed for it."""
    connection = handed.connection
    roll.enrol(connection, ANN)
    connection.execute("BEGIN")
    hands = Hands(connection)
    (before,) = hands.look(handed.campaign, is_steady=False).alive
    connection.execute("SELECT pg_sleep(0.1)")
    (after,) = hands.look(handed.campaign, is_steady=False).alive
    connection.rollback()
    assert before.silence == after.silence
