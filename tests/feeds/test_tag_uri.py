"""The ids of feeds and entries."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.edition import Edition
from distribute.editions.publication import Publication
from distribute.errors import SourceError
from distribute.feeds.tag_uri import category_scheme, entry_ids, feed_id
from distribute.language import Language

RFC_4151 = re.compile(
    r"tag:[a-z0-9.\-@]+,\d{4}(-\d{2}(-\d{2})?)?:([A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-F]{2})*"
)


def entry_id(edition: Edition, publication: Publication) -> str:
    """Name one edition that shares its slug with no other."""
    return entry_ids([edition], publication)[edition.url]


def test_an_id_is_authority_language_and_slug(
    edition_of: Callable[..., Edition], publication: Publication
) -> None:
    """An entry is called ``tag:<authority>:<lang>/<slug>``, the language in lower case."""
    edition = edition_of("two-moons", Language("pt-BR"))
    assert entry_id(edition, publication) == "tag:example.org,2026:pt-br/two-moons"
    assert feed_id("pt-br", publication) == "tag:example.org,2026:feed/pt-br"
    assert category_scheme(publication) == "tag:example.org,2026:tags"


def test_an_id_outlives_title_address_and_folder(
    edition_of: Callable[..., Edition], publication: Publication
) -> None:
    """Another title, another domain or another place on the site change no id."""
    before = entry_id(edition_of(), publication)
    moved = edition_of(
        title="Quite another title",
        url="https://elsewhere.example.net/archive/2026/moons/",
        path="archive/2026/moons/",
    )
    elsewhere = replace(publication, url="https://elsewhere.example.net", title="New")
    assert entry_id(moved, elsewhere) == before
    assert feed_id("en", elsewhere) == feed_id("en", publication)


@pytest.mark.parametrize(
    "guid", ["https://old.example.org/?p=12", "urn:uuid:0a1b", "5e4f-ghost"]
)
def test_guid_in_the_front_matter_wins(
    edition_of: Callable[..., Edition], publication: Publication, guid: str
) -> None:
    """A newsletter that moved here keeps the ids its readers know, letter for letter."""
    edition = edition_of(front_matter={"guid": f" {guid}\n"})
    assert entry_id(edition, publication) == guid


@pytest.mark.parametrize(
    "slugs",
    [
        ("caf\u00e9", "cafe\u0301", "caf%C3%A9"),  # composed, decomposed, encoded
        ("100%-sure", "100%25-sure"),
    ],
)
def test_one_slug_has_one_id(
    edition_of: Callable[..., Edition], publication: Publication, slugs: tuple[str, ...]
) -> None:
    """However a file system or an address spells a slug, the id is the same."""
    assert len({entry_id(edition_of(slug), publication) for slug in slugs}) == 1


def test_the_first_keeps_the_slug(
    edition_of: Callable[..., Edition], publication: Publication
) -> None:
    """Where slugs are the same, later editions have their day in the id, then a number."""
    days = [datetime(2026, month, 1, tzinfo=UTC) for month in (3, 1, 2, 2)]
    editions = [
        edition_of("news", published=day, url=f"{number}", path=f"{number}/")
        for number, day in enumerate(days)
    ]
    name = "tag:example.org,2026:en/news"
    assert entry_ids(editions, publication) == {
        "1": name,
        "2": f"{name}/2026-02-01",
        "3": f"{name}/2026-02-01/2",
        "0": f"{name}/2026-03-01",
    }
    assert entry_ids(editions[:2], publication)["1"] == name


def test_two_posts_with_one_guid_are_refused(
    edition_of: Callable[..., Edition], publication: Publication
) -> None:
    """The error names both files and the line, because readers would drop one entry."""
    one = edition_of("one", front_matter={"guid": "urn:x:1"})
    two = edition_of("two", front_matter={"guid": "urn:x:1", "lines": {"guid": 4}})
    with pytest.raises(SourceError) as caught:
        entry_ids([two, one], publication)
    assert "two[en].md:4: " in str(caught.value)
    assert "one[en].md" in str(caught.value)


def test_a_guid_is_never_given_to_another_post(
    edition_of: Callable[..., Edition], publication: Publication
) -> None:
    """A guid that is the natural id of an older post is taken all the same."""
    older = edition_of("one", published=datetime(2020, 1, 1, tzinfo=UTC))
    name = "tag:example.org,2026:en/one"
    newer = edition_of("two", front_matter={"guid": name})
    ids = entry_ids([older, newer], publication)
    assert ids[newer.url] == name
    assert ids[older.url] == f"{name}/2020-01-01"


@settings(max_examples=100, deadline=None)
@given(slug=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_every_id_is_a_tag_uri(slug: str) -> None:
    """Whatever a slug holds, the id is one of RFC 4151 and pure ASCII."""
    edition = SimpleNamespace(
        slug=slug,
        url="here",
        path="",
        published=None,
        language=Language("zh-Hans"),
        post=SimpleNamespace(front_matter=SimpleNamespace(guid="")),
    )
    publication = SimpleNamespace(tag="example.org,2026")
    name = entry_ids([edition], publication)["here"]  # type: ignore[list-item,arg-type]  # all it looks at
    assert RFC_4151.fullmatch(name)


@pytest.mark.parametrize(
    ("title", "path", "written", "name"),
    [
        ("plain", "blog/2026/03/09/plain.html", "", "blog/2026/03/09/plain"),
        ("x.md", "blog/x.md/", "", "blog/x.md"),
        ("été_naïve", "été/", "", "%C3%A9t%C3%A9_na%C3%AFve"),
        ("Moons, #4 [FR]", "a/b.html", "", "a/Moons,#4%20%5BFR%5D"),
        ("at & t's (1)!", "about/us/", "", "about/at%20&%20t's%20(1)!"),
        ("dots...", "dots/", "", "dots"),
        ("plain", "a/plain.html", "Own Slug", "a/Own%20Slug"),
    ],
)
def test_ids_can_be_those_of_jekyll(
    edition_of: Callable[..., Edition],
    publication: Publication,
    title: str,
    path: str,
    written: str,
    name: str,
) -> None:
    """They are what Jekyll 4.3 with jekyll-feed 0.17 wrote for files of these names."""
    edition = edition_of(path=path, front_matter={"slug": written})
    post = replace(edition.post, file_name=replace(edition.post.file_name, title=title))
    edition = replace(edition, post=post)
    ids = entry_ids([edition], publication, style="jekyll")
    assert ids == {edition.url: f"https://news.example.org/{name}"}


def test_ids_can_be_those_of_hugo(
    edition_of: Callable[..., Edition], publication: Publication
) -> None:
    """Hugo's is the address of the page; a guid wins there too."""
    edition = edition_of()
    other = edition_of("other", front_matter={"guid": "urn:x:1"})
    ids = entry_ids([edition, other], publication, style="hugo")
    assert ids == {edition.url: edition.url, other.url: "urn:x:1"}


def test_files_of_one_name_have_ids_of_their_own(
    edition_of: Callable[..., Edition], publication: Publication
) -> None:
    """Where Jekyll would give two the same id, the later one has its address."""
    first = edition_of("moons")
    later = edition_of(
        "moons",
        url="https://news.example.org/en/moons-2/",
        path="en/moons-2/",
        published=datetime(2027, 1, 1, tzinfo=UTC),
    )
    ids = entry_ids([later, first], publication, style="jekyll")
    assert ids[first.url] == "https://news.example.org/en/moons"
    assert ids[later.url] == later.url
