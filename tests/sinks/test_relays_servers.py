"""Several real servers at once: what each of them noted down, and what we say of it."""

import socket
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from distribute.campaign.campaign import Outcome, Parcel, Turn
from distribute.campaign.run.pace import Pace
from distribute.errors import DeliveryError, PermanentDeliveryError
from distribute.sinks.relays import health
from distribute.sinks.relays.lookout import Lookout
from distribute.sinks.relays.relay import Station
from distribute.sinks.relays.sink import Relays
from distribute.sinks.smtp.server import SmtpServer
from distribute.sinks.smtp.sink import SmtpSink
from tests.faults.fault import Fault, Manners
from tests.faults.server import FaultServer
from tests.sinks.driver import Driver, addresses, parcel_to

if TYPE_CHECKING:
    from tests.sinks.conftest import Smtpd

    Start = Callable[..., Smtpd]

Serve = Callable[[Manners], FaultServer]
PATIENCE = 60.0
"""Seconds; a busy machine may hold everything up."""


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Give what runs servers until the test is over."""
    with ExitStack() as running:

        def run(manners: Manners) -> FaultServer:
            path = tmp_path / f"record-{len(list(tmp_path.iterdir()))}"
            return running.enter_context(closing(FaultServer(path, manners)))

        yield run


def reach(port: int, *, connections: int = 2) -> SmtpServer:
    """Say how to reach a server of this machine."""
    return SmtpServer(
        host="127.0.0.1", port=port, security="none", connections=connections,
        patience=0.2, timeout=PATIENCE,
    )  # fmt: skip


def station(server: SmtpServer, rate: float = 0.0) -> Station:
    """Make a relay of it."""
    return Station(
        name=f"at-{server.port}",
        open=lambda selector: SmtpSink(server, selector),
        pace=Pace(rate),
    )


class Counting(Relays):
    """Counts its turns."""

    turns = 0

    def turn(self, wait: float) -> Turn:
        """Look at all relays once."""
        self.turns += 1
        return super().turn(wait)


@contextmanager
def relays(*stations: Station) -> Iterator[tuple[Counting, list[str]]]:
    """Open relays; gives them, and what they tell."""
    told: list[str] = []
    with closing(Counting(stations, patience=PATIENCE, tell=told.append)) as sink:
        yield sink, told


def letters(count: int) -> Sequence[Parcel]:
    """Make so many parcels."""
    return [parcel_to(address) for address in addresses(count)]


def arrived(*servers: FaultServer) -> Counter[str]:
    """Say who has the message, by what the servers noted down."""
    for server in servers:
        assert not server.record.problems
    return sum((server.record.arrived for server in servers), Counter[str]())


def check_everybody(driver: Driver, count: int, *servers: FaultServer) -> None:
    """See that all have one message, and those said to have it do."""
    seen = arrived(*servers)
    outcomes = {who: receipt.outcome for who, receipt in driver.receipts.items()}
    accepted = {who for who, how in outcomes.items() if how is Outcome.ACCEPTED}
    uncertain = {who for who, how in outcomes.items() if how is Outcome.UNCERTAIN}
    assert set(seen.values()) == {1}
    assert accepted <= seen.keys() <= accepted | uncertain
    assert outcomes.keys() == set(addresses(count))


def test_all_are_put_to_use_and_nobody_is_served_twice(serve: Serve) -> None:
    """Each message goes out by one of them."""
    servers = [serve(Manners(latency=0.005)) for _ in range(3)]
    with relays(*(station(reach(each.port)) for each in servers)) as (sink, told):
        driver = Driver(sink)
        driver.deliver(letters(120), patience=PATIENCE)
    check_everybody(driver, 120, *servers)
    assert all(server.record.count > 10 for server in servers)
    assert {receipt.outcome for receipt in driver.receipts.values()} == {
        Outcome.ACCEPTED
    }
    assert not told


def test_whatever_arrives_is_heard_at_once_and_nobody_asks_in_vain(
    serve: Serve,
) -> None:
    """Waiting is left to the system: there are not many more turns than replies."""
    servers = [serve(Manners(latency=0.02)) for _ in range(2)]
    with relays(*(station(reach(each.port)) for each in servers)) as (sink, _):
        driver = Driver(sink)
        driver.deliver(letters(40), wait=PATIENCE, patience=2 * PATIENCE)
        replies = 40 * 4 + 4 * 2
        assert sink.turns < 2 * replies
    check_everybody(driver, 40, *servers)


def test_one_that_dies_leaves_its_work_to_the_others(serve: Serve) -> None:
    """Only what had left by it is uncertain; the rest is served elsewhere."""
    mortal, other = serve(Manners(latency=0.01)), serve(Manners(latency=0.01))
    with relays(station(reach(mortal.port)), station(reach(other.port))) as (
        sink,
        told,
    ):
        driver = Driver(sink)
        driver.deliver(letters(20), patience=PATIENCE)
        waiting = list(letters(150))[20:]
        driver.take(waiting)
        turn = sink.turn(PATIENCE)
        mortal.down()
        driver.note(turn)
        driver.release(turn.ready)
        driver.deliver(waiting, patience=PATIENCE)
    check_everybody(driver, 150, mortal, other)
    uncertain = Counter(receipt.outcome for receipt in driver.receipts.values())
    assert uncertain[Outcome.UNCERTAIN] <= 2
    assert "left alone" in told[0]


def test_one_that_comes_back_is_used_again(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was tried in vain, rested, and then served again."""
    monkeypatch.setattr(health, "FIRST_REST", 0.05)
    late, other = serve(Manners()), serve(Manners(latency=0.01))
    late.down()
    with relays(
        station(reach(late.port)), station(reach(other.port, connections=1))
    ) as (sink, told):
        driver = Driver(sink)
        numbers = iter(addresses(100_000))
        driver.deliver([parcel_to(next(numbers)) for _ in range(9)], patience=PATIENCE)
        assert len(told) == 1
        late.up()
        while len(told) < 2 and len(driver.receipts) < 90_000:
            driver.deliver([parcel_to(next(numbers)) for _ in range(9)], wait=0.05)
    assert "works again" in told[1]
    assert late.record.count > 0
    check_everybody(driver, len(driver.receipts), late, other)


def test_one_that_refuses_the_login_holds_nobody_up(
    serve: Serve, smtpd: "Start"
) -> None:
    """The others serve everybody, and it is said once."""
    strict, other = smtpd(auth=True, auth_require_tls=False), serve(Manners())
    wrong = replace(reach(strict.port), username="news", password="wrong")
    with relays(station(wrong), station(reach(other.port))) as (sink, told):
        driver = Driver(sink)
        driver.deliver(letters(40), patience=PATIENCE)
    check_everybody(driver, 40, other)
    assert other.record.count == 40
    assert not strict.room.received
    (line,) = told
    assert f"at-{strict.port}" in line
    assert "wrong" not in line


def test_no_login_anywhere_is_a_matter_for_somebody(smtpd: "Start") -> None:
    """Each of them is named."""
    both = [smtpd(auth=True, auth_require_tls=False) for _ in range(2)]
    wrong = [
        replace(reach(each.port), username="news", password="wrong") for each in both
    ]
    with relays(*map(station, wrong)) as (sink, _):
        with pytest.raises(PermanentDeliveryError) as caught:
            Driver(sink).deliver(letters(5), patience=PATIENCE)
        assert all(f"at-{each.port}" in caught.value.reason for each in both)


def test_one_that_greylists_is_not_ill(serve: Serve) -> None:
    """Whom it puts off is deferred as by any server; nobody else is."""
    grey = serve(Manners(faults=(Fault(stage="rcpt", reply="451 4.7.1 later"),)))
    other = serve(Manners(latency=0.01))
    with relays(station(reach(grey.port)), station(reach(other.port))) as (sink, told):
        driver = Driver(sink)
        driver.deliver(letters(60), patience=PATIENCE)
    outcomes = Counter(receipt.outcome for receipt in driver.receipts.values())
    assert outcomes[Outcome.ACCEPTED] == other.record.count > 0
    assert outcomes[Outcome.DEFERRED] == 60 - other.record.count > 0
    assert not grey.record.count
    assert not told


def test_each_has_a_rate_of_its_own(serve: Serve) -> None:
    """By their own records: neither got more than it was to get in any second."""
    slow, quick = serve(Manners()), serve(Manners())
    stations = (station(reach(slow.port), 10), station(reach(quick.port), 40))
    with relays(*stations) as (sink, _):
        driver = Driver(sink)
        driver.deliver(letters(75), wait=PATIENCE, patience=PATIENCE)
    check_everybody(driver, 75, slow, quick)
    for server, rate in ((slow, 10), (quick, 40)):
        times = [heard.at for heard in server.record.lines() if heard.kind == "kept"]
        assert len(times) >= 5
        intervals = (len(times) - 1) / (times[-1] - times[0])
        assert intervals < 1.5 * rate, f"{intervals:.1f} a second"


@pytest.mark.parametrize("dead", [1, 2])
def test_nobody_listening_is_found_out_at_once(dead: int) -> None:
    """As with a server alone, which says so in its own words."""
    with ExitStack() as held:
        ports = []
        for _ in range(dead):
            taken = held.enter_context(closing(socket.socket()))
            taken.bind(("127.0.0.1", 0))  # and does not listen
            ports.append(taken.getsockname()[1])
        stations = [station(reach(port)) for port in ports]
        with relays(*stations) as (sink, _), pytest.raises(DeliveryError) as caught:
            Driver(sink).deliver(letters(3), patience=PATIENCE)
    assert ("no relay works" in caught.value.reason) == (dead > 1)


def test_a_share_knows_only_its_own() -> None:
    """What happens to one is not told to the other, and one look is for both."""
    with closing(Lookout()) as lookout, ExitStack() as held:
        pairs = [socket.socketpair() for _ in range(2)]
        for end in (end for pair in pairs for end in pair):
            held.enter_context(closing(end))
        shares = [lookout.share() for _ in pairs]
        for share, (ours, _) in zip(shares, pairs, strict=True):
            share.register(ours, 1, "mine")
        lookout.wait(0)
        assert [share.select(0) for share in shares] == [[], []]
        pairs[1][1].send(b"x")
        lookout.wait(PATIENCE)
        assert shares[0].select(0) == []
        ((key, events),) = shares[1].select(0)
        assert (key.data, key.fileobj, events) == ("mine", pairs[1][0], 1)
        assert shares[1].select(PATIENCE), "it looks for itself if it is to wait"
        lookout.wait(0)
        shares[1].close()
        assert (shares[1].select(0), dict(shares[1].get_map())) == ([], {})
