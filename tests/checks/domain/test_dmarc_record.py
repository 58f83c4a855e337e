"""Reading DMARC records as RFC 9989 has them."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.checks.domain.dmarc_record import Policy, dmarc_texts, parse_dmarc
from distribute.checks.domain.tags import TagSyntaxError


def test_fills_in_what_is_not_said() -> None:
    """Subdomains go by the policy, and alignment is relaxed."""
    record = parse_dmarc("v=DMARC1; p=quarantine")
    assert (record.policy, record.subdomains) == (Policy.QUARANTINE, Policy.QUARANTINE)
    assert not record.strict_spf
    assert not record.strict_dkim
    assert not record.is_test


def test_reads_every_tag_that_still_means_something() -> None:
    """In any order behind the version, and in any case."""
    record = parse_dmarc(
        "v = DMARC1 ;rua=mailto:a@example.org!10m,https://x.example,mailto:b@example.net;"
        "psd=n; t=Y; adkim=S; aspf=s; sp=reject; p=None; unknown=1"
    )
    assert (record.policy, record.subdomains) == (Policy.NONE, Policy.REJECT)
    assert record.reports == ("a@example.org", "b@example.net")
    assert record.is_test
    assert record.strict_dkim
    assert record.strict_spf
    assert record.suffix == "n"


def test_names_the_tags_that_are_gone() -> None:
    """RFC 9989 has done away with pct, rf and ri."""
    assert parse_dmarc("v=DMARC1; p=none; pct=50; ri=3600").gone == ("pct", "ri")


def test_a_policy_nobody_knows_counts_as_none_if_reports_are_asked_for() -> None:
    """Section 4.10.1: the owner then learns of the mistake from the reports."""
    record = parse_dmarc("v=DMARC1; p=refuse; rua=mailto:a@example.org")
    assert (record.policy, record.has_policy) == (Policy.NONE, False)
    below = parse_dmarc("v=DMARC1; p=reject; sp=quarantin; rua=mailto:a@example.org")
    assert below.policy is Policy.NONE


@pytest.mark.parametrize(
    "text",
    [
        *("p=none; v=DMARC1", "v=dmarc1; p=none", "v=DMARC1; p=refuse", "v=DMARC1"),
        *("v=DMARC10; p=none", "v=DMARC1; p=none; p=reject", "v=DMARC1 p=none"),
    ],
)
def test_refuses_what_receivers_ignore(text: str) -> None:
    """No policy at all is better known than guessed."""
    with pytest.raises(TagSyntaxError):
        parse_dmarc(text)


def test_leaves_other_records_alone() -> None:
    """A wildcard of the zone may answer at that name too."""
    texts = ["v=spf1 -all", "v=DMARC1;p=none", "v=DMARC1"]
    assert dmarc_texts(texts) == ["v=DMARC1;p=none", "v=DMARC1"]


_TAGS = st.sampled_from(
    ["p=", "sp=", "none", "reject", ";", "rua=mailto:", "a@b", ",", "psd=y", "[", " "]
)


@given(st.one_of(st.text(), st.lists(_TAGS).map("".join)))
@settings(max_examples=100, deadline=None)
def test_never_breaks_on_what_others_publish(text: str) -> None:
    """Whatever stands there is a record or an error of syntax."""
    with contextlib.suppress(TagSyntaxError):
        parse_dmarc(f"v=DMARC1;{text}")
