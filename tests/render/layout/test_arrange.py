"""What a paragraph is for: told by its pictures, links and classes."""

from collections.abc import Sequence
from time import process_time

import pytest

from distribute.render.layout.arrange import arrange
from distribute.render.layout.form import Column, Paragraph
from distribute.render.layout.pieces import Picture

PICTURE = '<img src="https://a.example/b.png" alt="1 &gt; 0">'
LINKED = f'<a href="https://a.example">{PICTURE}</a>'
ICON = '<img src="https://a.example/b.png" alt="" width="32">'
LEFT = '<img src="https://a.example/b.png" alt="" class="left">'
RIGHT = '<img src="https://a.example/b.png" alt="" class="right">'
CAPTION = "<em>A boat</em>"
BUTTON = '<a href="x" class="button">Go</a>'


class Told:
    """A form that tells what it is asked to write."""

    def figure(self, paragraph: Paragraph, pictures: str, caption: str) -> str:
        """Tell a figure."""
        return f"figure({pictures}|{caption})"

    def row(self, paragraph: Paragraph, columns: Sequence[Column], caption: str) -> str:
        """Tell a row."""
        told = ",".join(f"{each.picture.html}:{each.caption}" for each in columns)
        return f"row({told}|{caption})"

    def media(
        self, paragraph: Paragraph, picture: Picture, words: str, *, first: bool
    ) -> str:
        """Tell a picture beside a text."""
        return f"media({'first' if first else 'last'}|{picture.html}|{words})"

    def buttons(self, paragraph: Paragraph, links: Sequence[str]) -> str:
        """Tell buttons."""
        return f"buttons({len(links)},{paragraph.depth})"

    def box(self, paragraph: Paragraph) -> str:
        """Tell a box."""
        return f"box({paragraph.inner}{paragraph.attributes})"


def told(html: str) -> str:
    """Arrange a fragment in words."""
    return arrange(html, Told())


@pytest.mark.parametrize("picture", [PICTURE, LINKED, f"{PICTURE}<br>\n{LINKED}"])
def test_pictures_with_a_caption_are_a_figure(picture: str) -> None:
    """Its caption stands in the same paragraph or in the next."""
    figure = f"figure({picture}|{CAPTION})\n<p>Text</p>"
    assert told(f"<p>{picture}</p>\n<p>{CAPTION}</p>\n<p>Text</p>") == figure
    assert told(f"<p>{picture}\n{CAPTION}</p>\n<p>Text</p>") == figure
    assert told(f"<p>{picture}<br>\n{CAPTION}</p>\n<p>Text</p>") == figure
    own = f'<p>{picture}</p>\n<p class="caption">{CAPTION}</p>\n<p>Text</p>'
    assert told(own) == figure


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{PICTURE}</p>\n<p>Text</p>",
        f"<p>{PICTURE}</p>\n<h2>Next</h2>",
        f"<p>{PICTURE}</p>\n<p></p>",
        f'<p>{PICTURE}</p>\n<p class="lead"><em>Lead</em></p>',
        f"<p>Text {PICTURE}</p>\n<p><em>a</em></p>",
        f"<p>{PICTURE} text</p><p><em>b</em></p>",
        f"<p>{PICTURE}<br>{PICTURE}</p>",
        f"<p>{PICTURE * 5}</p>",
        f"<p>{ICON} {ICON} {ICON}</p>",
        f"<p>{ICON} and a text</p>",
        f"<p>A text and <a href='x'>a link with {PICTURE} in it</a></p>",
        f"<p>Text with {BUTTON} in it</p>",
        '<p class="lead">Text</p><p>button</p>',
    ],
)
def test_what_is_not_marked_stays_as_it_is(html: str) -> None:
    """Pictures in a text, icons, pictures below each other, and plain text."""
    assert told(html) == html


def test_each_picture_has_its_own_caption() -> None:
    """A picture without one does not take the next picture's."""
    html = f"<p>{PICTURE}</p>\n<p>{PICTURE}</p>\n<p>{CAPTION}</p>\n<p><em>c</em></p>"
    assert (
        told(html)
        == f"<p>{PICTURE}</p>\nfigure({PICTURE}|{CAPTION})\n<p><em>c</em></p>"
    )


@pytest.mark.parametrize("count", [2, 3, 4])
def test_two_to_four_pictures_are_a_row(count: int) -> None:
    """Links around them are kept; one caption is for all of them."""
    pictures = [LINKED, PICTURE, PICTURE, PICTURE][:count]
    columns = ",".join(f"{picture}:" for picture in pictures)
    inner = "\n".join(pictures)
    assert told(f"<p>{inner}</p>") == f"row({columns}|)"
    assert told(f"<p>{inner} {CAPTION}</p>") == f"row({columns}|{CAPTION})"
    assert told(f"<p>{inner}</p>\n<p>{CAPTION}</p>") == f"row({columns}|{CAPTION})"


def test_pictures_in_a_row_may_have_a_caption_each() -> None:
    """A line below each; then what stands below the paragraph is for all of them."""
    inner = f"{PICTURE}<br>\n<em>One</em>\n{LINKED} <em>Two</em>"
    row = f"row({PICTURE}:<em>One</em>,{LINKED}:<em>Two</em>|"
    assert told(f"<p>{inner}</p><p>Text</p>") == f"{row})<p>Text</p>"
    assert told(f"<p>{inner}</p><p>{CAPTION}</p>") == f"{row}{CAPTION})"


def test_the_class_makes_a_row_of_pictures_below_each_other() -> None:
    """As the author says so."""
    html = f'<p class="row">{PICTURE}<br>{PICTURE}</p>'
    assert told(html) == f"row({PICTURE}:,{PICTURE}:|)"


@pytest.mark.parametrize(
    ("inner", "place"),
    [
        (f"{LEFT} Text <b>b</b>", f"first|{LEFT}|Text <b>b</b>"),
        (f"{RIGHT}<br>\nText", f"last|{RIGHT}|Text"),
        (f"Text {RIGHT}", f"last|{RIGHT}|Text"),
        (f"Text<br>\n{LEFT}", f"first|{LEFT}|Text"),
    ],
)
def test_a_picture_that_is_sent_to_a_side_stands_beside_its_text(
    inner: str, place: str
) -> None:
    """Whether it is written before the text or after it."""
    assert told(f"<p>{inner}</p>") == f"media({place})"


def test_the_paragraph_may_say_that_picture_and_text_stand_side_by_side() -> None:
    """Then they stand in the order in which they are written."""
    assert told(f'<p class="media">{LINKED} Text</p>') == f"media(first|{LINKED}|Text)"
    assert told(f'<p class="media">Text {PICTURE}</p>') == f"media(last|{PICTURE}|Text)"
    slanted = f'<p class="media">{PICTURE} <em>Text</em></p>'
    assert told(slanted) == f"media(first|{PICTURE}|<em>Text</em>)"


def test_a_picture_within_a_text_is_not_beside_it() -> None:
    """Only the first and the last thing in a paragraph can be."""
    html = f"<p>Text {LEFT} text</p>"
    assert told(html) == html


def test_a_picture_alone_stands_where_its_author_puts_it() -> None:
    """On its side, or wherever its paragraph says."""
    assert told(f"<p>{RIGHT}</p>") == f"figure({RIGHT}|)"
    assert told(f'<p class="center">{PICTURE}</p>') == f"figure({PICTURE}|)"
    assert told(f"<p>{LEFT}\n{CAPTION}</p>") == f"figure({LEFT}|{CAPTION})"


def test_links_that_are_buttons_and_nothing_else() -> None:
    """By their own class or by that of their paragraph; how deep they are is told."""
    assert told(f"<p>{BUTTON}</p>") == "buttons(1,0)"
    assert told(f"<ul><li><p>{BUTTON} {BUTTON}<br></p></li></ul><p>{BUTTON}</p>") == (
        "<ul><li>buttons(2,1)</li></ul>buttons(1,0)"
    )
    plain = '<a href="x">Go</a>'
    assert told(f'<p class="button">{plain} {plain}</p>') == "buttons(2,0)"
    assert told(f"<p>{BUTTON} {plain}</p>") == f"<p>{BUTTON} {plain}</p>"


def test_a_video_is_a_button() -> None:
    """A link alone that begins with the sign for play, as the links to videos do."""
    video = '<a href="x">\u25b6\ufe0e YouTube</a>'
    assert told(f"<p>{video}</p>") == "buttons(1,0)"
    for text in (f"<p>See {video}</p>", f"<p>{video} {video}</p>"):
        assert told(text) == text


def test_notes_are_boxes() -> None:
    """With the attributes that they have."""
    assert told('<p class="tip" id="i">a</p>') == 'box(a id="i")'


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{PICTURE}" * 20_000,
        f"<p>{PICTURE}</p>" + " " * 100_000,
        f"<p>{PICTURE}" + "<br>" * 50_000,
        f"<p>{PICTURE}x" + "<br>" * 50_000 + "</p>",
        f"<p>{PICTURE * 5}" + " " * 100_000 + "x</p>",
        f"<p>{BUTTON}" + "<a>" * 50_000 + "</p>",
        f"<p>{PICTURE}</p><p>" + "<em>" * 50_000 + "</p>",
        "<p><strong><em>button" + "a" * 200_000,
        "<img><p>" + "<a>" * 50_000,
        "<blockquote>" * 20_000 + "<p>button</p>" * 20_000,
    ],
)
def test_long_documents_take_linear_time(html: str) -> None:
    """However a document is made."""
    start = process_time()
    assert told(html) == html
    assert process_time() - start < 2
