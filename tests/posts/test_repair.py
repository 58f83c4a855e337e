"""Mojibake is undone where it is certain, and nothing else is touched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.posts.repair import ENCODINGS, _readings, repair, suspect_lines

TEXT = (
    "Você já viu? Um boletim “com aspas” — e mais: açúcar, pão, à vontade…\n"
    "Groupes d’études, cœur, naïveté.\n👋 🎨 🚨 emoji and 中文，全角。\n"
)


def misread(text: str, encoding: str) -> str:
    """Read UTF-8 as a legacy encoding; bytes it leaves out become controls."""
    letters = []
    for byte in text.encode():
        try:
            letters.append(bytes([byte]).decode(encoding))
        except UnicodeDecodeError:
            letters.append(chr(byte))
    return "".join(letters)


@pytest.mark.parametrize("encoding", ["mac_roman", "cp1252", "latin-1", "cp1254"])
def test_whole_files_are_repaired_exactly(encoding: str) -> None:
    """What was misread once comes back, character by character, and says how."""
    repaired = repair(misread(TEXT, encoding))
    assert repaired.text == TEXT
    assert repaired.encodings[0] in ENCODINGS


def test_twice_misread_is_repaired_twice() -> None:
    """A file that went wrong twice is repaired in both steps."""
    repaired = repair(misread(misread(TEXT, "mac_roman"), "cp1252"))
    assert repaired.text == TEXT
    assert repaired.encodings == ("cp1252", "mac_roman")


@pytest.mark.parametrize(
    "clean",
    [
        TEXT,
        "Groupes d’études",
        "l’été d’été",
        "naïve café",
        "全角，（标点）：不变！",
        "ASCII only",
        "",
        "\uf8ff the private apple",
        "Ã",
        "straight ' and curly ’ quotes &amp; &#39;",
    ],
)
def test_clean_text_is_left_alone(clean: str) -> None:
    """No letter of a text that is well changes, whatever it looks like."""
    assert repair(clean).text == clean
    assert repair(clean).encodings == ()


def test_half_misread_text_is_only_suspected() -> None:
    """Where clean and misread lines stand together, nothing is changed but reported."""
    mixed = "açúcar 中文\n" + misread("pão", "cp1252") + "\n"
    assert repair(mixed).encodings == ()
    assert suspect_lines(mixed) == (2,)
    assert suspect_lines(TEXT) == ()


def test_what_cannot_be_undone_for_certain_is_suspected() -> None:
    """Letters and quotation marks misread in the DOS code page are told by their look."""
    misread_lines = misread("It’s here\nné ici\n\N{PARTY POPPER}", "cp437")
    assert suspect_lines(misread_lines) == (1, 2, 3)
    assert suspect_lines("├── folder\n│   └── file") == ()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_repair_is_idempotent(text: str) -> None:
    """Repairing never fails, and a repaired text is not repaired again."""
    once = repair(text)
    assert repair(once.text).text == once.text


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from([*TEXT.split(), "señor", "größer", "İstanbul"]), min_size=3
    ),
    st.sampled_from(["mac_roman", "cp1252", "latin-1", "cp1254"]),
)
def test_a_repair_is_the_original_or_nothing(words: list[str], encoding: str) -> None:
    """What a repair changes is a text that, misread, gives the damaged one."""
    damaged = misread(" ".join(words), encoding)
    repaired = repair(damaged)
    again = repaired.text
    for step in reversed(repaired.encodings):
        again = misread(again, step)
    assert again == damaged


@settings(max_examples=100, deadline=None)
@given(
    text=st.text("aé–œðŸÃ ©\u00a0\n中👋", max_size=12),
    encodings=st.lists(st.sampled_from(ENCODINGS), min_size=1, max_size=2),
)
def test_no_reading_is_passed_over(text: str, encodings: list[str]) -> None:
    """Whatever a text was before it was misread is among the readings it may have."""
    wrong = text
    for encoding in encodings:
        wrong = misread(wrong, encoding)
    assert text in dict(_readings(wrong, 3)) or text == wrong
