"""Which characters stay."""

import sys
import unicodedata

import pytest

from distribute.render.characters import clean

EVERY = [
    *map(chr, range(0x11000)),
    *(
        chr(code)
        for code in range(0x11000, sys.maxunicode + 1)
        if code & 0xFF0 == 0xFF0
    ),
]
"""All of the first plane, and of the others the ends of each block of 4096."""


def test_only_what_nothing_can_carry_is_removed() -> None:
    """Controls, surrogates, the byte order mark and noncharacters go, nothing else."""
    gone = {char for char in EVERY if not clean(char)}
    noncharacters = {char for char in EVERY if ord(char) & 0xFFFE == 0xFFFE}
    noncharacters |= {chr(code) for code in range(0xFDD0, 0xFDF0)}
    controls = {char for char in EVERY if unicodedata.category(char) in ("Cc", "Cs")}
    assert gone == (controls | noncharacters | {"\ufeff"}) - {*"\t\n\r\x85"}


def test_what_stays_stays_as_it_is() -> None:
    """A text of everything is what is left of each of its characters."""
    assert clean("".join(EVERY).replace("\r", "")) == "".join(
        clean(char) for char in EVERY if char != "\r"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\rc\n\rd", "a\nb\nc\n\nd"),
        ("a\x85b", "a b"),
        ("\ue000 \U000f0000", "\ue000 \U000f0000"),
        ("\u200b\u2028\xa0\t", "\u200b\u2028\xa0\t"),
        ("😀\U0001fffe字\U0010ffff", "😀字"),
    ],
)
def test_line_ends_and_rare_characters(text: str, shown: str) -> None:
    """Line ends become one, and what an author may mean is kept."""
    assert clean(text) == shown
