"""Text that is made when it is read."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

from distribute.posts.late import LateText


@dataclass(frozen=True, kw_only=True)
class _Letter:
    text: LateText = LateText()  # noqa: RUF009 - a descriptor, and no default
    to: str = "Ada"


def _counted() -> tuple[Callable[[], str], list[int]]:
    """Give what makes a text, and a list of how often it did."""
    calls: list[int] = []

    def make() -> str:
        calls.append(1)
        return "made"

    return make, calls


def test_it_is_made_when_it_is_read_and_not_kept() -> None:
    """Who does not read it does not pay for it, neither with time nor with memory."""
    make, calls = _counted()
    letter = _Letter(text=make)
    assert not calls
    assert (letter.text, len(calls)) == ("made", 1)
    assert (letter.text, len(calls)) == ("made", 2)


def test_it_is_as_good_as_a_text() -> None:
    """It compares, copies and shows like one, and cannot be replaced either."""
    late, plain = _Letter(text=_counted()[0]), _Letter(text="made")
    assert late == plain
    assert hash(late) == hash(plain)
    assert repr(late) == repr(plain)
    assert replace(late, to="Bo") == _Letter(text="made", to="Bo")
    with pytest.raises(FrozenInstanceError):
        late.text = "other"  # type: ignore[misc]  # that is what is tried


def test_it_has_no_default() -> None:
    """A dataclass that holds one cannot be made without it."""
    with pytest.raises(TypeError, match="text"):
        _Letter()
