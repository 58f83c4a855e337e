"""From bytes to clean text."""

import unicodedata
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.errors import SourceError
from distribute.posts.decoding import decode, without_controls

PATH = PurePath("posts/a.md")


@pytest.mark.parametrize("data", [b"a\r\nb\r\n", b"a\rb\r", b"\xef\xbb\xbfa\nb\n"])
def test_line_ends_and_bom(data: bytes) -> None:
    """Line ends become LF and a byte order mark goes; neither is worth a word."""
    assert decode(data, PATH) == ("a\nb\n", ())


def test_what_is_not_utf_8_is_an_error_with_its_line() -> None:
    """The line is counted whatever the line ends."""
    with pytest.raises(SourceError) as caught:
        decode(b"one\r\ntwo\rthree caf\xe9\n", PATH)
    assert (caught.value.path, caught.value.line) == (PATH, 3)
    assert "0xe9" in caught.value.reason


@pytest.mark.parametrize(
    "data",
    ["häh".encode("utf-16"), "a\nb".encode("utf-16-le"), b"\0" * 9, b"\xed\xa0 \xff"],
)
def test_binary_files_are_refused(data: bytes) -> None:
    """UTF-16, with its mark or without, and much NUL make a file no text."""
    with pytest.raises(SourceError):
        decode(data, PATH)


def test_a_nul_costs_nobody_their_text() -> None:
    """One that slipped into text is removed and reported, as other controls are."""
    text, findings = decode(b"many words, and a NUL\nhere\0, and more words", PATH)
    assert text == "many words, and a NUL\nhere, and more words"
    assert [(each.rule, each.line) for each in findings] == [("control-character", 2)]


def test_halves_of_characters_are_put_together() -> None:
    """What programs wrote half by half is whole again; a half alone is shown, reported."""
    data = "a\n\ud83d\ude80 \ud800".encode("utf-8", "surrogatepass")
    text, findings = decode(data, PATH)
    assert text == "a\n🚀 \ufffd"
    rules = [(each.rule, each.line) for each in findings]
    assert rules == [("replacement-character", 2)]


def test_control_characters_are_removed_and_reported() -> None:
    """They are gone from the text, and a finding says where the first one was."""
    text, findings = decode(b"a\nb\x07c\x1b\x7fd\te\n", PATH)
    assert text == "a\nbcd\te\n"
    assert [(f.rule, f.line) for f in findings] == [("control-character", 2)]
    assert "U+0007" in findings[0].message


def test_private_use_characters_stay() -> None:
    """They may be all that is left of an emoji."""
    assert decode("\uf8ff \ue000".encode(), PATH) == ("\uf8ff \ue000", ())


def test_repairs_losses_and_suspicions_are_reported() -> None:
    """Each has a rule of its own."""
    damaged = "pão e açúcar".encode().decode("mac_roman").encode()
    assert [f.rule for f in decode(damaged, PATH)[1]] == ["mojibake"]
    assert [f.rule for f in decode("a\ufffd".encode(), PATH)[1]] == [
        "replacement-character"
    ]
    mixed = "中 â€™".encode()
    assert [f.rule for f in decode(mixed, PATH)[1]] == ["mojibake-suspected"]


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_bytes_become_clean_text_or_an_error(data: bytes) -> None:
    """Nothing else than `SourceError` is raised, and no control character survives."""
    try:
        text, _ = decode(data, PATH)
    except SourceError:
        return
    assert all(c in "\n\t" or c.isprintable() or ord(c) > 0x9F for c in text)


@given(text=st.text(st.characters(), max_size=30))
def test_what_cannot_be_sent_is_taken_out_and_nothing_else(text: str) -> None:
    """All controls but tab and line feed, and the two that XML forbids as well.

    Those that part words become a space.
    """
    forbidden = {"\ufffe", "\uffff"}
    kept = "".join(
        " " if character in "\v\f\x85" else character
        for character in text
        if character in "\t\n\v\f\x85"
        or not (unicodedata.category(character) == "Cc" or character in forbidden)
    )
    assert without_controls(text) == kept
