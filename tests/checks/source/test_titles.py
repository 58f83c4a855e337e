"""Titles and excerpts as they stand in the front matter."""

import pytest

from distribute.checks.source.titles import find
from tests.checks.source.drafts import proof, rules_of


@pytest.mark.parametrize(
    ("head", "rules"),
    [
        ("title: Boats, ropes,…\n", ["title-cut"]),
        ("title: Boats and ropes...\n", ["title-cut"]),
        ("title: 船，绳子……\n", ["title-cut"]),
        ("title: Boats  and ropes\n", ["title-spaces"]),
        ("title: Boats and ropes.\n", []),
        ("title: Boats… and ropes\n", []),
        ("title: Boats\nexcerpt: Boats!\npreheader: Of ropes\n", ["excerpt-title"]),
        ("title: Boats\nexcerpt: Boats!\n", []),
        ("title: Boats\nexcerpt: Of ropes\npreheader: Boats\n", []),
    ],
)
def test_what_looks_cut_or_pasted(head: str, rules: list[str]) -> None:
    """Each on the line of its key."""
    made = proof("Text", head=head)
    findings = [*find(made)]
    assert rules_of(findings) == rules
    for finding in findings:
        assert finding.line in made.edition.post.front_matter.lines.values()
