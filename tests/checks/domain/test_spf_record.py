"""Reading SPF records: what is one, what is none, and nothing that breaks the reader."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.checks.domain.spf.record import (
    Qualifier,
    SpfSyntaxError,
    parse_record,
    spf_texts,
)


def test_reads_mechanisms_in_their_order_with_their_qualifiers() -> None:
    """Each term keeps its sign, its target and its prefixes."""
    record = parse_record("v=spf1 +a:relay.example.net/24//64 ~mx -all")
    first, second, last = record.mechanisms
    assert (first.name, first.target, first.prefixes) == (
        "a",
        "relay.example.net",
        (24, 64),
    )
    assert (second.name, second.qualifier) == ("mx", Qualifier.SOFTFAIL)
    assert (last.name, last.qualifier) == ("all", Qualifier.FAIL)


def test_finds_the_redirect_wherever_it_stands() -> None:
    """A modifier is no mechanism, and its place says nothing."""
    assert parse_record("v=spf1 redirect=_spf.example.net mx").redirect == (
        "_spf.example.net"
    )


def test_knows_the_record_by_its_first_word_alone() -> None:
    """Version 10 is another thing, and so is a note about SPF."""
    texts = ["v=spf10 -all", "V=SPF1 -all", "v=spf1", "about v=spf1 -all"]
    assert spf_texts(texts) == ["V=SPF1 -all", "v=spf1"]


@pytest.mark.parametrize(
    "text",
    [
        "v=spf1 ip4:192.0.2.0/33",
        "v=spf1 ip4:192.0.2",
        "v=spf1 ip4:192.0.2.0/024",
        "v=spf1 ip6:2001:db8::/129",
        "v=spf1 ip6:192.0.2.1",
        "v=spf1 ip4",
        "v=spf1 include",
        "v=spf1 include:",
        "v=spf1 exists:",
        "v=spf1 a:example.org/",
        "v=spf1 a:example.org//129",
        "v=spf1 mx:",
        "v=spf1 all:example.org",
        "v=spf1 a:only-a-number.123",
        "v=spf1 include:%{x}.example.org",
        "v=spf1 include:%{d0}.example.org",
        "v=spf1 include:%(d).example.org",
        "v=spf1 exists:%{c}.example.org",
        "v=spf1 redirect=a.example.org redirect=b.example.org",
        "v=spf1 -all; mx",
        "v=spf1 mx,all",
        "v=spf1 ip4:192.0.2.1 \u00a0all",
        "v=spf2 -all",
    ],
)
def test_refuses_what_receivers_refuse(text: str) -> None:
    """One slip makes the whole record an error (RFC 7208 section 4.6)."""
    with pytest.raises(SpfSyntaxError):
        parse_record(text)


def test_quotes_no_more_of_a_record_than_a_line_can_show() -> None:
    """Whoever wrote the record has no say in how our lines look."""
    with pytest.raises(SpfSyntaxError) as refusal:
        parse_record("v=spf1 \x1b[31m" + "x" * 5000)
    assert len(str(refusal.value)) < 100
    assert "\x1b" not in str(refusal.value)


_TERMS = st.sampled_from(
    [
        *"+-~?:/%{}= ._",
        *("a", "mx", "all", "include", "ip4:", "ip6:", "redirect=", "exp=", "ptr"),
        *("exists:", "%{i}", "%{d2r-}", "example.org", "24", "//"),
    ]
)


@given(st.one_of(st.text(), st.lists(_TERMS).map("".join)))
@settings(max_examples=200, deadline=None)
def test_never_breaks_on_what_others_publish(text: str) -> None:
    """Whatever stands there is a record or an error of syntax."""
    with contextlib.suppress(SpfSyntaxError):
        parse_record(f"v=spf1 {text}")
