"""Text beyond ASCII in a header: RFC 2047 encoded words, exact in every decoder."""

from email.header import decode_header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.message.encoded_words import clusters, encoded_words

CODER = "👩🏽\u200d💻"


def decoded(words: list[str]) -> str:
    """Decode as a mail program does: white space between words does not count."""
    return "".join(
        part.decode(charset or "ascii") if isinstance(part, bytes) else part
        for part, charset in decode_header("\n ".join(words))
    )


@given(st.text(min_size=1, max_size=300), st.integers(min_value=1, max_value=20))
@settings(max_examples=200, deadline=None)
def test_any_text_comes_back_and_fits(text: str, column: int) -> None:
    """Every text decodes to itself; no word is over 75, no line over 76 characters."""
    words = encoded_words(text, column=column)

    assert decoded(words) == text
    assert all(len(word) <= 75 for word in words)
    assert column + len(words[0]) <= 76
    assert not any(word.endswith("=?=") for word in words[:-1]), "padding inside"


@pytest.mark.parametrize(
    "character",
    ["e\u0301", "कि", CODER, "🇧🇷", "🏴\U000e0067\U000e0062\U000e0073\U000e007f", "각"],
)
def test_what_readers_see_as_one_stays_in_one_word(character: str) -> None:
    """A word never ends inside a combining sequence, an emoji or a flag."""
    text = "x" + character * 40

    for word in encoded_words(text, column=9):
        part = decoded([word]).removeprefix("x")
        assert part == character * (len(part) // len(character))


def test_a_cluster_longer_than_a_word_is_cut_between_its_characters() -> None:
    """Endless combining marks cannot make a line endless."""
    text = "o" + "\u0300\u0331" * 200

    words = encoded_words(text, column=9)

    assert len(words) > 5
    assert decoded(words) == text


def test_text_that_never_comes_to_threes() -> None:
    """One octet before letters of three: the odd one gets a word without padding."""
    words = encoded_words("a" + "語" * 100, column=9)

    assert words[0] == "=?utf-8?q?=61?="
    assert not any(word.endswith("=?=") for word in words)
    assert decoded(words) == "a" + "語" * 100


def test_two_flags_are_two_characters() -> None:
    """Regional letters pair up from the left."""
    assert list(clusters("🇧🇷🇫🇷🇹")) == ["🇧🇷", "🇫🇷", "🇹"]


def test_words_are_filled() -> None:
    """A text that fits one word is one word, and 42 octets fit behind ``From:``."""
    assert len(encoded_words("é" * 21, column=len("From: "))) == 1
    assert len(encoded_words("é" * 23, column=len("From: "))) == 2
