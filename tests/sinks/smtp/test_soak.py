"""Any faults in any order: each delivery ends once, and as the server saw it end."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from distribute.campaign.campaign import Outcome, Parcel
from distribute.errors import DeliveryError
from distribute.sinks.smtp import allowance
from distribute.sinks.smtp.server import SmtpServer
from distribute.sinks.smtp.sink import SmtpSink
from tests.faults.fault import Manners
from tests.faults.mischief import answers_twice, lies, manners
from tests.faults.server import FaultServer, serving
from tests.sinks.driver import Driver, parcel_to

PEOPLE = 12
HANGS = 180.0
"""Seconds after which the sink hangs. Servers that stop in the middle of a word, again and
again for nearly everybody, take a quarter of that; a busy machine takes longer."""
LARGE = b"Subject: x\r\n\r\n" + (b"y" * 70 + b"\r\n.dot\r\n") * 9000
SMALL = b"Subject: x\r\n\r\n.\r\n..two\r\n"
ADDRESSES = [f"reader{number}@example.net" for number in range(PEOPLE)]


@pytest.fixture(autouse=True, scope="module")
def haste() -> Iterator[None]:
    """Shorten the pauses behind failures, which would be most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(allowance, "_FIRST_PAUSE", 0.002)
        patch.setattr(allowance, "_LONGEST_PAUSE", 0.02)
        yield


def soak(
    behaviour: Manners, connections: int, large: set[int], certificate: Path
) -> None:
    """Deliver through a server that behaves so, as often as it takes, and then compare."""
    behaviour = replace(behaviour, certificate=str(certificate))
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "record", behaviour) as server,
    ):
        driver = deliver_with(server, connections, large)
        check(driver, server)
        event(f"{len(driver.receipts) * 4 // PEOPLE}/4 have ended")


def deliver_with(server: FaultServer, connections: int, large: set[int]) -> Driver:
    """Deliver to everybody; the sink may fail, but nobody who was released is forgotten."""
    reached = SmtpServer(
        host="localhost",
        port=server.port,
        security=server.manners.tls or "none",
        ca_file=Path(server.manners.certificate),
        connections=connections,
        renew_after=9,
        timeout=0.4,
        patience=0.5,
    )
    with closing(SmtpSink(reached)) as sink:
        driver = Driver(sink)
        try:
            driver.deliver(parcels(large), patience=HANGS)
        except DeliveryError as error:
            event(type(error).__name__)
    return driver


def parcels(large: set[int]) -> Iterator[Parcel]:
    """Write to everybody, at length to some."""
    for number, address in enumerate(ADDRESSES):
        yield parcel_to(address, LARGE if number in large else SMALL)


def check(driver: Driver, server: FaultServer) -> None:
    """See that what is known and what was seen go together."""
    record, behaviour = server.record, server.manners
    arrived = record.arrived
    ended = {outcome: set[str]() for outcome in Outcome}
    for address, receipt in driver.receipts.items():
        ended[receipt.outcome].add(address)
    assert max(arrived.values(), default=0) <= 1, "served twice"
    misled = record.addresses("cut").keys() if lies(behaviour) else set()
    assert ended[Outcome.ACCEPTED] <= arrived.keys() | misled, (
        "accepted, and never seen"
    )
    doubtful = ended[Outcome.ACCEPTED] | ended[Outcome.UNCERTAIN]
    assert arrived.keys() <= doubtful, "seen, and said not to be"
    assert answers_twice(behaviour) or not record.problems, record.problems[:3]


@given(
    behaviour=manners,
    connections=st.integers(1, 5),
    large=st.sets(st.integers(0, PEOPLE - 1), max_size=3),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_whatever_goes_wrong_the_account_is_right(
    behaviour: Manners, connections: int, large: set[int], certificate: Path
) -> None:
    """Nobody served twice, nobody said to be served who was not, no breach of SMTP."""
    soak(behaviour, connections, large, certificate)


@pytest.mark.slow
@given(
    behaviour=manners,
    connections=st.integers(1, 5),
    large=st.sets(st.integers(0, PEOPLE - 1), max_size=3),
)
@settings(
    max_examples=400,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink takes minutes
    suppress_health_check=list(HealthCheck),
)
def test_whatever_goes_wrong_for_a_long_time(
    behaviour: Manners, connections: int, large: set[int], certificate: Path
) -> None:
    """The same, at length."""
    soak(behaviour, connections, large, certificate)
