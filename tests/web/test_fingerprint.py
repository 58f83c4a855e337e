"""Fingerprints tell values apart, and nothing else."""

import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum, StrEnum
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.posts.strict_yaml import MAX_DEPTH
from distribute.web.fingerprint import LENGTH, fingerprint_of


class _Colour(Enum):
    RED = "red"
    BLUE = "blue"


class _Word(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class _Lamp:
    name: str
    watts: int = 5
    seen: int = field(default=0, compare=False)


@dataclass(frozen=True)
class _Torch:
    name: str
    watts: int = 5


_ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.dates()
    | st.sampled_from([*_Colour, *_Word])
)
_VALUES = st.recursive(
    _ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=4)
        | st.frozensets(st.text(max_size=3), max_size=4)
        | st.builds(_Lamp, st.text(max_size=3), st.integers())
    ),
    max_leaves=8,
)


def _same(one: Any, other: Any) -> bool:
    """Compare as Python does, but never ``1 == True`` or ``0.0 == -0.0``."""
    return bool(one == other) and _spelled(one) == _spelled(other)


def _spelled(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_spelled(each) for each in value]
    if isinstance(value, dict):
        return sorted((key, repr(_spelled(each))) for key, each in value.items())
    if isinstance(value, frozenset):
        return sorted(value)
    return (type(value).__name__, repr(value))


@settings(max_examples=100, deadline=None)
@given(one=_VALUES, other=_VALUES)
def test_different_values_differ(one: object, other: object) -> None:
    """Two values have the same fingerprint if and only if they are the same."""
    assert (fingerprint_of(one) == fingerprint_of(other)) == _same(one, other)


@settings(max_examples=100, deadline=None)
@given(parts=st.lists(_VALUES, min_size=1, max_size=4), cut=st.integers(0, 4))
def test_no_part_runs_into_the_next(parts: list[object], cut: int) -> None:
    """Parts side by side are not parts within parts, wherever one draws the line."""
    nested = (tuple(parts[:cut]), *parts[cut:])
    assert fingerprint_of(*nested) != fingerprint_of(*parts)


@given(mapping=st.dictionaries(st.text(max_size=3), _ATOMS, max_size=5), data=st.data())
@settings(max_examples=50, deadline=None)
def test_order_counts_only_where_there_is_one(
    mapping: dict[str, object], data: st.DataObject
) -> None:
    """Mappings and sets are the same however they were filled."""
    shuffled = data.draw(st.permutations(list(mapping.items())))
    assert fingerprint_of(dict(shuffled)) == fingerprint_of(mapping)
    assert fingerprint_of(set(dict(shuffled))) == fingerprint_of(set(mapping))


def test_a_change_anywhere_shows() -> None:
    """Kinds of value that look alike are told apart."""
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    later = noon.astimezone(timezone(timedelta(hours=1)))
    values = [
        *(1, True, 1.0, "1", b"1", None, "", b"", (), {}, set(), ("1",), {"1"}),
        *({"1": "2"}, (("1", "2"),), date(2026, 3, 1), datetime(2026, 3, 1), noon),  # noqa: DTZ001 - naive ones differ too
        *(later, "red", _Colour.RED, _Word.RED, _Lamp("a"), _Torch("a"), _Lamp("a", 6)),
        *(PurePosixPath("a"), "a", "a\ud800", "a\ud801"),
    ]
    assert len({fingerprint_of(value) for value in values}) == len(values)


@dataclass(frozen=True)
class _Bulb:
    colour: str


@dataclass(frozen=True)
class _Nothing:
    pass


def test_dataclasses_of_any_size_differ() -> None:
    """One field, or none, is as good as many."""
    values = [_Bulb("red"), _Bulb("blue"), _Bulb("r"), _Nothing(), ("red",), "red", ()]
    assert len({fingerprint_of(value) for value in values}) == len(values)
    assert fingerprint_of(_Bulb("red")) == fingerprint_of(_Bulb("".join(["re", "d"])))


def test_what_is_the_same_object_by_chance_does_not_count() -> None:
    """Equal values are equal whether they lie in one place or in several."""
    word = "".join(["ni", "ght"])
    again = "".join(["nig", "ht"])
    assert word is not again
    assert fingerprint_of((word, word), [word]) == fingerprint_of(
        (word, again), ["night"]
    )


def test_what_is_not_compared_does_not_count() -> None:
    """A field that two equal values may differ in is no part of the fingerprint."""
    assert fingerprint_of(_Lamp("a", seen=1)) == fingerprint_of(_Lamp("a", seen=2))


def test_a_path_is_the_same_on_every_system() -> None:
    """Paths count with slashes."""
    assert fingerprint_of(PurePosixPath("a/b")) == fingerprint_of(
        PureWindowsPath(r"a\b")
    )


def test_values_may_be_nested_as_deeply_as_in_a_post() -> None:
    """Whatever front matter can hold has a fingerprint, also far down the stack."""
    value: object = 1
    for _ in range(MAX_DEPTH):
        value = {"a": value}
    assert fingerprint_of(value) != fingerprint_of({"a": value})


@pytest.mark.parametrize("value", [object(), len, 1j, iter(()), _Lamp])
def test_what_cannot_be_told_apart_has_none(value: object) -> None:
    """A value without a canonical form is refused, also deep inside another."""
    with pytest.raises(TypeError, match="has no fingerprint"):
        fingerprint_of({"deep": [value]})


def test_every_process_agrees() -> None:
    """Hash seeds do not show; the digits are hexadecimal, as many as announced."""
    code = (
        "from distribute.web.fingerprint import fingerprint_of;"
        "print(fingerprint_of({'b': {'x', 'y', 'z'}, 'a': frozenset('abcdef')}))"
    )
    said = {
        subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(said) == 1
    assert len(said.pop().strip()) == LENGTH
    int(fingerprint_of("x"), 16)
