"""Patterns of addresses: Jekyll's, by name or spelt out, and our own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from distribute.editions.address.permalink import (
    STYLES,
    categories_of,
    fill,
    pattern_of,
    pattern_problem,
    placeholders_in,
)
from distribute.editions.publication import Publication
from distribute.editions.resolve import Candidate, EditionRules, resolve
from distribute.posts.post import Post

MakePost = Callable[..., Post]
FOLDER = PurePosixPath()


@pytest.fixture
def filled(make_post: MakePost, publication: Publication) -> Callable[..., str]:
    """Fill a pattern in with what is known about a post."""

    def write(pattern: str, name: str, front_matter: str = "") -> str:
        post = make_post(name, front_matter)
        found, _ = resolve(post, publication=publication, rules=EditionRules())
        assert isinstance(found, Candidate)
        return fill(pattern_of(pattern), found, issue="7", folder=FOLDER)

    return write


@pytest.mark.parametrize(
    ("style", "address"),
    [
        ("date", "/2026/01/02/Any_News-7_-EN.html"),
        ("pretty", "/2026/01/02/Any_News-7_-EN/"),
        ("ordinal", "/2026/002/Any_News-7_-EN.html"),
        ("weekdate", "/2026/W01/Fri/Any_News-7_-EN.html"),
        ("none", "/Any_News-7_-EN.html"),
    ],
)
def test_the_styles_of_jekyll(
    filled: Callable[..., str], style: str, address: str
) -> None:
    """Each is what Jekyll 4.3 makes of the same file; categories stand in front."""
    name = "2026-01-02-Any_News #7_[EN].md"
    assert filled(style, name) == address
    categories = "categories: [Big News, ÉTÉ]\ncategory: Odd One"
    assert filled(style, name, categories) == f"/big news/été/odd one{address}"
    assert pattern_problem(style) == ""


def test_jekylls_default_can_be_spelt_out() -> None:
    """It is the style called date, which needs no other setting."""
    spelt = "/:categories/:year/:month/:day/:title.html"
    assert pattern_problem(spelt) == ""
    assert next(iter(STYLES)) == "date"


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("/:w_year/:week/:w_day/:short_day/:long_day", "/2026/53/5/Fri/Friday"),
        ("/:i_month-:i_day/:short_month/:long_month", "/1-1/Jan/January"),
        ("/:short_year/:hour:minute:second/:y_day", "/27/101112/001"),
        ("/:year_:month_/:title_", "/2027_01_/Week-One_"),
        (
            "/:name/:slug/:lang/:issue:output_ext",
            "/2027-01-01-week-one/week-one/en/7.html",
        ),
        ("/:slugified_categories/:title", "/a-b/c/Week-One"),
        ("/:yearbook/:colour", "/:yearbook/:colour"),
        ("/:title.html", "/Week-One.html"),
    ],
)
def test_placeholders(filled: Callable[..., str], pattern: str, address: str) -> None:
    """All of Jekyll's, in English whatever the machine speaks; unknown ones stay."""
    front_matter = 'date: 2027-01-01 10:11:12\ncategories: ["A b", c]'
    assert filled(pattern, "2027-01-01-Week-One.md", front_matter) == address


@pytest.mark.parametrize(
    ("path", "front_matter", "categories"),
    [
        ("_posts/a.md", "categories: One two", ("One", "two")),
        ("_posts/a.md", "category: One two", ("One two",)),
        ("_posts/a.md", "categories: [One two, 3, One two]", ("One two", "3")),
        ("blog/Deep/_posts/x/a.md", "category: c", ("blog", "Deep", "c")),
        ("posts/fr/a.md", "", ()),
        ("_posts/a.md", "categories: {a: b}", ()),
        ("_posts/a.md", "categories:", ()),
    ],
)
def test_categories_are_those_of_jekyll(
    make_post: MakePost, path: str, front_matter: str, categories: tuple[str, ...]
) -> None:
    """The folders above ``_posts``, then the front matter's, each once."""
    post = replace(make_post("a.md", front_matter), path=PurePosixPath(path))
    assert categories_of(post, FOLDER) == categories
    below = replace(post, path=PurePosixPath("letter") / path)
    assert categories_of(below, PurePosixPath("letter")) == categories


def test_placeholders_are_listed() -> None:
    """By the names that they are known by."""
    assert placeholders_in("/:year_:title.html") == {"year", "title"}


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("/:lang/:slug/", ""),
        ("/:title/", ""),
        ("pretty", ""),
        ("prety", "none of date, pretty"),
        ("/:collection/:title/", ":collection"),
        ("/:slugs/", ":slugs"),
        ("/../:title/", "below the site"),
        ("/news/", ":slug"),
        ("/:categories/", ":slug"),
        ("https://x.example/:title/", "below the site"),
    ],
)
def test_patterns_are_checked(pattern: str, problem: str) -> None:
    """A configuration can be told what is wrong with its pattern."""
    found = pattern_problem(pattern)
    assert problem in found
    assert bool(found) == bool(problem)
