"""From YAML values to front matter."""

from pathlib import PurePath

import pytest

from distribute.posts.fields import read_fields
from distribute.posts.post import FrontMatter
from distribute.posts.yaml_head import read_head

PATH = PurePath("posts/a.md")


def fields(text: str) -> FrontMatter:
    """Read fields out of YAML."""
    return read_fields(read_head(text, path=PATH), path=PATH)[0]


def rules(text: str) -> list[str]:
    """Give the rules of the findings about YAML."""
    return [f.rule for f in read_fields(read_head(text, path=PATH), path=PATH)[1]]


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("[a, b]", ("a", "b")),
        ('""', ()),
        ("[]", ()),
        ("", ()),
        ("ML | NLP | Data Science", ("ML", "NLP", "Data Science")),
        ("[ML | NLP]", ("ML", "NLP")),
        ("a, b c", ("a", "b c")),
        ("a b", ("a", "b")),
        ("[a, [b, [c]], a]", ("a", "b", "c")),
        ("[2026, true]", ("2026", "true")),
        ("{x: a, y: [b]}", ("a", "b")),
    ],
)
def test_tags(written: str, tags: tuple[str, ...]) -> None:
    """Tags are a list, nested or not, or text split the way its author meant it."""
    assert fields(f"tags: {written}\n").tags == tags


@pytest.mark.parametrize(
    ("yaml", "image", "thumb"),
    [
        ("image: https://example.org/a.png", "https://example.org/a.png", ""),
        ("image:\n  thumb: t.png", "", "t.png"),
        ("image:\n  feature: f.png\n  thumb: t.png", "f.png", "t.png"),
        ("image: {path: /i/a.png}", "/i/a.png", ""),
        ("image: [a.png, b.png]", "a.png", ""),
        ("image: []", "", ""),
        ("thumbnail: t.png\ncover: c.png", "c.png", "t.png"),
    ],
)
def test_images(yaml: str, image: str, thumb: str) -> None:
    """A cover and a thumbnail are found in all the usual shapes."""
    found = fields(yaml)
    assert (found.image, found.thumb) == (image, thumb)


@pytest.mark.parametrize(
    ("yaml", "is_draft"),
    [
        ("title: a", False),
        ("draft: true", True),
        ("draft: yes", True),
        ("draft: false", False),
        ("draft:", False),
        ("published: false", True),
        ("published: no", True),
        ("published: true", False),
        ("published:", False),
        ("published: true\ndraft: true", True),
        ("draft: perhaps", True),
        ("published: perhaps", True),
    ],
)
def test_drafts(yaml: str, *, is_draft: bool) -> None:
    """What is not clearly published is a draft, so that nothing gets out by mistake."""
    assert fields(yaml).draft is is_draft


def test_unclear_flags_are_reported() -> None:
    """Neither yes nor no is a finding."""
    assert rules("draft: perhaps") == ["draft-type"]
    assert rules("published: 17") == ["published-type"]


@pytest.mark.parametrize(
    ("written", "title", "found"),
    [
        ("2026", "2026", []),
        ("007", "007", []),
        ("1.10", "1.10", []),
        ("true", "true", []),
        ('"  two  spaces "', "  two  spaces ", []),
        ("[PT-BR]", "PT-BR", ["title-type"]),
        ("[a, b]", "a, b", ["title-type"]),
        ("{a: b}", "", ["title-type"]),
        ("", "", []),
    ],
)
def test_titles(written: str, title: str, found: list[str]) -> None:
    """A title is text as written; a list is joined, and reported."""
    assert fields(f"title: {written}").title == title
    assert rules(f"title: {written}") == found


@pytest.mark.parametrize(
    ("yaml", "authors"),
    [
        ("author: ada", ("ada",)),
        ("author:", ()),
        ("authors: [ada, ben, ada]", ("ada", "ben")),
        ("author: {name: Ada  Byron}", ("Ada Byron",)),
        ("authors:\n  - name: Ada\n  - ben", ("Ada", "ben")),
    ],
)
def test_authors(yaml: str, authors: tuple[str, ...]) -> None:
    """An author is a handle, a name, a list of them, or keys with a name."""
    assert fields(yaml).author == authors


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        ("/old/", ("/old/",)),
        ("/old, new/", ("/old, new/",)),
        ("[/a/, ' /b/ ', /a/]", ("/a/", "/b/")),
        ("\n  - /a/\n  - 2019", ("/a/", "2019")),
        ("[]", ()),
        ("", ()),
    ],
)
def test_old_addresses(written: str, addresses: tuple[str, ...]) -> None:
    """One or a list, each once, in the author's order."""
    assert fields(f"redirect_from: {written}").redirect_from == addresses


def test_other_names_fill_in_where_ours_is_blank() -> None:
    """A blank value counts as absent; the line is that of the key which was used."""
    found = fields("excerpt:\nsummary: short\ntranslationKey: spring\nweight: 3\n")
    assert (found.excerpt, found.ref) == ("short", "spring")
    assert (found.lines["excerpt"], found.lines["ref"]) == (2, 3)
    assert found.extra == {"weight": 3}


def test_dates_and_issues_stay_as_written() -> None:
    """Interpreting them is for another stage."""
    found = fields("date: 2026-01-02 10:00:00 +0800\nissue: 05\nlang: no\n")
    assert (found.date, found.issue, found.lang) == (
        "2026-01-02 10:00:00 +0800",
        "05",
        "no",
    )


def test_yaml_oddities_become_findings() -> None:
    """A key written twice and a value cut by a # are worth a word."""
    assert rules("title: News #5\nexcerpt: a\nexcerpt: b\nlayout: x # y\n") == [
        "front-matter-duplicate-key",
        "front-matter-comment",
    ]
    assert rules('title: "a\\0b"\n') == ["control-character"]
