"""The cascade behind the inliner: weights, order and importance as CSS has them."""

import pytest

from distribute.render.email.cascade import weight_of
from distribute.render.email.inline import inline_css


@pytest.mark.parametrize(
    ("selector", "weight"),
    [
        ("p", (0, 0, 1)),
        (".a", (0, 1, 0)),
        ("#one", (1, 0, 0)),
        ("[dir=rtl]", (0, 1, 0)),
        ('a[href="x.y#z:w"] b', (0, 1, 2)),
        ("div>p + td ~ th", (0, 0, 4)),
        (".a.b td.c:first-child", (0, 4, 1)),
    ],
)
def test_selectors_weigh_what_they_name(
    selector: str, weight: tuple[int, int, int]
) -> None:
    """Ids before classes before elements; attributes are like classes."""
    assert weight_of(selector) == weight


def style_of(css: str, own: str = "") -> str:
    """Inline a sheet into one paragraph with a style of its own."""
    html = inline_css(
        f'<!DOCTYPE html>\n<style>{css}</style><p class="a" style="{own}">x</p>'
    )
    return html.partition('style="')[2].partition('"')[0]


def test_what_is_important_stands() -> None:
    """Over the author's style, unless that is important too."""
    css = "p { color: #112233 !important } .a { color: #445566 }"
    assert style_of(css, "color: #778899") == "color:#112233 !important"
    own = "color: #778899 !important"
    assert style_of(css, own) == "color:#778899 !important"


def test_what_is_unset_is_said() -> None:
    """It may undo what a mail program brings along."""
    assert style_of("p { color: unset; top: 0 }") == "color:unset; top:0"
