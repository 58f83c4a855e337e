"""Who cannot send steps back; the campaign is paused only if nobody is left."""

from collections.abc import Callable, Iterator

import pytest

from distribute.campaign.fleet import control, roll, setback
from distribute.campaign.fleet.work import Concern, carry_out, concern_of
from distribute.errors import (
    ConfigError,
    DistributeError,
    LockedError,
    NobodyKnownError,
    PermanentDeliveryError,
    PolicyRefusalError,
    TransientDeliveryError,
)
from distribute.sinks.memory import MemorySink
from tests.campaign.fleet.handed import HandedOver, Shop, hand_over

SICK, WELL = "a:1", "b:2"
REFUSED = "the server refused the login: 535 no"


@pytest.fixture
def handed(postgres_url: str) -> Iterator[HandedOver]:
    """Hand somebody over."""
    with hand_over(postgres_url, ("ada", "bo")) as handed:
        yield handed


def enrol(handed: HandedOver, name: str) -> None:
    """Have a worker on the roll."""
    host, _, pid = name.partition(":")
    member = roll.Member(name=name, host=host, pid=int(pid), version="")
    roll.enrol(handed.connection, member)


def step_back(
    handed: HandedOver, name: str, *, times: int = setback.CERTAIN, wait: int = 60_000
) -> bool:
    """Have a worker step back."""
    return setback.step_back(
        handed.connection,
        name,
        handed.campaign,
        reason=REFUSED,
        times=times,
        wait=wait,
    )


@pytest.mark.parametrize(
    ("failure", "concern"),
    [
        (PermanentDeliveryError("no login"), Concern.WORKER),
        (ConfigError(("a key is missing",)), Concern.WORKER),
        (TransientDeliveryError("421"), Concern.SERVER),
        (PolicyRefusalError("5.7.1"), Concern.CAMPAIGN),
        (NobodyKnownError("5.1.1"), Concern.CAMPAIGN),
        (LockedError("taken", holder="b:2"), Concern.BATCH),
    ],
)
def test_whom_a_failure_concerns_is_told_by_its_kind(
    failure: DistributeError, concern: Concern
) -> None:
    """What a server holds against us all stops the campaign, and nothing else does."""
    assert concern_of(failure) is concern


def test_whoever_is_left_goes_on(handed: HandedOver) -> None:
    """However often somebody else steps back; it is told of, with the reason."""
    enrol(handed, SICK)
    enrol(handed, WELL)
    assert not step_back(handed, SICK, times=9)
    assert handed.state() == "going"
    (told,) = setback.of_the_living(handed.connection, handed.campaign)
    assert (told.worker, told.times, told.reason) == (SICK, 9, REFUSED)
    assert 0 < told.wait <= 60_000


def test_the_last_of_all_pauses_the_campaign(handed: HandedOver) -> None:
    """With its words; to resume it has everybody try again."""
    enrol(handed, SICK)
    enrol(handed, WELL)
    assert not step_back(handed, SICK)
    assert step_back(handed, WELL)
    assert handed.ask("SELECT state, alarm FROM frozen") == [("paused", REFUSED)]
    assert setback.has_stepped_back(handed.connection, SICK, handed.campaign)
    assert control.resume(handed.connection, handed.campaign, now=handed.now)
    assert not setback.has_stepped_back(handed.connection, SICK, handed.campaign)


def test_the_first_time_is_not_enough(handed: HandedOver) -> None:
    """Others may just be on their way, to a worker that began before them."""
    enrol(handed, SICK)
    assert not step_back(handed, SICK, times=1)
    assert step_back(handed, SICK, times=2)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE worker SET ended = 1 WHERE name = 'b:2'",
        "UPDATE worker SET seen = seen - 60000 WHERE name = 'b:2'",
    ],
)
def test_the_dead_are_not_waited_for(handed: HandedOver, change: str) -> None:
    """Nor who has ended."""
    enrol(handed, SICK)
    enrol(handed, WELL)
    handed.connection.execute(change)
    assert step_back(handed, SICK)


def test_who_works_again_counts_again(handed: HandedOver) -> None:
    """Also who began anew, maybe under the same name, or stepped back long ago."""
    enrol(handed, SICK)
    enrol(handed, WELL)
    step_back(handed, WELL)
    setback.recover(handed.connection, WELL, handed.campaign)
    assert not step_back(handed, SICK)
    step_back(handed, WELL, wait=-setback.LATELY)
    assert not step_back(handed, SICK)
    handed.connection.execute("UPDATE frozen SET state = 'going'")
    step_back(handed, WELL)
    handed.connection.execute("UPDATE frozen SET state = 'going'")
    enrol(handed, WELL)
    assert not step_back(handed, SICK)


def never() -> bool:
    """Do not stop."""
    return False


def test_others_go_on_at_once_with_what_it_gives_back(handed: HandedOver) -> None:
    """Nobody waits for a worker that is not let in."""
    failure = PermanentDeliveryError(REFUSED)
    sink = MemorySink(failures={1: failure}, sleep=lambda _: None)
    sick = handed.shop(sink)
    assert carry_out(handed.bench(SICK), lambda _: sick, handed.errand(), never) is (
        failure
    )
    assert handed.ask("SELECT state, due FROM batch") == [("waiting", None)]
    assert (handed.state(), sick.discarded) == ("going", 1)
    carry_out(handed.bench(WELL), lambda _: handed.shop(), handed.errand(), never)
    assert set(handed.states().values()) == {"accepted"}


def test_a_worker_without_its_key_gives_the_batch_back(handed: HandedOver) -> None:
    """What is missing on one machine may be there on others."""
    failure = ConfigError(("dkim.keys: s1.pem cannot be read",))

    def not_ready(_campaign: int) -> Shop:
        raise failure

    refused: Callable[[int], Shop] = not_ready
    assert carry_out(handed.bench(SICK), refused, handed.errand(), never) is failure
    assert handed.ask("SELECT state, due, holder FROM batch") == [("waiting", None, "")]
    carry_out(handed.bench(WELL), lambda _: handed.shop(), handed.errand(), never)
    assert handed.state() == "done"
