"""Pictures beside the posts: found the way an editor finds them, named by their content."""

from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.editions.asset import Asset
from distribute.editions.files import asset_of, file_of, published_name, published_url
from distribute.editions.publication import Publication
from distribute.language import Language

POST = PurePosixPath("letter/posts/2026-11-06-stars.md")
PUBLICATION = Publication(
    title="Letter",
    url="https://letter.example.org/archive",
    tag="example.org,2026",
    languages=(Language("en"),),
    folder=PurePosixPath("letter"),
    files=frozenset({"images/a.png", "images/ü b.png", "posts/here.jpg"}),
)
ROOT = "https://letter.example.org/archive/"


def with_files(*names: str, digest: str = "0123456789abcdef") -> Publication:
    """Make the newsletter have these files, all of the same content."""
    assets = {name: Asset(digest=digest, length=1) for name in names}
    return replace(PUBLICATION, files=frozenset(names), assets=assets)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("../images/a.png", f"{ROOT}images/a.png"),
        ("/images/a.png", f"{ROOT}images/a.png"),
        ("here.jpg", f"{ROOT}posts/here.jpg"),
        ("./here.jpg", f"{ROOT}posts/here.jpg"),
        ("../images/%C3%BC%20b.png", f"{ROOT}images/%C3%BC%20b.png"),
        ("../images/ü b.png", f"{ROOT}images/%C3%BC%20b.png"),
        (f"{ROOT}images/a.png", f"{ROOT}images/a.png"),
        ("../images/missing.png", ""),
        ("../../letter/images/a.png", ""),
        ("https://letter.example.org/images/a.png", ""),
        ("//letter.example.org/images/a.png", ""),
        ("#here.jpg", ""),
        ("", ""),
        ("http://[", ""),
    ],
)
def test_a_file_is_found_from_the_post_or_from_the_folder(
    written: str, url: str
) -> None:
    """What exists beside the post gets its public address; nothing else does."""
    assert published_url(written, POST, PUBLICATION) == url


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("images/a.png", "images/a.0123456789.png"),
        ("images/A.PNG", "images/A.0123456789.PNG"),
        ("a.b/c.d.svg", "a.b/c.d.0123456789.svg"),
        ("images/ü b.png", "images/%C3%BC%20b.0123456789.png"),
        ("100%.png", "100%25.0123456789.png"),
        ("a?b#c.png", "a%3Fb%23c.0123456789.png"),
        ("images/u\u0308.png", "images/%C3%BC.0123456789.png"),
    ],
)
def test_an_address_carries_a_stamp_of_the_content(name: str, url: str) -> None:
    """Ten digits before the suffix, and nothing in it that an address cannot have."""
    publication = with_files(name)
    written = "/" + name.replace("%", "%25").replace("?", "%3F").replace("#", "%23")
    assert published_url(written, POST, publication) == ROOT + url
    assert file_of(ROOT + url, publication) == name
    assert asset_of(ROOT + url, publication) == publication.assets[name]


def test_other_content_has_another_address() -> None:
    """And the one it had before leads to no file of today."""
    before, after = with_files("a.png", digest="a" * 64), with_files("a.png")
    urls = [published_url("/a.png", POST, each) for each in (before, after)]
    assert len(set(urls)) == 2
    assert file_of(urls[0], after) == ""


def test_a_place_within_a_file_stays() -> None:
    """A page of a document, a part of a drawing."""
    url = published_url("/a.pdf#page=3", POST, with_files("a.pdf"))
    assert url == f"{ROOT}a.0123456789.pdf#page=3"


@pytest.mark.parametrize(
    ("written", "files", "name"),
    [
        ("/Images/A.png", ["images/a.PNG"], "images/a.PNG"),
        ("/a.png", ["a.png", "A.png"], "a.png"),
        ("/A.PNG", ["a.png", "A.png"], ""),
        ("/\u00fc.png", ["u\u0308.png"], "u\u0308.png"),
        ("/u\u0308.png", ["\u00fc.png", "\u00dc.png"], "\u00fc.png"),
        ("/\u00dc.PNG", ["u\u0308.png"], "u\u0308.png"),
    ],
)
def test_a_name_that_only_some_disks_tell_apart(
    written: str, files: list[str], name: str
) -> None:
    """It means the file that is alike, if there is one such, and none if there are two."""
    publication = with_files(*files)
    assert file_of(published_url(written, POST, publication), publication) == name


def test_two_files_alike_have_different_addresses_unless_they_are_the_same() -> None:
    """Where case does not count, one cannot lie over the other with other bytes."""
    contents = {
        "a.png": Asset(digest="a" * 64, length=1),
        "A.png": Asset(digest="b" * 64, length=1),
    }
    publication = replace(PUBLICATION, files=frozenset(contents), assets=contents)
    names = {published_name(name, publication).lower() for name in contents}
    assert len(names) == 2


def test_a_name_that_looks_stamped_is_a_name_like_any_other() -> None:
    """It is not taken for the file whose stamp it pretends to be."""
    publication = with_files("a.0123456789.png", "a.png")
    assert file_of(f"{ROOT}a.0123456789.png", publication) == "a.png"
    url = published_url("/a.0123456789.png", POST, publication)
    assert url == f"{ROOT}a.0123456789.0123456789.png"
    assert file_of(url, publication) == "a.0123456789.png"


@pytest.mark.parametrize("letter", ["a", "ü", "月"])
def test_a_long_name_still_fits_on_a_disk(letter: str) -> None:
    """It is cut to make room for the stamp, and is found again."""
    name = f"images/{letter * (250 // len(letter.encode()))}.png"
    publication = with_files(name, "images/b.png")
    published = published_name(name, publication)
    assert len(PurePosixPath(published).name.encode()) <= 200
    url = published_url(f"/{name}", POST, publication)
    assert file_of(url, publication) == name


def test_a_file_about_which_nothing_is_known_keeps_its_name() -> None:
    """Such as one that cannot be read: making the site says why."""
    publication = replace(with_files("a.png"), files=frozenset({"a.png", "b.png"}))
    assert published_url("/b.png", POST, publication) == f"{ROOT}b.png"
    assert file_of(f"{ROOT}b.png", publication) == "b.png"
    assert asset_of(f"{ROOT}b.png", publication) is None


@given(st.text(max_size=40))
def test_no_address_leads_out_of_the_folder(written: str) -> None:
    """Whatever is written, the answer is a known file or nothing."""
    for publication in (PUBLICATION, with_files(*PUBLICATION.files)):
        url = published_url(written, POST, publication)
        assert not url or file_of(url, publication) in publication.files


NAMES = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="/"
    ),
    min_size=1,
    max_size=30,
).filter(lambda name: name.strip(". ") == name)


@given(NAMES)
def test_every_file_is_found_by_its_address(stem: str) -> None:
    """The address names its file again, and lies below the site."""
    name = f"images/{stem}.png"
    publication = with_files(name)
    url = f"{ROOT}{published_name(name, publication)}"
    assert ".." not in unquote(url).split("/")
    quoted = f"{ROOT}{quote(published_name(name, publication))}"
    assert file_of(quoted, publication) == name


def test_a_public_address_names_its_file_again() -> None:
    """Query and fragment do not matter; foreign addresses name nothing."""
    assert file_of(f"{ROOT}images/a.png?v=2#x", PUBLICATION) == "images/a.png"
    assert file_of(f"{ROOT}images/%C3%BC%20b.png", PUBLICATION) == "images/ü b.png"
    assert file_of("https://other.example.org/images/a.png", PUBLICATION) == ""
