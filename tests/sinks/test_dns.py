"""Asking a real name server, which fails in every way that such servers do."""

from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from distribute.checks.domain.lookup import Answer, Exchanger, State, all_addresses
from distribute.sinks.dns import Dns, parse_server
from tests.nameserver import Nameserver, Trouble, serving_names
from tests.processes import wait_until

_LONG = "v=DKIM1; k=rsa; p=" + "A" * 500
_RECORDS = {
    ("example.org", "TXT"): ["v=spf1 -all", _LONG],
    ("example.org", "MX"): ["20 b.example.org.", "10 a.example.org."],
    ("a.example.org", "A"): ["192.0.2.1", "192.0.2.2"],
    ("a.example.org", "AAAA"): ["2001:db8::1"],
    ("www.example.org", "CNAME"): ["a.example.org."],
    ("null.example.org", "MX"): ["0 ."],
    ("1.2.0.192.in-addr.arpa", "PTR"): ["a.example.org."],
    ("slow.example.org", "A"): ["192.0.2.3"],
}
_TROUBLES: dict[str, Trouble] = {
    "silent.example.org": "silence",
    "broken.example.org": "servfail",
    "shut.example.org": "refused",
    "odd.example.org": "garbage",
}


@pytest.fixture
def server() -> Iterator[Nameserver]:
    """Give a name server with some records and some troubles."""
    with serving_names(_RECORDS, dict(_TROUBLES)) as serving:
        yield serving


def _dns(server: Nameserver, timeout: float = 30) -> Dns:
    return Dns(("127.0.0.1", server.port), timeout=timeout)


def test_finds_records_of_each_kind(server: Nameserver) -> None:
    """Strings of TXT are joined, exchangers sorted, names without their last dot."""
    dns = _dns(server)
    assert set(dns.texts("example.org").values) == {"v=spf1 -all", _LONG}
    assert dns.exchangers("example.org").values == (
        Exchanger(10, "a.example.org"),
        Exchanger(20, "b.example.org"),
    )
    assert dns.exchangers("null.example.org").values == (Exchanger(0, ""),)
    assert dns.names(ip_address("192.0.2.1")).values == ("a.example.org",)
    assert len(all_addresses(dns, "www.example.org").values) == 3


def test_tells_a_name_without_such_a_record_from_no_name(server: Nameserver) -> None:
    """Both are void, and they are different mistakes."""
    dns = _dns(server)
    assert dns.texts("a.example.org") == Answer(State.EMPTY)
    assert dns.texts("gone.example.org") == Answer(State.MISSING)


def test_asks_again_by_tcp_where_an_answer_was_cut() -> None:
    """Long records do not fit into a packet."""
    with serving_names(_RECORDS, {"example.org": "truncated"}) as server:
        assert _LONG in _dns(server).texts("example.org").values
        assert server.heard == ["udp example.org TXT", "tcp example.org TXT"]


@pytest.mark.parametrize(
    ("name", "said"),
    [("broken.example.org", "SERVFAIL"), ("shut.example.org", "REFUSED")],
)
def test_a_server_that_fails_is_an_answer_with_its_reason(
    server: Nameserver, name: str, said: str
) -> None:
    """And no exception."""
    answer = _dns(server).texts(name)
    assert answer.state is State.FAILED
    assert said in answer.reason


def test_silence_is_an_answer_once_the_time_is_up(server: Nameserver) -> None:
    """As is nonsense, which may come from anybody and is not listened to."""
    for name in ("silent.example.org", "odd.example.org"):
        answer = _dns(server, timeout=0.3).texts(name)
        assert answer.is_unknown, answer
        assert answer.reason


def test_a_server_that_is_dead_is_not_waited_for_again_and_again() -> None:
    """Three times are enough."""
    names = [f"n{number}.example.org" for number in range(9)]
    troubles: dict[str, Trouble] = dict.fromkeys(names, "silence")
    with serving_names({}, troubles) as server:
        dns = _dns(server, timeout=0.2)
        answers = [dns.texts(name) for name in names]
        assert {answer.state for answer in answers} == {State.LATE}
        wait_until(lambda: len({each.split()[1] for each in server.heard}) >= 3)
        assert {each.split()[1] for each in server.heard} == set(names[:3])


def test_a_port_where_nobody_listens_is_an_answer() -> None:
    """Whatever the system says to it."""
    with serving_names({}) as server:
        port = server.port
    assert Dns(("127.0.0.1", port), timeout=0.3).texts("example.org").is_unknown


def test_the_same_question_is_asked_once(server: Nameserver) -> None:
    """The judges come back to the same names."""
    dns = _dns(server)
    for name in ("example.org", "EXAMPLE.org"):
        dns.texts(name)
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "name",
    ["", ".", "a..b", "x" * 64 + ".org", ("a" * 60 + ".") * 5 + "org", "é.org", "\0"],
)
def test_a_name_that_cannot_be_one_is_an_answer_too(
    server: Nameserver, name: str
) -> None:
    """What others write into records is asked as it stands."""
    assert not _dns(server, timeout=0.5).texts(name).values


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("192.0.2.53", ("192.0.2.53", 53)),
        ("192.0.2.53:5353", ("192.0.2.53", 5353)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]:5353", ("2001:db8::1", 5353)),
    ],
)
def test_reads_where_a_server_is(text: str, server: tuple[str, int]) -> None:
    """An address, and a port behind a colon."""
    assert parse_server(text) == server


@pytest.mark.parametrize(
    "text", ["dns.example.org", "192.0.2.53:0", "192.0.2.53:x", "[::1", "", "[::1]5:5"]
)
def test_refuses_what_is_no_address(text: str) -> None:
    """A name would have to be looked up first."""
    with pytest.raises(ValueError, match="is no"):
        parse_server(text)
