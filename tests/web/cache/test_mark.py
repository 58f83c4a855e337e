"""Marks of files, and when they can be trusted."""

from pathlib import Path

import pytest

from distribute.web.cache.mark import is_settled, mark_of

SECOND = 1_000_000_000
WRITTEN = 1_800_000_000 * SECOND


@pytest.mark.parametrize(
    ("modified", "changed", "is_sure"),
    [
        (SECOND // 10 + 1, SECOND // 10 + 1, True),
        (SECOND // 100 + 1, SECOND // 10 + 1, False),
        (SECOND // 10 + 1, SECOND // 100 + 1, False),
        (-SECOND // 10 + 1, SECOND // 10 + 1, False),
        (SECOND, SECOND, False),
        (SECOND, SECOND // 2 + 1, False),
        (3 * SECOND, 3 * SECOND, True),
        (3 * SECOND, 5 * SECOND + 1, True),
    ],
)
def test_a_mark_is_trusted_after_a_while(
    modified: int, changed: int, *, is_sure: bool
) -> None:
    """So many nanoseconds after both times; longer where only whole seconds count."""
    mark = (5, WRITTEN - modified, WRITTEN - changed, 7)
    assert is_settled(mark, WRITTEN) == is_sure


def test_a_link_has_a_mark_of_its_own(tmp_path: Path) -> None:
    """It is that of what it leads to only where this is asked for."""
    file, link = tmp_path / "a.md", tmp_path / "b.md"
    file.write_bytes(b"words")
    link.symlink_to(file)
    assert mark_of(link, follow_links=True) == mark_of(file)
    assert mark_of(link) != mark_of(file)
