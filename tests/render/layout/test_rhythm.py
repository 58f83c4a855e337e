"""Captions and headlines, told by their look."""

from time import process_time

import pytest

from distribute.render.layout.rhythm import with_roles

PICTURE = '<img src="https://a.example/b.png" alt="1 &gt; 0">'
LINKED = f'<a href="https://a.example">{PICTURE}</a>'


@pytest.mark.parametrize("picture", [PICTURE, LINKED, f"{PICTURE}\n{PICTURE}"])
@pytest.mark.parametrize(
    "caption",
    [
        "<em>A boat</em>",
        "<em>A boat</em>\u200a—\u200a<a href='x'><em>source</em></a>",
        '<em>Figure by <a href="https://a.example">Ada et al. (2020)</a></em>',
        '<a href="https://a.example"><em>(Ada et al. 2020)</em></a>',
        '<a href="https://a.example">source</a>',
        'Kaynak: <a href="https://a.example">Ada</a>',
        "<i>船</i>",
    ],
)
def test_a_slanted_line_under_a_picture_is_its_caption(
    picture: str, caption: str
) -> None:
    """In a paragraph of its own or in the same one, they become a figure."""
    figure = f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"
    apart = f"<p>{picture}</p>\n<p>{caption}</p>\n<p>Text</p>"
    assert with_roles(apart) == f"{figure}\n<p>Text</p>"
    for between in ("\n", "<br>\n"):
        together = f"<p>{picture}{between}{caption}</p>\n<p>Text</p>"
        assert with_roles(together) == f"{figure}\n<p>Text</p>"


def test_an_authors_own_caption_is_a_caption() -> None:
    """Where the class says so."""
    html = f'<p>{PICTURE}</p>\n<p class="caption"><em>A boat</em></p>'
    assert with_roles(html).endswith(
        "<figcaption><em>A boat</em></figcaption></figure>"
    )


@pytest.mark.parametrize(
    "following",
    [
        "<p>Text that goes on about <em>boats</em>.</p>",
        "<p><em><strong>Not a caption</strong></em></p>",
        "<p>Text with a link at its <a href='x'>end</a>.</p>",
        f"<p><em>{'A whole story. ' * 20}</em></p>",
        '<p><a href="x">Everything else that we wrote about boats this year</a></p>',
        '<p><a class="button" href="x">Go</a></p>',
        '<p class="note"><em>Note</em></p>',
        "<p></p>",
        "<h2>Next</h2>",
    ],
)
def test_other_text_is_no_caption(following: str) -> None:
    """Running text, headlines, buttons and long passages stay where they are."""
    html = f"<p>{PICTURE}</p>\n{following}"
    assert with_roles(html) == html


def test_a_picture_within_text_is_no_figure() -> None:
    """Nor is one with text beside it."""
    html = f"<p>Text {PICTURE}</p>\n<p><em>a</em></p><p>{PICTURE} text</p><p><em>b</em></p>"
    assert with_roles(html) == html


def test_each_picture_has_its_own_caption() -> None:
    """A picture without one does not take the next picture's."""
    html = f"<p>{PICTURE}</p>\n<p>{PICTURE}</p>\n<p><em>b</em></p>\n<p><em>c</em></p>"
    assert with_roles(html) == (
        f"<p>{PICTURE}</p>\n<figure>{PICTURE}<figcaption><em>b</em></figcaption></figure>"
        "\n<p><em>c</em></p>"
    )


@pytest.mark.parametrize(
    "line",
    [
        "<strong>Boats</strong>",
        "<em><strong>Boats of the year.</strong></em>",
        "<strong><em>Boats</em></strong>",
        '<strong>Boats, <a href="x">again</a>?</strong>',
        "<strong>1.2 船</strong>",
    ],
)
@pytest.mark.parametrize("following", ["<p>Text", "<ul>", "<pre>", "<figure>"])
def test_a_bold_line_above_a_text_is_a_headline(line: str, following: str) -> None:
    """It stands close to what it belongs to; right below a heading it needs no air."""
    html = f"<p>Before</p>\n<p>{line}</p>\n{following}"
    assert with_roles(html) == (
        f'<p>Before</p>\n<p class="headline">{line}</p>\n{following}'
    )
    below = with_roles(f"<h2>Part</h2>\n<p>{line}</p>\n{following}")
    assert below == (
        f'<h2>Part</h2>\n<p class="headline first">{line}</p>\n{following}'
    )


@pytest.mark.parametrize(
    "html",
    [
        "<p><strong>Boats</strong> float.</p>\n<p>x</p>",
        "<p><strong>Boats</strong> and <strong>ships</strong></p>\n<p>x</p>",
        "<p><strong>They all came back!</strong></p>\n<p>x</p>",
        "<p><strong>都回来了。</strong></p>\n<p>x</p>",
        "<p><em>Ada and Grace</em></p>\n<p>x</p>",
        "<p><strong>The end</strong></p>",
        "<p><strong>Boats</strong></p>\n<h2>x</h2>",
        "<p><strong>***</strong></p>\n<p>x</p>",
        f"<p><em><strong>{'Boats ' * 40}</strong></em></p>\n<p>x</p>",
        '<p class="note"><strong>Boats</strong></p>\n<p>x</p>',
    ],
)
def test_other_bold_words_are_no_headline(html: str) -> None:
    """Statements, words within a line and what nothing follows stay as they are."""
    assert with_roles(html) == html


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{PICTURE}" * 20_000,
        f"<p>{PICTURE}</p><p>x " * 20_000,
        f"<p>{PICTURE}</p>" + " " * 100_000,
        f"<p>{PICTURE}" + "<br>" * 50_000,
        "<p><strong>" * 20_000,
        "<p><strong><em>" + "a" * 200_000,
        "<p>" + "<a>" * 50_000,
    ],
)
def test_long_documents_take_linear_time(html: str) -> None:
    """However a document is made."""
    start = process_time()
    assert with_roles(html) == html
    assert process_time() - start < 2
