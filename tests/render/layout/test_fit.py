"""Fragments that fit where they are read."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.layout.fit import fit_for_mail, fit_for_page

CELL = r'<table role="presentation"[^>]*><tr><td class="{}">'
PICTURE = '<img src="a" alt="">'
BUTTON = '<a href="x" class="button">Go</a>'


def without_word(html: str) -> str:
    """Leave out what is for Word alone."""
    return re.sub(r"<!--\[if mso\]>.*?<!\[endif\]-->", "", html)


def test_code_runs_from_the_left() -> None:
    """Code keeps its order in a text that runs from the right."""
    fitted = fit_for_mail('<pre><code class="x">a</code></pre><code dir="rtl">b</code>')
    assert '<pre dir="ltr"><code dir="ltr" class="x">a</code></pre>' in fitted
    assert fitted.endswith('<code dir="rtl">b</code>')


@pytest.mark.parametrize(
    ("html", "kind", "inner"),
    [
        ("<pre><code>a</code></pre>", "code", '<pre dir="ltr">'),
        ("<blockquote><p>a</p></blockquote>", "quote", "<blockquote><p>"),
        ('<blockquote class="tip" id="i">a</blockquote>', "tip", '<blockquote id="i">'),
        ('<p class="note" id="i">a</p>', "note", '<p id="i">'),
    ],
)
def test_code_quotes_and_notes_stand_in_cells(html: str, kind: str, inner: str) -> None:
    """Word keeps padding, bar and background of cells alone."""
    fitted = without_word(fit_for_mail(html))
    assert re.match(CELL.format(kind) + re.escape(inner), fitted)
    assert fitted.endswith("</td></tr></table>")
    assert fit_for_page(html) == html.replace("<pre>", '<pre tabindex="0">')


def test_captions_are_told() -> None:
    """In mail and on pages."""
    html = f"<p>{PICTURE}</p>\n<p><em>b</em></p>"
    caption = "<figcaption><em>b</em></figcaption>"
    assert fit_for_page(html) == f"<figure>{PICTURE}{caption}</figure>"
    mail = without_word(fit_for_mail(html, width=400))
    assert re.sub("</?div[^>]*>", "", mail) == (
        f'<figure>{PICTURE[:-1]} width="400" style="width:auto">{caption}</figure>'
    )


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
    fitted = fit_for_mail(f"<p>a</p>{table}<p>b</p>")
    assert fitted.count('<div class="scroll" tabindex="0"><table') == 2
    assert fitted.count("</table></div>") == 2
    assert fitted == fit_for_page(f"<p>a</p>{table}<p>b</p>")


def test_a_table_is_not_laid_out() -> None:
    """In its cells there is no room; its pictures share the width."""
    html = (
        f"<table><tr><td><p>{PICTURE} {PICTURE}</p></td><td>{BUTTON}</td></tr></table>"
    )
    fitted = fit_for_mail(html, width=500)
    assert 'role="presentation"' not in fitted
    assert fitted.count('width="250"') == 2


def test_a_page_scrolls_by_keyboard() -> None:
    """What scrolls on a page can be reached with the keyboard."""
    fitted = fit_for_page("<table></table><pre>a</pre>")
    assert fitted == (
        '<div class="scroll" tabindex="0"><table></table></div>'
        '<pre tabindex="0">a</pre>'
    )


def test_a_sign_stays_in_its_line() -> None:
    """On pages by a class, unless it has one."""
    sign = '<img src="a" alt="" width="20">'
    assert fit_for_page(f"<p>a {sign}</p>") == f'<p>a <img class="icon"{sign[4:]}</p>'


def test_a_button_within_a_text_has_padding_in_word() -> None:
    """Word knows no padding of links; other links have nothing to do with it."""
    fitted = fit_for_mail(f'<p>Press {BUTTON} or <a href="y">not</a></p>')
    assert without_word(fitted) == (
        '<p>Press <a href="x" class="button"><span class="label">Go</span></a>'
        ' or <a href="y">not</a></p>'
    )
    assert fitted.count("mso-font-width") == 2
    assert fit_for_page(f"<p>Press {BUTTON}</p>") == f"<p>Press {BUTTON}</p>"


PIECES = (
    PICTURE,
    '<img src="b" alt="" class="left" width="90">',
    f'<a href="y">{PICTURE}</a>',
    "<em>slanted</em>",
    "upright words",
    "<br>\n",
    " ",
    BUTTON,
    '<a href="z">\u25b6 play</a>',
)
AROUND = (
    "<p>{}</p>",
    '<p class="media">{}</p>',
    '<p class="note">{}</p>',
    '<p class="row">{}</p>',
    "<blockquote><p>{}</p></blockquote>",
    "<ul><li><p>{}</p></li></ul>",
    "<table><tr><td><p>{}</p></td></tr></table>",
)
PARAGRAPHS = st.lists(
    st.tuples(st.sampled_from(AROUND), st.lists(st.sampled_from(PIECES), max_size=7)),
    max_size=5,
)


@given(PARAGRAPHS)
@settings(max_examples=100, deadline=None)
def test_nothing_is_lost_on_the_way(
    paragraphs: list[tuple[str, list[str]]],
) -> None:
    """Words, pictures and links are as many as before, and every element is closed."""
    html = "\n".join(around.format("".join(inner)) for around, inner in paragraphs)
    for fitted in (without_word(fit_for_mail(html)), fit_for_page(html)):
        words = re.sub(r"<[^>]*>|&nbsp;", " ", fitted).split()
        assert Counter(words) == Counter(re.sub(r"<[^>]*>", " ", html).split())
        for sign in ("<img ", "<a ", 'src="b"', 'href="y"'):
            assert fitted.count(sign) == html.count(sign)
        assert balanced(fitted)


def balanced(html: str) -> bool:
    """Tell whether every element is closed where it belongs."""
    around: list[str] = []
    for end, name in re.findall(r"<(/?)([a-z0-9]+)", html):
        if name in {"img", "br"}:
            continue
        if not end:
            around.append(name)
        elif not around or around.pop() != name:
            return False
    return not around
