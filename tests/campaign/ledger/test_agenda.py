"""The agenda: appointments are kept by sink, and what was begun is known."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from distribute.campaign.campaign import State
from distribute.campaign.ledger.agenda import Agenda
from distribute.campaign.plan.turn import Appointment, Course
from distribute.editions.wall_time import WallTime
from tests.campaign.actors import parcel
from tests.campaign.senders import AT, CAMPAIGN, LATER, NOW, Sender

TIME = WallTime(
    datetime.fromisoformat("2026-12-01T09:00+01:00"), "2026-12-01 09:00 Europe/Berlin"
)
MADE = Appointment(time=TIME, segment="lang:pt", forced=frozenset({"b", "a"}))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a database that is not there yet."""
    return tmp_path / "distribute.db"


@pytest.fixture
def agenda(path: Path) -> Iterator[Agenda]:
    """Open the agenda of a sink."""
    with Agenda(path, "smtp") as opened:
        yield opened


@pytest.fixture
def sender(path: Path) -> Iterator[Sender]:
    """Have somebody send the campaign."""
    working = Sender(path)
    yield working
    working.end()


def test_an_appointment_comes_back_as_it_was_made(agenda: Agenda) -> None:
    """With its offset, what was said, for whom, and what is forced."""
    assert agenda.appointments() == {}
    agenda.make("5", MADE)
    for_workers = Appointment(time=TIME, for_workers=True)
    agenda.make("星星", for_workers)
    assert agenda.appointments() == {"5": MADE, "星星": for_workers}
    (made, _) = agenda.appointments().values()
    assert made.time.at.isoformat() == "2026-12-01T09:00:00+01:00"


def test_an_issue_has_one_appointment(agenda: Agenda) -> None:
    """A new one takes the place of the other."""
    agenda.make("5", MADE)
    other = replace(MADE, segment="", forced=frozenset())
    agenda.make("5", other)
    assert agenda.appointments() == {"5": other}


def test_an_appointment_can_be_called_off(agenda: Agenda) -> None:
    """And it is told whether there was any."""
    agenda.make("5", MADE)
    assert agenda.call_off("5")
    assert not agenda.call_off("5")
    assert agenda.appointments() == {}


def test_each_sink_has_its_own(agenda: Agenda, path: Path) -> None:
    """What is to go to files does not leave by SMTP."""
    agenda.make("5", MADE)
    with Agenda(path, "file") as other:
        assert other.appointments() == {}
        assert not other.call_off("5")


def test_it_is_known_how_far_a_campaign_is(agenda: Agenda, sender: Sender) -> None:
    """When it began, for whom it goes on, and when it was finished."""
    assert agenda.course("issue-9") is None
    assert agenda.course(CAMPAIGN) == Course(NOW, None, None)
    sender.ledger.pursue(CAMPAIGN, "lang:pt")
    assert agenda.course(CAMPAIGN) == Course(NOW, None, "lang:pt")
    sender.ledger.finish(CAMPAIGN, AT)
    sender.ledger.pursue(CAMPAIGN, None)
    assert agenda.course(CAMPAIGN) == Course(NOW, NOW, None)
    sender.ledger.pursue("issue-9", "")
    assert agenda.course("issue-9") is None


def test_it_is_known_whether_the_time_of_somebody_has_come(
    agenda: Agenda, sender: Sender
) -> None:
    """Only of those who were put off, and no earlier than it is."""
    sender.bring_to(State.REJECTED, [parcel("ada")])
    assert not agenda.has_deferred(CAMPAIGN, LATER)
    sender.bring_to(State.DEFERRED, [parcel("bo")], due=LATER)
    assert not agenda.has_deferred(CAMPAIGN, LATER - 1)
    assert agenda.has_deferred(CAMPAIGN, LATER)
    assert not agenda.has_deferred("issue-9", LATER)
