"""Words are told apart in any language, to be compared and counted."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.web.preview.words import count_words, split_words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Don’t count “it’s” twice.", 4),
        ("well-known – and_underscored", 3),
        ("NLP简报有星星。", 6),
        ("東京タワー", 5),
        ("새해 인사", 2),
        ("हिन्दी में", 2),
        ("لمن هذه النجوم؟", 3),
        ("see https://example.org/a/b?c=d [1]", 2),
        ("", 0),
        ("\n\n --- \n", 0),
    ],
)
def test_words_are_counted_as_writers_do(text: str, count: int) -> None:
    """By the character in Chinese and Japanese; an address is no word."""
    assert count_words(text) == count


@given(st.text())
def test_pieces_are_the_text(text: str) -> None:
    """Nothing is left out, and nothing comes twice."""
    assert "".join(split_words(text)) == text


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "a-" * 50_000, "'" * 100_000, "星" * 100_000]
)
def test_long_texts_take_no_longer_than_they_are(text: str) -> None:
    """Whatever they are made of."""
    start = process_time()
    assert "".join(split_words(text)) == text
    assert process_time() - start < 10
