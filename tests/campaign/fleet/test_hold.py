"""What a batch holds stays its own, and it comes up again when there is something to do."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.campaign.fleet import control
from distribute.campaign.fleet.freeze import Decider
from distribute.campaign.fleet.work import carry_out
from distribute.campaign.ledger.due import Due
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.plan.choices import Choices
from distribute.sinks.memory import MemorySink, refusal
from tests.campaign.actors import parcel
from tests.campaign.fleet.handed import START, HandedOver, hand_over, handing_over
from tests.campaign.mailings import BEGAN, EN, IDS, PT
from tests.readers import CAMPAIGN

NAMES = ("ada", "bo", "cy")
LATER = 60 * 60 * 1000
"""Milliseconds; how far two clocks may be apart."""


@pytest.fixture
def handed(postgres_url: str) -> Iterator[HandedOver]:
    """Hand three people over, in one batch."""
    with hand_over(postgres_url, NAMES) as handed:
        yield handed


def never() -> bool:
    """Do not stop."""
    return False


def put_off(handed: HandedOver, name: str) -> None:
    """Carry the batch out; one of the people is put off."""
    answers = {f"{name}@example.org": refusal(451, "later")}
    sink = MemorySink(answers=answers, sleep=lambda _: None)
    carry_out(handed.bench(), lambda _: handed.shop(sink), handed.errand(), never)
    assert handed.states()[name] == "deferred"


def set_status(handed: HandedOver, name: str, status: Status) -> None:
    """Have somebody leave, or come back."""
    with Store.open(handed.place) as store:
        store.set_status(f"{name}@example.org", status, by="x", now=BEGAN)


def test_no_other_campaign_gets_a_number_of_a_batch(handed: HandedOver) -> None:
    """Also where its last one is free, since they left: who has it would send to them."""
    set_status(handed, "cy", Status.UNSUBSCRIBED)
    put_off(handed, "bo")
    other = parcel("cy@example.org")
    with SqliteLedger(handed.place, "smtp") as ledger, ledger.lock("issue-9", BEGAN):
        ledger.started("issue-9", BEGAN)
        ledger.use("issue-9")
        ledger.claim([other], START)
    ((number, last),) = handed.ask("""
        SELECT d.number, b.last FROM delivery AS d, batch AS b
        WHERE d.key = 'cy@example.org'
    """)
    assert number > last


def test_who_was_taken_back_is_in_no_old_batch(handed: HandedOver) -> None:
    """Handed over again, they are in one batch, and those put off before in another."""
    stop: list[bool] = []
    bench = replace(handed.bench(), tell=lambda *_: stop.append(True))
    answers = {"ada@example.org": refusal(451, "later")}
    sink = MemorySink(answers=answers, capacity=1, sleep=lambda _: None)
    carry_out(bench, lambda _: handed.shop(sink), handed.errand(), lambda: bool(stop))
    assert handed.states()["ada"] == "deferred"
    control.cancel(handed.connection, handed.campaign)
    control.sweep(handed.connection, handed.campaign)
    with SqliteLedger(handed.place, "smtp") as ledger:
        hand_over_again(handed, ledger)
    rows = handed.ask("""
        SELECT d.key, count(*) FROM delivery AS d
        JOIN batch AS b ON d.number BETWEEN b.first AND b.last
        WHERE b.state = 'waiting' GROUP BY d.key ORDER BY d.key
    """)
    assert rows == [(f"{name}@example.org", 1) for name in NAMES]


def hand_over_again(handed: HandedOver, ledger: SqliteLedger) -> None:
    """Hand over who is left."""
    decider = Decider(CAMPAIGN.id, Choices((EN, PT), (EN,), EN), IDS)
    with (
        handing_over(handed.place, ledger) as freezer,
        Due(handed.place, sink="smtp", campaign=CAMPAIGN.id) as due,
    ):
        freezer.cut(decider.decide(due.fresh("", 1000)), START)
        freezer.complete(START)


def test_who_is_put_off_and_pauses_holds_nobody_up(handed: HandedOver) -> None:
    """The campaign is done without them, rather than their batch come up for ever."""
    put_off(handed, "bo")
    handed.ask(
        "UPDATE subscriber SET paused = '2027-01-01' WHERE key = 'bo@example.org'"
        " RETURNING 1"
    )
    ((handed.now,),) = handed.ask("SELECT due + 1 FROM delivery WHERE due > 0")
    carry_out(handed.bench(), lambda _: handed.shop(), handed.errand(), never)
    assert (handed.batches(), handed.state(), handed.jobs()) == (["done"], "done", [])
    assert handed.states()["bo"] == "deferred"


def test_a_clock_that_is_behind_has_no_batch_come_up_again_and_again(
    handed: HandedOver,
) -> None:
    """Its job waits by the server's clock for as long as it is still too early here."""
    put_off(handed, "bo")
    ((due,),) = handed.ask("SELECT due FROM delivery WHERE due > 0")
    handed.now = due - LATER
    carry_out(handed.bench(), lambda _: handed.shop(), handed.errand(), never)
    assert handed.states()["bo"] == "deferred"
    ((wait,),) = handed.ask("""
        SELECT CAST(extract(epoch FROM scheduled_at - clock_timestamp()) AS BIGINT)
        FROM procrastinate_jobs
    """)
    assert LATER / 1000 - 60 < wait <= LATER / 1000


def test_what_of_other_campaigns_lies_in_between_is_left_alone(
    handed: HandedOver,
) -> None:
    """A batch of those who were put off may reach over the deliveries of others."""
    handed.ask(
        "UPDATE delivery SET campaign = 77 WHERE key NOT LIKE 'ada@%' RETURNING 1"
    )
    handed.ask(
        "UPDATE delivery SET state = 'started' WHERE key LIKE 'bo@%' RETURNING 1"
    )
    carry_out(handed.bench(), lambda _: handed.shop(), handed.errand(), never)
    assert handed.states() == {"ada": "accepted", "bo": "started", "cy": "claimed"}


def test_who_was_put_off_with_an_edition_that_is_gone_holds_nobody_up(
    handed: HandedOver,
) -> None:
    """No worker could write to them; it is decided anew when one machine sends."""
    put_off(handed, "bo")
    control.cancel(handed.connection, handed.campaign)
    control.sweep(handed.connection, handed.campaign)
    handed.ask("INSERT INTO choice VALUES (9, 'tr', 'asked for tr') RETURNING 1")
    handed.ask("UPDATE delivery SET choice = 9 WHERE state = 'deferred' RETURNING 1")
    with SqliteLedger(handed.place, "smtp") as ledger:
        hand_over_again(handed, ledger)
    assert (handed.state(), handed.states()["bo"]) == ("done", "deferred")


def test_a_clock_that_is_behind_tells_no_other_text(handed: HandedOver) -> None:
    """Nobody is served before it was handed over: the text that they got counts then."""
    handed.now = START - LATER
    put_off(handed, "bo")
    ((handed.now,),) = handed.ask("SELECT due FROM delivery WHERE due > 0")
    carry_out(handed.bench(), lambda _: handed.shop(), handed.errand(), never)
    assert handed.ask("SELECT DISTINCT state, opened, closed FROM delivery") == [
        ("accepted", START, START)
    ]


def test_two_newsletters_in_one_database_do_not_meet(postgres_url: str) -> None:
    """Each in a schema of its own: neither its jobs nor its people are the other's."""
    joint = "&" if "?" in postgres_url else "?"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA one; CREATE SCHEMA two")
    one, two = (
        f"{postgres_url}{joint}options=-csearch_path%3D{name}"
        for name in ("one", "two")
    )
    with hand_over(one, NAMES) as first, hand_over(two, ("di", "ed")) as second:
        carry_out(first.bench(), lambda _: first.shop(), first.errand(), never)
        assert (first.state(), first.jobs()) == ("done", [])
        assert second.states() == {"di": "claimed", "ed": "claimed"}
        assert (second.state(), second.jobs()) == ("going", ["todo"])
