"""Judging a sender by SPF, as receivers do (RFC 7208)."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.checks.domain.spf.check import (
    MOST_LOOKUPS,
    Outcome,
    Result,
    check_host,
)
from tests.zone import Records, Zone

_SENDER = "bounces@letters.example.org"
_OURS, _OTHER = IPv4Address("198.51.100.7"), IPv4Address("203.0.113.9")


_NOTHING: Records = {}


def _judge(
    records: Records, address: str | IPv4Address | IPv6Address = _OURS
) -> Outcome:
    return check_host(Zone(records), ip_address(str(address)), _SENDER)


def _spf(text: str, more: Records = _NOTHING) -> Records:
    return {("letters.example.org", "TXT"): ["something else", text], **more}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("v=spf1 ip4:198.51.100.0/24 -all", Result.PASS),
        ("v=spf1 -ip4:198.51.100.0/24 +all", Result.FAIL),
        ("v=spf1 ip6:2001:db8::/32 ~all", Result.SOFTFAIL),
        ("v=spf1 ip4:203.0.113.1", Result.NEUTRAL),
        ("v=spf1 ?all", Result.NEUTRAL),
        ("v=spf1 a:nowhere.example.org -all", Result.FAIL),
        ("v=spf1 unknown=thing -all", Result.FAIL),
        ("v=spf1 ip4:300.0.0.1 -all", Result.PERMERROR),
    ],
)
def test_the_first_mechanism_that_matches_decides(text: str, result: Result) -> None:
    """By its qualifier; where none matches, nothing is said."""
    assert _judge(_spf(text)).result is result


def test_a_domain_without_a_record_says_nothing() -> None:
    """That is no failure, and no pass either."""
    assert (
        _judge({("letters.example.org", "A"): ["198.51.100.7"]}).result is Result.NONE
    )


def test_two_records_are_an_error() -> None:
    """Nobody may choose between them (section 4.5)."""
    records = {("letters.example.org", "TXT"): ["v=spf1 +all", "v=spf1 -all"]}
    assert _judge(records).result is Result.PERMERROR


def test_hosts_are_found_by_their_addresses() -> None:
    """By `a`, near them by a prefix, and by `mx` through the exchangers."""
    more = {
        ("relay.example.org", "A"): ["198.51.100.200"],
        ("letters.example.org", "MX"): ["10 in.example.org"],
        ("in.example.org", "A"): ["198.51.100.7"],
    }
    assert _judge(_spf("v=spf1 a:relay.example.org -all", more)).result is Result.FAIL
    assert (
        _judge(_spf("v=spf1 a:relay.example.org/24 -all", more)).result is Result.PASS
    )
    assert _judge(_spf("v=spf1 mx -all", more)).result is Result.PASS


def test_an_ipv6_sender_is_looked_for_among_ipv6_addresses() -> None:
    """And one that wears an IPv4 address inside is that IPv4 address."""
    more = {("relay.example.org", "AAAA"): ["2001:db8::7"]}
    records = _spf("v=spf1 a:relay.example.org ip4:198.51.100.7 -all", more)
    assert _judge(records, "2001:db8::7").result is Result.PASS
    assert _judge(records, "2001:db8::8").result is Result.FAIL
    assert _judge(records, "::ffff:198.51.100.7").result is Result.PASS


def test_an_include_passes_only_what_it_passes() -> None:
    """Its failure goes on to the next term; no record at all is an error."""
    more = {("_spf.example.net", "TXT"): ["v=spf1 ip4:198.51.100.7 -all"]}
    records = _spf("v=spf1 include:_spf.example.net ~all", more)
    assert _judge(records).result is Result.PASS
    assert _judge(records, _OTHER).result is Result.SOFTFAIL
    lost = _spf("v=spf1 include:gone.example.net ~all")
    assert _judge(lost).result is Result.PERMERROR


def test_a_redirect_counts_where_nothing_matches() -> None:
    """Then the other record's words are ours."""
    more = {("_spf.example.net", "TXT"): ["v=spf1 ip4:198.51.100.7 -all"]}
    records = _spf("v=spf1 ip4:192.0.2.1 redirect=_spf.example.net", more)
    assert _judge(records).result is Result.PASS
    assert _judge(records, _OTHER).result is Result.FAIL


def test_macros_become_what_the_mail_is_about() -> None:
    """The address backwards, the domain, the sender's name."""
    name = "7.100.51.198.in-addr.bounces.letters.example.org"
    records = _spf(
        "v=spf1 exists:%{ir}.%{v}.%{l}.%{d} -all", {(name, "A"): ["127.0.0.2"]}
    )
    assert _judge(records).result is Result.PASS
    assert _judge(records, _OTHER).result is Result.FAIL


def test_names_count_only_if_they_lead_back() -> None:
    """Anybody can call their address whatever they like (section 5.5)."""
    pointer = _OURS.reverse_pointer
    named = {(pointer, "PTR"): ["out.letters.example.org"]}
    true = named | {("out.letters.example.org", "A"): ["198.51.100.7"]}
    assert _judge(_spf("v=spf1 ptr -all", true)).result is Result.PASS
    assert _judge(_spf("v=spf1 ptr -all", named)).result is Result.FAIL


def test_more_than_ten_questions_are_too_many() -> None:
    """Whatever would be found behind them (section 4.6.4)."""
    terms = " ".join(f"a:h{number}.example.net" for number in range(11))
    more = {(f"h{number}.example.net", "A"): ["192.0.2.9"] for number in range(11)}
    outcome = _judge(_spf(f"v=spf1 {terms} +all", more))
    assert (outcome.result, outcome.lookups) == (Result.PERMERROR, MOST_LOOKUPS + 1)
    assert "h10.example.net" in outcome.reason


def test_records_that_include_each_other_come_to_an_end() -> None:
    """The limit ends what would go round for ever."""
    more = {("_spf.example.net", "TXT"): ["v=spf1 include:letters.example.org -all"]}
    assert _judge(_spf("v=spf1 include:_spf.example.net", more)).result is (
        Result.PERMERROR
    )


def test_a_third_name_that_does_not_exist_is_an_error() -> None:
    """Two are forgiven."""
    two = "v=spf1 a:one.example.net a:two.example.net -all"
    assert _judge(_spf(two)).result is Result.FAIL
    three = "v=spf1 a:one.example.net a:two.example.net a:three.example.net -all"
    assert _judge(_spf(three)).result is Result.PERMERROR


def test_a_dns_that_does_not_answer_is_a_passing_error() -> None:
    """Whether for the record itself, or for a host in it."""
    late = Zone({}, late=frozenset({"letters.example.org"}))
    assert check_host(late, _OURS, _SENDER).result is Result.TEMPERROR
    records = _spf("v=spf1 a:relay.example.org -all")
    broken = Zone(records, broken=frozenset({"relay.example.org"}))
    assert check_host(broken, _OURS, _SENDER).result is Result.TEMPERROR


_NAMES = ["letters.example.org", "a.example.net", "b.example.net", "no.example.net"]
_TERMS = st.sampled_from(
    [f"{q}{m}" for q in ("", "-", "~", "?") for m in ("a", "mx", "all", "ptr")]
    + [f"{m}{name}" for m in ("include:", "a:", "redirect=", "mx:") for name in _NAMES]
    + ["exists:%{i}.a.example.net", "include:%{d1r}.example.net", "ip4:192.0.2.0/24"]
)
_TEXTS = st.lists(_TERMS, max_size=12).map(lambda terms: " ".join(["v=spf1", *terms]))
_SOMETHING = st.one_of(_TEXTS, st.text(max_size=30).map(lambda text: f"v=spf1 {text}"))


@given(st.lists(_SOMETHING, min_size=3, max_size=3), st.ip_addresses())
@settings(max_examples=100, deadline=None)
def test_always_ends_within_the_limits(
    texts: list[str], address: IPv4Address | IPv6Address
) -> None:
    """Whatever the records say, ten terms ask and not one more."""
    zone = Zone({(name, "TXT"): [t] for name, t in zip(_NAMES[:3], texts, strict=True)})
    outcome = check_host(zone, address, _SENDER)
    assert outcome.lookups <= MOST_LOOKUPS + 1
    assert len(zone.asked) < 300
