"""Lines are filled as far as they go, however their columns are counted."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.text.width import display_width
from distribute.render.text.wrap import BREAK, GLUE, TIE, wrap

WIDTH = 12
WORD = st.text("abcéßžяשم-", min_size=1, max_size=WIDTH)
COMBINED = st.text("abc\u0301", min_size=1, max_size=WIDTH).map("x{}".format)
CHINESE = st.text("河岸石桥花园，。「」", min_size=1, max_size=40)


@settings(max_examples=100, deadline=None)
@given(st.lists(WORD | COMBINED))
def test_a_line_takes_words_until_the_next_does_not_fit(words: list[str]) -> None:
    """No line is too wide, none is left early, and no word is lost."""
    lines = wrap(" ".join(words), WIDTH, display_width)
    assert " ".join(lines).split(" ") == (words or [""])
    assert all(display_width(line) <= WIDTH or " " not in line for line in lines)
    for line, following in pairwise(lines):
        first = following.partition(" ")[0]
        assert display_width(f"{line} {first}") > WIDTH


@settings(max_examples=200, deadline=None)
@given(CHINESE, st.sampled_from(["", "e\u0301"]))
def test_chinese_breaks_but_not_before_a_closing_mark(text: str, odd: str) -> None:
    """Marks hang on to what they close or open, whatever else stands in the text."""
    lines = wrap(text + odd, WIDTH, display_width)
    assert "".join(lines).replace(" ", "") == (text + odd).replace(" ", "")
    for line, following in pairwise(lines):
        assert following[0] not in "，。」"
        assert line[-1] != "「"


def test_one_odd_character_changes_no_line_before_it() -> None:
    """Columns are the same whether they are counted at once or piece by piece."""
    for text in (
        "slow rivers carry old boats home " * 5,
        "慢慢的河，岸边「旧」桥。" * 9,
    ):
        plain = wrap(text.strip(), 30, display_width)
        odd = wrap(f"{text.strip()} e\u0301\u200d", 30, display_width)
        assert odd[: len(plain) - 1] == plain[:-1]


def test_what_is_held_together_stays_together() -> None:
    """A tied number follows its word into the next line, and takes no room itself."""
    assert wrap(f"one two{GLUE}[3]", 8, len) == ["one", "two [3]"]
    assert wrap(f"一二三四{TIE}[3]", 8, display_width) == ["一二三", "四[3]"]
    assert wrap(f"one{BREAK}two", 20, len) == ["one", "two"]


def test_what_cannot_be_broken_stays_whole() -> None:
    """Even where nothing else fits beside it."""
    assert wrap("a https://example.org/b c", 8, len) == [
        "a",
        "https://example.org/b",
        "c",
    ]
    assert wrap("《", 1, display_width) == ["《"]
