"""Tables of TOML: what is seen at a glance is what the library would say."""

from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.config import tables
from distribute.config.reading import _is_plainly

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


@settings(max_examples=200, deadline=None)
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
