"""The index of a language."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.pages.index import MANY, render_index
from distribute.render.theme.theme import Theme

ENGLISH = Language("en")
Index = Callable[..., str]


@pytest.fixture
def index(theme: Theme, publication: Publication) -> Index:
    """Make the English index of some editions."""

    def made(
        *editions: Edition, excerpt: str = "Boats & rivers.", subscribe: str = ""
    ) -> str:
        listed = [(each, excerpt) for each in editions]
        page = render_index(
            ENGLISH,
            listed,
            publication=replace(publication, subscribe=subscribe),
            theme=theme,
        )
        assert page.path == "en/index.html"
        return page.html

    return made


@pytest.fixture
def make_edition(make_issue: Callable[..., Issue]) -> Callable[[int], Edition]:
    """Make the English edition of an issue."""
    return lambda number: make_issue(number).editions[ENGLISH]


MakeEdition = Callable[[int], Edition]


def test_the_index_lists_newest_first(index: Index, make_edition: MakeEdition) -> None:
    """Number, date, title and excerpt of every edition, the newest on top."""
    html = index(*map(make_edition, (3, 7, 5)))
    assert re.findall(r"Issue (\d)", html) == ["7", "5", "3"]
    assert re.findall(r'<time datetime="2026-11-0(\d)"', html) == ["7", "5", "3"]
    assert html.count('<p class="excerpt">Boats &amp; rivers.</p>') == 3
    assert "News from the water." in html
    assert re.findall(r'<h2><a href="([^"]*)"', html) == [
        f"../en/boats-{number}/index.html" for number in (7, 5, 3)
    ]


def test_the_index_tells_machines_its_sisters(
    index: Index, make_edition: MakeEdition
) -> None:
    """All indexes, this one too, and the root for everybody else."""
    html = index(make_edition(3))
    assert '<link rel="canonical" href="https://news.example.org/en/">' in html
    for tag, url in (("en", "en/"), ("pt-BR", "pt-br/"), ("x-default", "")):
        line = f'hreflang="{tag}" href="https://news.example.org/{url}">'
        assert f'<link rel="alternate" {line}' in html


def test_what_others_wrote_is_text(index: Index, make_edition: MakeEdition) -> None:
    """Titles, excerpts and addresses of pictures cannot break out of their place."""
    evil = '"><script>alert(1)</script>'
    edition = replace(make_edition(3), title=evil, image=f"https://a.example/{evil}")
    html = index(edition, excerpt=evil)
    assert "<script" not in html
    assert html.count("&gt;&lt;script&gt;") >= 3


def test_every_issue_shows_its_cover(index: Index, make_edition: MakeEdition) -> None:
    """Relative where the picture lies on the site, and only the first at once."""
    covered, foreign, bare = (
        replace(make_edition(number), image=image)
        for number, image in (
            (5, "https://news.example.org/a/b.png"),
            (4, "https://example.net/b.png"),
            (3, ""),
        )
    )
    images = re.findall(r"<img [^>]*>", index(covered, foreign, bare))
    assert [re.findall(r' src="([^"]*)"', image)[0] for image in images] == [
        "../a/b.png",
        "https://example.net/b.png",
    ]
    assert all(' alt="" width=' in image for image in images)
    assert ['loading="lazy"' in image for image in images] == [False, True]


def test_a_long_list_is_cut_by_years(index: Index, make_edition: MakeEdition) -> None:
    """Years are headings to jump to once there are many issues of more than one year."""

    def dated(number: int) -> Edition:
        year = 2026 if number > 6 else 2025
        instant = datetime(year, 3, number, tzinfo=UTC)
        return replace(make_edition(number), published=instant)

    html = index(*map(dated, range(1, MANY + 2)))
    assert re.findall(r'<h2 class="year" id="year-(\d+)">', html) == ["2026", "2025"]
    assert re.findall(r'<li><a href="#year-(\d+)">', html) == ["2026", "2025"]
    assert html.count("<h3>") == MANY
    assert "13 issues" in html
    short = index(*map(dated, range(1, MANY + 1)))
    assert "year-" not in short
    assert short.count("<h2>") == MANY


def test_the_index_leads_to_where_people_subscribe(
    index: Index, make_edition: MakeEdition
) -> None:
    """The link is there if there is such a place."""
    assert "Subscribe" not in index(make_edition(3))
    html = index(make_edition(3), subscribe="https://example.org/join?a=1&b=2")
    assert 'href="https://example.org/join?a=1&amp;b=2">Subscribe by email</a>' in html


def test_an_index_without_issues_says_so(
    theme: Theme, publication: Publication
) -> None:
    """A newsletter that has just begun has a page, too."""
    page = render_index(Language("de"), [], publication=publication, theme=theme)
    assert page.path == "de/index.html"
    assert "Bisher ist keine Ausgabe erschienen." in page.html
