"""Room is kept free for the newsletter's own pictures."""

from dataclasses import replace

import pytest

from distribute.editions.asset import Asset
from distribute.editions.publication import Publication
from distribute.render.layout.sizes import with_sizes

SOURCE = "https://news.example.org/images/a%20%26.0123456789.png"
IMAGE = f'<img src="{SOURCE}" alt="x"'


@pytest.fixture
def pictured(publication: Publication) -> Publication:
    """Give a newsletter with a picture of 400 by 300 pixels."""
    name = "images/a &.png"
    asset = Asset(digest="0123456789abcdef", length=1, width=400, height=300)
    return replace(publication, files=frozenset({name}), assets={name: asset})


@pytest.mark.parametrize(
    ("written", "sides"),
    [
        ("", ' width="400" height="300"'),
        (' width="200"', ' width="200" height="150"'),
        (' width="200px"', ' width="200" height="150"'),
        (' height=" 30 "', ' width="40" height="30"'),
        (' width="1"', ' width="1" height="1"'),
        (' width="200" height="10"', ' width="200" height="10"'),
        (' width="50%"', ' width="50%"'),
        (' height="auto"', ' height="auto"'),
    ],
)
def test_what_the_author_left_out_is_written(
    pictured: Publication, written: str, sides: str
) -> None:
    """Both sides, or the one that follows from the other; never against the author."""
    assert (
        with_sizes(f"<p>{IMAGE}{written}></p>", pictured) == f"<p>{IMAGE}{sides}></p>"
    )


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://other.example/images/a.png" alt="">',
        '<img src="https://news.example.org/images/a.9876543210.png" alt="">',
        '<img src="https://news.example.org/en/" alt="">',
        '<img alt="">',
        "<p>&lt;img src=&quot;x&quot;&gt;</p>",
    ],
)
def test_other_pictures_stay_as_they_are(pictured: Publication, html: str) -> None:
    """Nothing is known about them, and nothing is fetched."""
    assert with_sizes(html, pictured) == html


def test_a_picture_without_a_size_of_its_own_gets_none(pictured: Publication) -> None:
    """Such as an SVG that takes the room it gets, or one that cannot be read."""
    unknown = {name: Asset(digest="0123456789", length=1) for name in pictured.assets}
    html = f"{IMAGE}>"
    assert with_sizes(html, replace(pictured, assets=unknown)) == html
