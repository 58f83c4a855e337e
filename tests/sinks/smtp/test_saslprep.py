"""Make user names and passwords comparable (RFC 4013)."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.sinks.smtp.saslprep import saslprep


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        ("I\u00adX", "IX"),
        ("user", "user"),
        ("USER", "USER"),
        ("\u00aa", "a"),
        ("\u2168", "IX"),
    ],
)
def test_the_examples_of_the_standard(text: str, prepared: str) -> None:
    """RFC 4013 section 3: mapped to nothing, unchanged, case kept, two by NFKC."""
    assert saslprep(text) == prepared


@pytest.mark.parametrize(
    "text",
    ["\u0007", "\u0627\u0031", "a\u0627", "\u0627a\u0628", "\0", "\x7f", "\u200e", "\ue000", "\udcff", "\ufdd0"],
)  # fmt: skip
def test_what_has_no_place_in_a_password_is_refused(text: str) -> None:
    """Controls, marks of direction, private use, surrogates, and mixed directions."""
    with pytest.raises(ValueError, match="RFC 4013"):
        saslprep(text)


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        ("a\u00a0b\u3000c\u1680d", "a b c d"),
        ("ka\u0308se", "käse"),
        ("\u0627\u0628", "\u0627\u0628"),
        ("\u0627 1 \u0628", "\u0627 1 \u0628"),
        ("🔑", "🔑"),
    ],
)
def test_passwords_of_the_world(text: str, prepared: str) -> None:
    """Odd spaces are spaces, accents are composed, Arabic and new characters are kept."""
    assert saslprep(text) == prepared


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
@settings(max_examples=100, deadline=None)
def test_printable_ascii_stays_as_it_is(text: str) -> None:
    """So most passwords do."""
    assert saslprep(text) == text


@given(st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_preparing_twice_changes_nothing(text: str) -> None:
    """Both ends may do it; and what comes out is composed and has no control character."""
    try:
        prepared = saslprep(text)
    except ValueError:
        return
    assert saslprep(prepared) == prepared
    assert not any(unicodedata.category(c) in {"Cc", "Cs", "Co"} for c in prepared)
