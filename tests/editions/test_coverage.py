"""Which translations exist."""

from collections.abc import Callable

from distribute.editions.coverage import coverage
from distribute.editions.issues import resolve_issues
from distribute.editions.publication import Publication
from distribute.editions.resolve import EditionRules
from distribute.posts.post import Post

MakePost = Callable[..., Post]


def test_present_missing_and_stale(
    make_post: MakePost, publication: Publication, rules: EditionRules
) -> None:
    """A translation is stale if the original was changed after it."""
    posts = [
        make_post("2026-01-02-a.md", 'title: "News #1 [EN]"\nmodified: 2026-02-01'),
        make_post("2026-01-05-b.md", 'title: "News #1 [FR]"', "fr"),
        make_post("2026-02-05-c.md", 'title: "News #1 [ZH]"', "zh"),
        make_post("2026-01-09-d.md", 'title: "News #2 [FR]"', "fr"),
        make_post("2026-03-02-e.md", 'title: "News #3 [EN]"'),
        make_post("2026-03-01-f.md", 'title: "News #3 [FR]"', "fr"),
    ]
    issues = resolve_issues(posts, publication=publication, rules=rules).issues
    found = coverage(issues, publication.languages)
    states = {(c.issue.id, c.language.tag): c.state.value for c in found}
    assert states == {
        ("1", "en"): "present",
        ("1", "fr"): "stale",
        ("1", "pt-BR"): "missing",
        ("1", "zh"): "present",
        ("2", "en"): "missing",
        ("2", "fr"): "present",
        ("2", "pt-BR"): "missing",
        ("2", "zh"): "missing",
        ("3", "en"): "present",
        ("3", "fr"): "present",
        ("3", "pt-BR"): "missing",
        ("3", "zh"): "missing",
    }
    assert all((c.edition is None) == (c.state.value == "missing") for c in found)
    assert [c.issue.id for c in found[::4]] == ["3", "2", "1"]
