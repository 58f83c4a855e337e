"""Real posts have few headings and many bold lines that serve as such."""

from itertools import pairwise

from tests.corpus.pages import Contents, Expected


def test_bold_lines_are_headings(contents: Contents, expected: Expected) -> None:
    """Nearly all of those that were counted by hand, and hardly any other line."""
    known = {
        name: (
            sum(expected[name]["headings"].values()),
            expected[name]["pseudo_headings"],
        )
        for name in contents
    }
    found = {name: len(content.headings) for name, content in contents.items()}
    bold = sum(pseudo for _, pseudo in known.values())
    raised = sum(found[name] - real for name, (real, _) in known.items())
    assert 0.97 * bold < raised < 1.2 * bold


def test_no_level_is_skipped_and_no_place_has_two_names(contents: Contents) -> None:
    """A table of contents can be made of them."""
    for name, content in contents.items():
        levels = [1, *(heading.level for heading in content.headings)]
        assert all(below <= above + 1 for above, below in pairwise(levels)), name
        places = [heading.id for heading in content.headings]
        assert len(set(places)) == len(places), name
