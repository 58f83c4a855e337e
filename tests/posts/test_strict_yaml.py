"""YAML without surprises."""

import time
from pathlib import PurePath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from distribute.errors import FrontMatterError
from distribute.posts.strict_yaml import MAX_DEPTH, MAX_LENGTH
from distribute.posts.yaml_head import read_head

PATH = PurePath("posts/a.md")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("off", "off"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("010", "010"),
        ("10", 10),
        ("-3", -3),
        ("12:30:00", "12:30:00"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("2026-01-02", "2026-01-02"),
        ("2026-01-02 10:00:00 +0100", "2026-01-02 10:00:00 +0100"),
        ("1.10", "1.10"),
        (".inf", ".inf"),
        ("", None),
        ("~", None),
        ("'quoted # not cut'", "quoted # not cut"),
        ("9" * 40, "9" * 40),
        ("[a, 1, true]", ["a", 1, True]),
        ("{a: 1}", {"a": 1}),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_values_are_what_was_typed(written: str, value: object) -> None:
    """Only true, false, decimal integers and nothing are not text."""
    found = read_head(f"key: {written}\n", path=PATH).values["key"]
    assert found == value
    assert type(found) is type(value)


def test_lines_are_those_of_the_file() -> None:
    """Keys are counted from the given first line, blank lines and comments included."""
    head = read_head("a: 1\n\n# note\nb: |\n  x\nc: 2\n", path=PATH, first_line=2)
    assert head.lines == {"a": 2, "b": 5, "c": 7}


def test_the_last_of_two_keys_wins_and_is_told() -> None:
    """As in Jekyll; the line is that of the one which wins."""
    head = read_head("a: 1\nb: 2\na: 3\n", path=PATH, first_line=2)
    assert head.values["a"] == 3
    assert head.repeated == (("a", 4),)


@pytest.mark.parametrize("text", ["title: News #5\n", "title: #5\n", "title: x # y"])
def test_values_cut_off_by_a_comment_are_told(text: str) -> None:
    """A # in an unquoted value takes the rest of the line with it."""
    assert read_head(text, path=PATH).cut == (("title", 1),)


@pytest.mark.parametrize("text", ['title: "a #5"\n', "title: a#5\n", "# all\ntitle: a"])
def test_a_number_sign_that_cuts_nothing_is_fine(text: str) -> None:
    """Inside quotes, inside a word, or on a line of its own it does no harm."""
    assert read_head(text, path=PATH).cut == ()


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_nothing_is_an_empty_head(text: str) -> None:
    """An empty front matter is allowed."""
    assert read_head(text, path=PATH).values == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: c: d\n", 3),
        ("a: 1\n\tb: 2\n", 3),
        ("- a\n- b\n", 2),
        ("just words\n", 2),
        ("a: 1\nb: *unknown\n", 3),
        ("a: 1\nb: !!python/object:os.system x\n", 3),
        ("a: !!binary aGk=\n", 2),
        ("a: !!int words\n", 2),
        ("a: [1, 2\n", 3),
        ("a: 1\n? [b]\n: 2\n", 3),
        ("a: 1\nb: \x01\n", 3),
        ("a: &x [*x]\n", 2),
        ("a: 1\nb: " + "[" * 50 + "1" + "]" * 50 + "\n", 3),
        ("a: 1\nb: " + "{c: " * 50 + "1" + "}" * 50 + "\n", 3),
    ],
)
def test_errors_say_their_line(text: str, line: int) -> None:
    """Whatever is wrong is a `FrontMatterError` on that line of the file."""
    with pytest.raises(FrontMatterError) as caught:
        read_head(text, path=PATH, first_line=2)
    assert (caught.value.path, caught.value.line) == (PATH, line)
    assert caught.value.hint


def test_values_may_be_nested_as_deeply_as_anybody_would() -> None:
    """And no deeper than all who handle them later can bear."""
    for opening, closing in (("[", "]"), ("{'b': ", "}")):
        value = opening * (MAX_DEPTH - 1) + "1" + closing * (MAX_DEPTH - 1)
        assert repr(read_head(f"a: {value}", path=PATH).values["a"]) == value


def test_bombs_are_refused_at_once() -> None:
    """Aliases that multiply, deep nesting and endless text cost nearly nothing."""
    rows = ["a0: &a0 [x, x]"]
    rows += [f"a{i}: &a{i} [" + f"*a{i - 1}, " * 9 + "x]" for i in range(1, 30)]
    started = time.process_time()
    for text in ("\n".join(rows), "a: " + "[" * 50_000, "a: " + "x" * MAX_LENGTH):
        with pytest.raises(FrontMatterError) as caught:
            read_head(text, path=PATH)
        assert caught.value.hint
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("written", "value", "is_reported"),
    [
        (r'"\ud83d\ude80 up"', "\N{ROCKET} up", False),
        (r'"half \ud83d"', "half \ufffd", False),
        (r'"one\r\ntwo\rthree"', "one\ntwo\nthree", False),
        (r'"a\0b\x07c\x85d"', "abc d", True),
        (r'[x, "a\x1bb"]', ["x", "ab"], True),
    ],
)
def test_escapes_cannot_bring_in_what_no_header_holds(
    written: str, value: object, *, is_reported: bool
) -> None:
    """Halves of an emoji are joined; control characters go, and the key is named."""
    head = read_head(f"title: {written}\n", path=PATH, first_line=2)
    assert head.values["title"] == value
    assert head.controls == ((("title", 2),) if is_reported else ())


def test_an_honest_alias_works() -> None:
    """One value may stand for another."""
    assert read_head("a: &t News\nb: *t\n", path=PATH).values["b"] == "News"


@settings(max_examples=200, deadline=None)
@example("\ufeff")
@given(
    st.one_of(
        st.text(max_size=80),
        st.text(st.sampled_from("ab:#-[]{}&*!|>'\"%@`,? \n\t"), max_size=60),
    )
)
def test_any_text_is_a_head_or_an_error(text: str) -> None:
    """Nothing else than `FrontMatterError` is raised."""
    try:
        head = read_head(text, path=PATH)
    except FrontMatterError:
        return
    assert set(head.lines) == set(head.values)
