"""Widths of images that Outlook keeps and everybody else makes smaller."""

import pytest

from distribute.render.layout.widths import with_width


@pytest.mark.parametrize(
    ("image", "fitted"),
    [
        ('<img src="a" alt="">', '<img src="a" alt="" width="560" style="width:auto">'),
        (
            '<img src="a" width="320" height="90">',
            '<img src="a" width="320" height="90">',
        ),
        (
            '<img width="1200" height="300" src="a">',
            '<img src="a" width="560" height="140">',
        ),
        ('<img width="1200" src="a">', '<img src="a" width="560">'),
        ('<img width="50%" src="a">', '<img src="a" width="280" style="width:50%">'),
        ('<img width="500%" src="a">', '<img src="a" width="560" style="width:auto">'),
        ('<img width="0%" src="a">', '<img src="a" width="560" style="width:auto">'),
        (
            '<img src="a" height="90">',
            '<img src="a" height="90" style="width:auto;max-height:90px">',
        ),
        (
            '<img src="a" class="wide" width="90">',
            '<img src="a" class="wide" width="560" style="width:100%">',
        ),
        (
            '<img src="a" width="64px">',
            '<img src="a" width="64" style="display:inline;vertical-align:middle">',
        ),
        ('<img src="a" width="320px">', '<img src="a" width="320">'),
        (
            '<img title="1 > 0" src="a">',
            '<img title="1 > 0" src="a" width="560" style="width:auto">',
        ),
    ],
)
def test_every_image_has_a_width(image: str, fitted: str) -> None:
    """In pixels as an attribute, for Outlook, and no wider than there is room."""
    assert with_width(image, 560) == fitted
    assert with_width(fitted, 560) == fitted


def test_a_picture_can_fill_its_place() -> None:
    """As in a column; but one that is known to be smaller stays so."""
    images = (
        '<img src="a"><img src="b" width="200"><img src="c" width="800" height="9">'
    )
    assert with_width(images, 268, filled=True) == (
        '<img src="a" width="268" style="width:100%"><img src="b" width="200">'
        '<img src="c" width="268" style="width:100%">'
    )
