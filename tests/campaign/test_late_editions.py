"""Editions that come after their issue was sent, on a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from distribute.audience.database.connection import Connection
from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Outcome, State
from distribute.campaign.plan.extra import gather, invite
from distribute.campaign.plan.late import LatePolicy
from tests.campaign.house import ISSUE, House, KilledError
from tests.campaign.mailings import put_on_list
from tests.campaign.senders import NOW, Sender
from tests.databases import reach_into

LATE_ES = f"{ISSUE}.late-es"


@pytest.fixture
def house(empty_house: House) -> House:
    """Send an issue in English alone to four people, and have a translation come."""
    house = empty_house
    house.put("ana", "es en")
    house.put("bea", "es", only=True)
    house.put("cyd", "en es")
    house.put("dan")
    house.send()
    house.texts["es"] = "E"
    return house


def test_nobody_gets_what_is_for_nobody(house: House) -> None:
    """Neither who got nothing nor who got another edition; newcomers get what there was."""
    house.put("eve", "es en")
    house.send(LatePolicy.NOBODY)
    assert house.got("bea") == []
    assert house.got("ana") == [(ISSUE, "en", "A")] == house.got("eve")


def test_who_got_nothing_gets_it(house: House) -> None:
    """As usual, and nobody else does."""
    house.send()
    assert house.got("bea") == [(ISSUE, "es", "E")]
    assert house.got("ana") == [(ISSUE, "en", "A")]


def test_whose_wish_it_meets_better_gets_it_too(house: House) -> None:
    """Not who likes what they got best, nor who has no wish."""
    house.send(LatePolicy.FALLBACK)
    assert house.got("ana") == [(ISSUE, "en", "A"), (LATE_ES, "es", "E")]
    assert house.got("bea") == [(ISSUE, "es", "E")]
    assert house.got("cyd") == house.got("dan") == [(ISSUE, "en", "A")]


@pytest.mark.parametrize("first", LatePolicy)
@pytest.mark.parametrize("second", LatePolicy)
def test_no_order_of_policies_sends_anything_twice(
    house: House, first: LatePolicy, second: LatePolicy
) -> None:
    """What one run has sent is sent by no other; what it held back is still to be had."""
    for policy in (first, second, LatePolicy.FALLBACK, first):
        house.send(policy)
    assert house.got("ana") == [(ISSUE, "en", "A"), (LATE_ES, "es", "E")]
    assert house.got("bea") == [(ISSUE, "es", "E")]


def test_who_is_invited_is_decided_when_it_begins(house: House) -> None:
    """Who wishes for it only later is not; who was, and has left since, gets nothing."""
    house.put("fay", "es en")
    house.put("gus", "es en")
    house.texts.pop("es")
    house.send()
    house.texts["es"] = "E"
    (late,) = house.late()
    house.run(late, kill_after=1)
    house.put("dan", "es")
    house.put("gus", "es en", status=Status.UNSUBSCRIBED)
    house.send(LatePolicy.FALLBACK)
    assert house.got("ana")[1:] == house.got("fay")[1:] == [(LATE_ES, "es", "E")]
    assert house.got("dan") == house.got("gus") == [(ISSUE, "en", "A")]


def test_whoever_wishes_for_something_else_since_is_passed_over(house: House) -> None:
    """They are invited, and what they say now counts."""
    house.put("fay", "es en")
    house.texts.pop("es")
    house.send()
    house.texts["es"] = "E"
    (late,) = house.late()
    house.run(late, kill_after=1)
    house.put("fay", "en")
    house.send(LatePolicy.FALLBACK)
    assert house.got("fay") == [(ISSUE, "en", "A")]


def test_nothing_is_late_before_the_issue_is_sent(empty_house: House) -> None:
    """Who was put off gets what suits them best when their time comes."""
    house = empty_house
    for name in ("ana", "bea"):
        house.put(name, "es en")
    house.answers["bea"] = Outcome.DEFERRED
    house.send()
    assert house.finished(ISSUE) is None
    house.texts["es"] = "E"
    assert house.late() == ()
    house.send(LatePolicy.NOBODY)
    assert house.finished(ISSUE)
    assert house.got("bea") == [(ISSUE, "es", "E")]
    house.send(LatePolicy.FALLBACK)
    assert house.got("ana") == [(ISSUE, "en", "A"), (LATE_ES, "es", "E")]
    assert house.got("bea") == [(ISSUE, "es", "E")]


def test_an_edition_that_was_there_is_not_late_for_who_changes_their_mind(
    house: House,
) -> None:
    """They got what they wished for then."""
    house.send()
    house.put("hal", "en")
    house.send()
    house.put("hal", "es")
    house.send(LatePolicy.FALLBACK)
    assert house.got("hal") == [(ISSUE, "en", "A")]


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.UNCERTAIN])
def test_only_who_has_another_edition_for_sure_gets_the_late_one(
    empty_house: House, outcome: Outcome
) -> None:
    """Who was refused, or may have it, gets the late one by trying again, and once."""
    house = empty_house
    for name in ("ana", "bea"):
        house.put(name, "es en")
    house.answers["bea"] = outcome
    house.send()
    before = len(house.got("bea"))
    house.texts["es"] = "E"
    house.send(LatePolicy.FALLBACK)
    assert len(house.got("bea")) == before
    house.run(house.main(), again={State(outcome)}, fresh=False)
    house.send(LatePolicy.FALLBACK)
    assert house.got("bea")[before:] == [(ISSUE, "es", "E")]


def test_a_late_campaign_can_be_tried_again(house: House) -> None:
    """Whom the server refused gets it when somebody tries again."""
    house.answers["ana"] = Outcome.REJECTED
    house.send(LatePolicy.FALLBACK)
    assert house.got("ana") == [(ISSUE, "en", "A")]
    (late,) = house.late()
    house.run(late, again={State.REJECTED}, fresh=False)
    assert house.got("ana")[1:] == [(LATE_ES, "es", "E")]


def test_each_late_edition_has_a_campaign_of_its_own(house: House) -> None:
    """Somebody may get one after the other, each once, in the order of their wishes."""
    house.put("ana", "fr es en")
    house.send(LatePolicy.FALLBACK)
    house.texts["fr"] = "F"
    house.send(LatePolicy.FALLBACK)
    house.send(LatePolicy.FALLBACK)
    campaigns = [campaign for campaign, _, _ in house.got("ana")]
    assert campaigns == [ISSUE, LATE_ES, f"{ISSUE}.late-fr"]


def test_a_campaign_begins_with_its_people_or_not_at_all(
    path: Path, sender: Sender
) -> None:
    """Who is killed while people are invited has begun nothing."""

    def invite_some(connection: Connection, campaign: int) -> None:
        invite(connection, campaign)
        assert connection.execute("SELECT * FROM invited").fetchall()
        raise KilledError

    put_on_list(path, ["ana"])
    gather(sender.ledger.connection, [("ana@example.org", "es")])
    with pytest.raises(KilledError):
        sender.ledger.started(LATE_ES, NOW, invite_some)
    assert [begun.id for begun in sender.ledger.begun(ISSUE)] == [ISSUE]
    with reach_into(path) as connection:
        assert connection.execute("SELECT * FROM invited").fetchall() == []


def test_everybody_may_write_while_guests_are_gathered(
    path: Path, sender: Sender
) -> None:
    """Who leaves meanwhile is not invited, and who is erased is written nowhere again."""
    put_on_list(path, ["ana", "bea", "cyd", "dan"])

    def guests() -> Iterator[tuple[str, str]]:
        for name in ("ana", "bea", "cyd"):
            yield f"{name}@example.org", "es"
        with reach_into(path) as connection:
            gone = "UPDATE subscriber SET status = 'unsubscribed' WHERE key = ?"
            connection.execute(gone, ("ana@example.org",))
            connection.execute("DELETE FROM subscriber WHERE key LIKE 'bea@%'")
        yield "dan@example.org", "es"

    gather(sender.ledger.connection, guests())
    sender.ledger.started(LATE_ES, NOW, invite)
    with reach_into(path) as connection:
        invited = connection.execute("SELECT key FROM invited ORDER BY key").fetchall()
        assert [key for (key,) in invited] == ["cyd@example.org", "dan@example.org"]


def test_what_was_gathered_before_counts_no_more(path: Path, sender: Sender) -> None:
    """Nor does what was gathered in vain, as somebody was killed in between."""
    put_on_list(path, ["ana", "bea"])

    def broken() -> Iterator[tuple[str, str]]:
        yield "ana@example.org", "es"
        raise KilledError

    connection = sender.ledger.connection
    gather(connection, [("ana@example.org", "es")])
    with pytest.raises(KilledError):
        gather(connection, broken())
    gather(connection, [("bea@example.org", "es")])
    sender.ledger.started(LATE_ES, NOW, invite)
    assert [key for (key,) in connection.execute("SELECT key FROM invited")] == [
        "bea@example.org"
    ]


def test_a_campaign_that_has_begun_invites_nobody_else(sender: Sender) -> None:
    """Whatever would be decided now."""
    calls: list[int] = []
    for _ in range(2):
        sender.ledger.started(LATE_ES, NOW, lambda _, number: calls.append(number))
    assert len(calls) == 1
