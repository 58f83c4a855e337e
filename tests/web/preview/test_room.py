"""Every issue has files of its own."""

import pytest

from distribute.editions.edition import Issue
from distribute.web.preview.room import name_of


def issue(id_: str) -> Issue:
    """Give an issue without any edition."""
    return Issue(id=id_, number=None, editions={})


@pytest.mark.parametrize(
    ("id_", "name"), [("5", "issue-5"), ("a-slug", "issue-a-slug")]
)
def test_a_plain_id_is_the_name(id_: str, name: str) -> None:
    """Numbers and slugs are."""
    assert name_of(issue(id_)) == name


def test_no_two_issues_share_a_name() -> None:
    """Not even where a disk does not tell apart their ids; nor does one lead elsewhere."""
    ids = [
        "初光",
        "初光2",
        "A-slug",
        "a-slug",
        "a slug",
        "../a-slug",
        "a/b",
        "",
        "x" * 300,
    ]
    names = {name_of(issue(each)) for each in ids}
    assert len({name.lower() for name in names}) == len(ids)
    assert not any(set(name) & set("/. ") for name in names)
    assert max(map(len, names)) <= 80
