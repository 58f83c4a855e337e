"""Fragments that fit where they are read."""

import pytest

from distribute.render.layout.fit import fit_for_mail, fit_for_page


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


def test_captions_and_headlines_are_told() -> None:
    """In mail and on pages."""
    html = (
        '<p><img src="a" alt=""></p>\n<p><em>b</em></p>\n'
        "<p><strong>c</strong></p>\n<p>d</p>"
    )
    for fitted in (fit_for_mail(html), fit_for_page(html)):
        assert "<figcaption><em>b</em></figcaption></figure>" in fitted
        assert '<p class="headline"><strong>c</strong></p>' in fitted


def test_an_address_written_out_is_marked_on_pages() -> None:
    """On paper it need not be said twice."""
    written, named = '<a href="https://a.example/?b=1&amp;c">', '<a href="x">y</a>'
    html = f"{written}https://a.example/?b=1&amp;c</a> {named}"
    assert fit_for_page(html) == html.replace("<a", '<a class="address"', 1)


def test_words_like_code_are_no_elements() -> None:
    """An element whose name begins alike stays as it is."""
    assert fit_for_mail("<col><p>&lt;img&gt;</p>") == "<col><p>&lt;img&gt;</p>"


def test_wide_tables_scroll() -> None:
    """Every table stands in a box of its own, nested ones too."""
    table = '<table class="t"><tr><td><table></table></td></tr></table>'
    fitted = fit_for_mail(table)
    assert fitted.count('<div class="scroll" tabindex="0"><table') == 2
    assert fitted.count("</table></div>") == 2


def test_a_page_scrolls_by_keyboard() -> None:
    """What scrolls on a page can be reached with the keyboard."""
    fitted = fit_for_page("<table></table><pre>a</pre>")
    assert fitted == (
        '<div class="scroll" tabindex="0"><table></table></div>'
        '<pre tabindex="0">a</pre>'
    )
