"""A worker writes to the people of its batch, as they stand on the list by now."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Batch
from distribute.campaign.fleet.hold import Person
from distribute.campaign.fleet.portion import DecidedChoices, Portion
from distribute.campaign.message.links import Linking
from distribute.campaign.message.message import Addressing
from distribute.campaign.plan.choices import choice_number
from distribute.campaign.run.page import Desk
from tests.campaign.fleet.handed import frozen_campaign
from tests.campaign.mailings import IDS, SIGNER
from tests.readers import CAMPAIGN

TODAY = date(2026, 11, 20)
ADA = Person(
    number=7,
    key="ada@example.org",
    frozen_address="Ada@example.org",
    choice=3,
    state="claimed",
    attempt=1,
    since=1000,
    language="en",
    address="Ada@example.org",
    name="Ada",
    status=Status.CONFIRMED,
    paused="",
)


@pytest.fixture(scope="module")
def desk() -> Desk:
    """Give where messages are written."""
    return Desk(
        campaign=CAMPAIGN.id,
        choices=DecidedChoices(),
        messages=frozen_campaign().messages(),
        addressing=Addressing(CAMPAIGN),
        ids=IDS,
        links=Linking(SIGNER, "https://news.example.org").by_key(),
    )


def portion(desk: Desk, *people: Person) -> Batch:
    """Write to people."""
    return only(Portion(people, desk, TODAY))


def only(portion: Portion) -> Batch:
    """Give all of it."""
    (batch,) = portion.batches()
    return batch


def reasons(batch: Batch) -> Sequence[str]:
    """Say why some get nothing."""
    return [batch.choices[number][1] for _, _, number in batch.skipped]


def test_a_first_attempt_counts_none_before(desk: Desk) -> None:
    """What was claimed when the batch was cut has not begun."""
    (parcel,) = portion(desk, ADA).parcels
    assert (parcel.key, parcel.address) == ("ada@example.org", "Ada@example.org")
    assert (parcel.choice, parcel.attempt, parcel.since) == (3, 0, 0)
    assert b"Ada" in b"".join(parcel.message.pieces)


def test_a_later_attempt_counts_those_before(desk: Desk) -> None:
    """Be it deferred still, or claimed again by a worker that died."""
    deferred = ADA._replace(state="deferred", attempt=2)
    claimed = ADA._replace(state="claimed", attempt=3)
    for person in (deferred, claimed):
        (parcel,) = portion(desk, person).parcels
        assert (parcel.attempt, parcel.since) == (2, 1000)


def test_the_edition_stays_what_was_decided(desk: Desk) -> None:
    """The name may have changed since; the message is the same but for that."""
    renamed = ADA._replace(language="pt-BR", name="Adela")
    (parcel,) = portion(desk, renamed).parcels
    assert "/pt-br/" in parcel.envelope.id.casefold()
    assert b"Adela" in b"".join(parcel.message.pieces)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"status": None, "address": None, "name": None, "paused": None}, "left since"),
        ({"status": Status.UNSUBSCRIBED}, "unsubscribed"),
        ({"status": Status.BOUNCED}, "bounced"),
        ({"status": Status.SUPPRESSED}, "suppressed"),
        ({"paused": "2026-12-01"}, "paused until 2026-12-01"),
    ],
)
def test_who_may_not_be_written_to_gets_nothing(
    desk: Desk, changed: dict[str, Any], reason: str
) -> None:
    """It is noted with the reason, under the address that was frozen."""
    batch = portion(desk, ADA._replace(**changed))
    assert not batch.parcels
    (skipped,) = batch.skipped
    assert skipped == (
        "ada@example.org",
        "Ada@example.org",
        choice_number("", reason),
    )
    assert reasons(batch) == [reason]


def test_a_pause_ends_with_its_day(desk: Desk) -> None:
    """On that day they get it."""
    assert portion(desk, ADA._replace(paused="2026-11-20")).parcels
    assert not portion(desk, ADA._replace(paused="2026-11-21")).parcels


def test_all_of_them_are_known_by_number(desk: Desk) -> None:
    """Those who get nothing too: their claims are undone."""
    bo = ADA._replace(number=8, key="bo@example.org", status=None)
    written = Portion([ADA, bo], desk, TODAY)
    assert written.numbers == {"ada@example.org": 7, "bo@example.org": 8}
    assert len(only(written).parcels) == 1


def test_nobody_is_waited_for(desk: Desk) -> None:
    """Who is put off comes up with the batch, when the queue says so."""
    written = Portion([ADA], desk, TODAY)
    assert list(written.due(0)) == []
    assert written.next_due() is None
