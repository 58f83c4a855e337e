"""Which page an address was meant to lead to."""

from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.links.sitemap import SiteMap

SITE = "https://news.example.org"
_NAMES = st.lists(
    st.sampled_from(
        ["boats", "boat", "harbour", "harbor", "en", "fr", "10", "quayside"]
    ),
    max_size=3,
).map("-".join)


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        (f"{SITE}/en/harbor/", f"{SITE}/en/harbour/"),
        (f"{SITE}/en/-harbour-/", f"{SITE}/en/harbour/"),
        (f"{SITE}/EN/Harbour.html", f"{SITE}/en/harbour/"),
        ("https://www.news.example.org/en/harbor/", f"{SITE}/en/harbour/"),
        (f"{SITE}/en/harbour/index.html#top", ""),
        (f"{SITE}/fr/harbor/", ""),
        (f"{SITE}/en/", ""),
        ("https://example.net/en/harbor/", ""),
    ],
)
def test_a_page_is_meant_by_an_address_like_its_own(url: str, meant: str) -> None:
    """Long words may be misspelt; short ones, and the site, have to be the same."""
    assert SiteMap([f"{SITE}/en/harbour/"]).meant(url) == meant


def test_no_page_is_meant_where_there_is_none() -> None:
    """An empty site has nothing to miss."""
    assert SiteMap().meant(f"{SITE}/en/") == ""


@settings(max_examples=200, deadline=None)
@given(known=st.lists(_NAMES, max_size=8), name=_NAMES)
def test_the_first_page_that_is_alike_is_found(known: list[str], name: str) -> None:
    """As if each word were compared with each other's, which would take far longer."""
    pages = dict.fromkeys(f"{SITE}/{each}/" for each in known)
    url = f"{SITE}/{name}/"
    alike = (page for page in pages if _alike(name, page.split("/")[3]))
    expected = "" if url in pages else next(alike, "")
    assert SiteMap(pages).meant(url) == expected


def _alike(name: str, other: str) -> bool:
    words, others = name.split("-"), other.split("-")
    return len(words) == len(others) and all(
        mine == theirs
        or (
            min(len(mine), len(theirs)) >= 5
            and SequenceMatcher(None, mine, theirs, autojunk=False).ratio() > 0.8
        )
        for mine, theirs in zip(words, others, strict=True)
    )
