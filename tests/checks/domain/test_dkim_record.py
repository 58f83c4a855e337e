"""Reading the public keys of DKIM."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.checks.domain.dkim_record import parse_key_record
from distribute.checks.domain.tags import TagSyntaxError, parse_tags


def test_reads_a_key_that_is_split_and_padded() -> None:
    """Zone files break keys in places; white space in them is none of the key."""
    record = parse_key_record(" v=DKIM1 ; k=rsa; p=QUJD\n RA== ; n=a note;")
    assert (record.algorithm, record.public) == ("rsa", b"ABCD")
    assert record.is_for_mail


def test_a_record_that_says_little_is_for_rsa_and_for_mail() -> None:
    """The defaults of RFC 6376 section 3.6.1."""
    record = parse_key_record("p=QUJD")
    assert (record.algorithm, record.is_for_mail, record.is_test) == (
        "rsa",
        True,
        False,
    )


def test_an_empty_key_has_been_taken_back() -> None:
    """Which is another thing than no key."""
    assert parse_key_record("v=DKIM1; p=").is_revoked


def test_knows_what_a_key_is_not_for() -> None:
    """Other services, older digests; and tests."""
    assert not parse_key_record("p=QUJD; s=tlsrpt").is_for_mail
    assert not parse_key_record("p=QUJD; h=sha1").is_for_mail
    assert parse_key_record("p=QUJD; h=sha1:sha256; s=*; t=s:y").is_test


@pytest.mark.parametrize(
    "text",
    [
        *("", "v=DKIM1", "k=rsa; v=DKIM1; p=QUJD", "v=DKIM2; p=QUJD", "p=QUJD; p=QUJD"),
        *("p=not base64!", "just words", "p=QUJ\u00e9", "=x; p=QUJD"),
    ],
)
def test_refuses_what_is_no_key_record(text: str) -> None:
    """Receivers would not believe a signature by it."""
    with pytest.raises(TagSyntaxError):
        parse_key_record(text)


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_never_breaks_on_what_others_publish(text: str) -> None:
    """Whatever stands there is a list of tags, a key, or an error of syntax."""
    for parse in (parse_tags, parse_key_record):
        with contextlib.suppress(TagSyntaxError):
            parse(text)
