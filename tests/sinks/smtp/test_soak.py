"""Any faults in any order: each delivery ends once, and as the server saw it end."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from distribute.campaign.campaign import Outcome, Parcel
from distribute.errors import DeliveryError
from distribute.sinks.smtp import allowance
from distribute.sinks.smtp.server import SmtpServer
from distribute.sinks.smtp.sink import SmtpSink
from tests.faults.fault import Fault, Manners
from tests.faults.server import FaultServer, serving
from tests.sinks.driver import Driver, parcel_to

PEOPLE = 12
LARGE = b"Subject: x\r\n\r\n" + (b"y" * 70 + b"\r\n.dot\r\n") * 9000
SMALL = b"Subject: x\r\n\r\n.\r\n..two\r\n"
ADDRESSES = [f"reader{number}@example.net" for number in range(PEOPLE)]
REPLIES = (
    "421 4.3.2 closing", "450 4.2.0 later", "451 4.3.0 later", "452 4.2.2 full",
    "550 5.1.1 nobody", "552 5.2.2 full", "554 5.6.0 no", "421 4.7.0 one\n421 two",
    "554 5.6.0 one\n554 two", "500 what?",
)  # fmt: skip
RAW = (
    "\x00\xff\r\n", "250 ok\n", "HTTP/1.1 200 OK\r\n\r\n", "250-ok\r\n354 no\r\n",
    "250 one\r\n250 two\r\n", "2", "\r\n",
)  # fmt: skip
early = st.builds(
    Fault,
    stage=st.sampled_from(("connect", "ehlo", "mail")),
    reply=st.just("") | st.sampled_from(REPLIES),
    raw=st.just("") | st.sampled_from(RAW),
    act=st.sampled_from(("", "", "close", "reset")),
    times=st.integers(1, 2),
)
late = st.builds(
    Fault,
    stage=st.sampled_from(("rcpt", "data", "body", "end")),
    reply=st.just("") | st.sampled_from(REPLIES),
    raw=st.just("") | st.sampled_from(RAW),
    act=st.sampled_from(("", "", "close", "reset")),
    delay=st.sampled_from((0.0, 0.0, 0.002)),
    share=st.sampled_from((0.1, 0.3)),
    times=st.integers(0, 1),
    after=st.sampled_from((0, 20, 200_000)),
)
manners = st.builds(
    Manners,
    faults=st.lists(early | late, max_size=4).map(tuple),
    pipelining=st.booleans(),
    eager=st.booleans(),
    per_connection=st.sampled_from((0, 0, 1, 5)),
    at_most=st.sampled_from((0, 0, 1, 2)),
    trickle=st.sampled_from((False, False, True)),
    one_by_one=st.booleans(),
    tls=st.sampled_from(("", "", "starttls", "tls")),
)


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
            driver.deliver(parcels(large))
        except DeliveryError as error:
            event(type(error).__name__)
    return driver


def parcels(large: set[int]) -> Iterator[Parcel]:
    """Write to everybody, at length to some."""
    for number, address in enumerate(ADDRESSES):
        yield parcel_to(address, LARGE if number in large else SMALL)


def check(driver: Driver, server: FaultServer) -> None:
    """See that what is known and what was seen go together."""
    arrived = server.record.arrived
    ended = {outcome: set[str]() for outcome in Outcome}
    for address, receipt in driver.receipts.items():
        ended[receipt.outcome].add(address)
    assert max(arrived.values(), default=0) <= 1, "served twice"
    lies = any(
        fault.stage in {"body", "end"} and fault.raw for fault in server.manners.faults
    )
    assert lies or ended[Outcome.ACCEPTED] <= arrived.keys(), "accepted, and never seen"
    doubtful = ended[Outcome.ACCEPTED] | ended[Outcome.UNCERTAIN]
    assert arrived.keys() <= doubtful, "seen, and said not to be"
    answers_twice = any("\n250 " in fault.raw for fault in server.manners.faults)
    assert answers_twice or not server.record.problems, server.record.problems[:3]


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
@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_goes_wrong_for_a_long_time(
    behaviour: Manners, connections: int, large: set[int], certificate: Path
) -> None:
    """The same, at length."""
    soak(behaviour, connections, large, certificate)
