"""A gallery shows the newsletter's own pictures, and stands in for those of others."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.editions.asset import Asset
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.web.preview.pictures import at_hand, own_pictures, remote_pictures

HOME = "https://news.example.org"
OURS = f"{HOME}/images/a%20b.0123456789.png"
THEIRS = "https://cdn.example.net/x.png?w=2&h=3"


@pytest.fixture(scope="module")
def publication() -> Publication:
    """Give a newsletter that has one picture."""
    name = "images/a b.png"
    return Publication(
        title="News",
        url=HOME,
        tag="example.org,2026",
        languages=(Language("en"),),
        files=frozenset({name}),
        assets={name: Asset(digest="0123456789abcdef", length=7)},
    )


def test_own_pictures_are_shown_from_beside_the_page(publication: Publication) -> None:
    """They are not published yet; everything else about them stays."""
    shown = at_hand(f'<img alt="1 > 0" src="{OURS}" width="320">', publication)
    assert shown == (
        '<img alt="1 > 0" src="pictures/images/a%20b.0123456789.png" '
        f'data-from="{OURS}" width="320">'
    )


def test_pictures_of_others_are_stood_in_for(publication: Publication) -> None:
    """The stand-in has the picture's size, says where it is and what it would show."""
    tag = f'<img src="{THEIRS.replace("&", "&amp;")}" alt="A lamp" width="300" height="200">'
    shown = unquote(at_hand(tag, publication))
    assert 'src="data:image/svg+xml,' in shown
    assert 'width="300" height="200"' in shown
    assert "cdn.example.net, not loaded" in shown
    assert "“A lamp”" in shown
    assert 'alt="A lamp"' in shown
    assert shown.count("https://cdn") == shown.count('data-from="https://cdn') == 1


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ("", 'width="576" height="324"'),
        ('width="160"', 'width="160" height="90"'),
        ('width="50%" height="auto"', 'width="576" height="324"'),
        ('width="0"', 'width="576" height="324"'),
        ('width="1" height="1"', 'width="1" height="1"'),
    ],
)
def test_a_stand_in_is_as_large_as_can_be_known(
    publication: Publication, attributes: str, size: str
) -> None:
    """Where nothing is said it is as wide as a mail's text."""
    shown = unquote(at_hand(f'<img src="{THEIRS}" {attributes}>', publication))
    assert f'<svg xmlns="http://www.w3.org/2000/svg" {size}' in shown


def test_other_sources_of_a_picture_are_taken_out(publication: Publication) -> None:
    """Else a browser would take one of them."""
    tag = f'<img srcset="{THEIRS} 2x" sizes="100vw" src="{OURS}">'
    assert at_hand(tag, publication) == (
        f'<img src="pictures/images/a%20b.0123456789.png" data-from="{OURS}">'
    )


def test_pictures_of_others_stay_where_they_are_wanted(
    publication: Publication,
) -> None:
    """Their addresses are letter for letter the author's."""
    tag = f'<img src="{THEIRS.replace("&", "&amp;")}">'
    assert at_hand(tag, publication, remote=True) == tag


def test_pictures_are_listed_by_whose_they_are(publication: Publication) -> None:
    """Each address once."""
    html = f'<img src="{OURS}"><p><img src=\'{THEIRS}\'><img src="{OURS}">'
    assert own_pictures(html, publication) == (OURS,)
    assert remote_pictures(html, publication) == (THEIRS,)


@given(alt=st.text(max_size=80), host=st.text(max_size=30))
def test_no_words_break_out_of_a_stand_in(alt: str, host: str) -> None:
    """Whatever a picture is called, the tag has one source, which opens nothing."""
    from html import escape

    publication = Publication(
        title="", url=HOME, tag="x,2026", languages=(Language("en"),)
    )
    tag = f'<img src="https://{escape(host)}/" alt="{escape(alt)}">'
    shown = at_hand(tag, publication)
    assert shown.startswith('<img src="data:image/svg+xml,%3Csvg')
    assert shown.count(' src="') == 1
    assert shown.count(' data-from="') == 1
    assert shown.endswith(f' alt="{escape(alt)}">')
