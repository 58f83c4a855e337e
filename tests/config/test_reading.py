"""Tables of TOML: what is seen at a glance is what the library would say."""

import re
from dataclasses import dataclass, field, fields, is_dataclass, make_dataclass
from pathlib import PurePosixPath
from typing import Any, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.config import tables
from distribute.config.reading import Problems, _is_plainly, read_table

_TABLES = [each for each in vars(tables).values() if is_dataclass(each)]
_HINTS = [
    get_type_hints(table)[field.name] for table in _TABLES for field in fields(table)
]
_WRITTEN = st.recursive(
    st.sampled_from(["", "tag", "starttls", "ask", "5"])
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
    ),
    max_leaves=6,
)
"""What a TOML parser can come up with."""


@settings(max_examples=100, deadline=None)
@given(hint=st.sampled_from(_HINTS), raw=_WRITTEN)
def test_what_is_seen_at_a_glance_is_so(hint: Any, raw: object) -> None:
    """A value that is taken as it is would have been taken as it is by msgspec."""
    if _is_plainly(hint, raw):
        assert msgspec.convert(raw, hint) == raw


@pytest.mark.parametrize(
    ("hint", "raw"),
    [(str, "x"), (int, 5), (bool, True), (list[str], ["en"]), (dict[str, str], {})],
)
def test_plain_values_need_no_library(hint: Any, raw: object) -> None:
    """The keys of most newsletters are read without it."""
    assert _is_plainly(hint, raw)


@pytest.mark.parametrize(
    ("hint", "raw"),
    [(int, True), (str, 5), (list[str], ["a", 1]), (dict[str, str], {"a": 1})],
)
def test_what_is_not_plain_is_left_to_the_library(hint: Any, raw: object) -> None:
    """A doubt is no yes: who finds the mistake also says what it is."""
    assert not _is_plainly(hint, raw)


@dataclass
class Example:
    """A table with a value of each kind."""

    number: int | None = None
    words: str = ""
    some: list[str] = field(default_factory=list)
    named: dict[str, str | list[str]] = field(default_factory=dict)
    switch: bool = False


@pytest.mark.parametrize(
    ("key", "raw", "said"),
    [
        ("number", "wide", "expected a whole number, got text"),
        ("number", True, "expected a whole number, got true or false"),
        ("words", {}, "expected text, got a table"),
        ("words", 2.5, "expected text, got a number"),
        ("switch", "no", "expected true or false, got text"),
        ("some", "en", "expected a list, got text"),
        ("some", ["en", 3], "expected text, got a whole number in entry 2"),
        ("named", {"ink": 3}, "expected text or a list, got a whole number as a value"),
    ],
)
def test_a_value_of_another_kind_is_told_in_plain_words(
    key: str, raw: object, said: str
) -> None:
    """As whoever writes settings would name it."""
    problems = Problems(PurePosixPath("a.toml"), f"{key} = 0\n")
    read_table(Example, {key: raw}, problems)
    assert [text for _, text in problems.found] == [f"a.toml:1: {key}: {said}"]


@settings(max_examples=100, deadline=None)
@given(hint=st.sampled_from(_HINTS), raw=_WRITTEN)
def test_no_name_of_a_programming_language_is_told(hint: Any, raw: object) -> None:
    """Whatever is written where something else should be."""
    table = make_dataclass("Table", [("key", hint, None)])
    problems = Problems(PurePosixPath("a.toml"), "key = 0\n")
    read_table(table, {"key": raw}, problems)
    for _, text in problems.found:
        assert not re.search(r"\b(str|int|bool|null|array|object|float)\b|`", text)
