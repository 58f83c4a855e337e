"""Fragments that fit where they are read."""

import pytest

from distribute.render.fit import fit_for_mail, fit_for_page


@pytest.mark.parametrize(
    ("image", "fitted"),
    [
        ('<img src="a" alt="">', '<img src="a" alt="" width="576">'),
        (
            '<img src="a" width="320" height="9">',
            '<img src="a" width="320" height="9">',
        ),
        ('<img width="1200" height="300" src="a">', '<img src="a" width="576">'),
        ('<img width="100%" src="a">', '<img src="a" width="576">'),
        ('<img src="a" width="64px">', '<img src="a" width="64px">'),
        ('<img title="1 > 0" src="a">', '<img title="1 > 0" src="a" width="576">'),
    ],
)
def test_every_image_has_a_width(image: str, fitted: str) -> None:
    """Outlook goes by the attribute, so there is one and it fits the card."""
    assert fit_for_mail(image) == fitted


def test_code_runs_from_the_left() -> None:
    """Code keeps its order in a text that runs from the right."""
    fitted = fit_for_mail('<pre><code class="x">a</code></pre><code dir="rtl">b</code>')
    assert fitted == (
        '<pre dir="ltr"><code dir="ltr" class="x">a</code></pre><code dir="rtl">b</code>'
    )


def test_words_like_code_are_no_elements() -> None:
    """An element whose name begins alike stays as it is."""
    assert fit_for_mail("<col><p>&lt;img&gt;</p>") == "<col><p>&lt;img&gt;</p>"


def test_wide_tables_scroll() -> None:
    """Every table stands in a box of its own, nested ones too."""
    table = '<table class="t"><tr><td><table></table></td></tr></table>'
    fitted = fit_for_mail(table)
    assert fitted.count('<div class="scroll"><table') == 2
    assert fitted.count("</table></div>") == 2


def test_a_page_scrolls_by_keyboard() -> None:
    """What scrolls on a page can be reached with the keyboard."""
    fitted = fit_for_page("<table></table><pre>a</pre>")
    assert fitted == (
        '<div class="scroll" tabindex="0"><table></table></div>'
        '<pre tabindex="0">a</pre>'
    )
