"""Pictures beside the posts: found the way an editor finds them."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.editions.files import file_of, published_url
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


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("../images/a.png", f"{ROOT}images/a.png"),
        ("/images/a.png", f"{ROOT}images/a.png"),
        ("here.jpg", f"{ROOT}posts/here.jpg"),
        ("./here.jpg", f"{ROOT}posts/here.jpg"),
        ("../images/%C3%BC%20b.png", f"{ROOT}images/%C3%BC%20b.png"),
        ("../images/ü b.png", f"{ROOT}images/%C3%BC%20b.png"),
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


@given(st.text(max_size=40))
def test_no_address_leads_out_of_the_folder(written: str) -> None:
    """Whatever is written, the answer is a known file or nothing."""
    url = published_url(written, POST, PUBLICATION)
    assert not url or file_of(url, PUBLICATION) in PUBLICATION.files


def test_a_public_address_names_its_file_again() -> None:
    """Query and fragment do not matter; foreign addresses name nothing."""
    assert file_of(f"{ROOT}images/a.png?v=2#x", PUBLICATION) == "images/a.png"
    assert file_of(f"{ROOT}images/%C3%BC%20b.png", PUBLICATION) == "images/ü b.png"
    assert file_of("https://other.example.org/images/a.png", PUBLICATION) == ""
