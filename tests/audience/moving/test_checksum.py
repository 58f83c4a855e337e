"""A checksum stands for what the rows hold, and for where they begin and end."""

import pytest

from distribute.audience.moving.checksum import Row, RunningSum, Sum


def sum_of(*rows: Row) -> Sum:
    """Sum rows up."""
    running = RunningSum()
    assert list(running.of(rows)) == list(rows)
    return running.sum


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ([(1,)], [("1",)]),
        ([("1",)], [(b"1",)]),
        ([(None,)], [("",)]),
        ([(0,)], [(None,)]),
        ([("ab", "")], [("a", "b")]),
        ([("a",), ("b",)], [("a", "b")]),
        ([("a",), ("b",)], [("b",), ("a",)]),
        ([(2**31,)], [(-(2**31),)]),
        ([("é",)], [("e\u0301",)]),
    ],
)
def test_what_differs_has_another(here: list[Row], there: list[Row]) -> None:
    """However small the difference is."""
    assert sum_of(*here).digest != sum_of(*there).digest


def test_what_is_the_same_has_the_same() -> None:
    """Whoever made the values, and whether they are one and the same or only equal."""
    word, plain = "".join(["a", "\u00e9", "\U0001f600"]), "".join(["ke", "y"])
    first = (word, plain, 2**40, b"\0", None)
    second = ("aé😀", "key", 2 * 2**39, bytes(1), None)
    assert sum_of(first, first) == sum_of(second, list(second))


def test_rows_are_counted() -> None:
    """As far as they have passed."""
    running = RunningSum()
    passing = running.of([(1,), (2,), (3,)])
    next(passing)
    next(passing)
    assert running.sum.rows == 2
    assert sum_of().rows == 0
