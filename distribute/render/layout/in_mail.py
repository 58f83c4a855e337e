"""Arranged paragraphs as mail needs them: in table cells, with widths in attributes.

Word, which shows mail in Outlook on Windows, keeps background, border and padding of a
table cell and of little else; it lays side by side what stands in cells, and goes by the
attributes of images. What stands between ``<!--[if mso]>`` and ``<![endif]-->`` is for
Word alone. The cells become blocks on a phone, by a class in ``kept.css``; where style
sheets are taken away they stay side by side, and no wider than their place.
"""

import re
from collections.abc import Sequence

from distribute.render.layout.form import Column, Paragraph
from distribute.render.layout.pieces import (
    BOXES,
    LINK,
    SIDES,
    Picture,
    classes_of,
    picture_of,
    pixels_of,
    without_class,
)
from distribute.render.layout.widths import with_width

TABLE = 'role="presentation" cellpadding="0" cellspacing="0" border="0"'
AIR = (
    '<!--[if mso]><div style="font-size:18px;line-height:18px">&nbsp;</div><![endif]-->'
)
"""Room below a table: Word knows no margin of one."""
_INDENT = 26
_PADDING = 36
"""Of a box, from both sides."""
_NARROWEST = 160
_GAP = 4
"""Percent of the width between a picture and the text beside it."""
_SHARES = {2: (48, 4), 3: (31, 3), 4: (22, 4)}
"""Percent of the width for each picture in a row of so many, and between two of them."""
_BESIDE = 180
"""Width of a picture beside a text, where its author gives none."""
_PERCENT = re.compile(r'\s+(?:width|height)="[^"%]*%\s*"')
_ROW = f"<!--[if mso]><table {TABLE}><tr><td><![endif]-->"
_BETWEEN = '<!--[if mso]></td><td width="12"></td><td><![endif]-->'
_ROW_END = "<!--[if mso]></td></tr></table><![endif]-->"
"""A table for Word alone, of which each button is a cell."""
_OPPOSITE = {"left": "right", "right": "left"}


class InMail:
    """The form of mails: `width` pixels are the widest, from the left or the right."""

    def __init__(self, width: int, *, rtl: bool = False) -> None:
        self._width = width
        self._rtl = rtl

    def room(self, depth: int) -> int:
        """Tell how many pixels there are from side to side, within lists and quotes."""
        return max(self._width - _INDENT * depth, _NARROWEST)

    def _room_in(self, paragraph: Paragraph) -> int:
        padding = _PADDING if paragraph.classes & BOXES else 0
        return max(self.room(paragraph.depth) - padding, _NARROWEST)

    def figure(self, paragraph: Paragraph, pictures: str, caption: str) -> str:
        """Write pictures, which may have a caption, where their author puts them."""
        side = self._side(paragraph, picture_of(pictures))
        sized = with_width(pictures, self._room_in(paragraph))
        classes = (paragraph.classes - SIDES - {"row"}) | ({side} if side else set())
        placed = f'<div align="{side}">{sized}</div>' if side else f"<div>{sized}</div>"
        return _figure(paragraph, classes, placed, caption)

    def _side(self, paragraph: Paragraph, picture: Picture) -> str:
        """Tell the side of the screen; that of the author is mirrored with the text."""
        side = picture.side or picture_of(_as_image(paragraph)).side
        return _OPPOSITE.get(side, side) if self._rtl and picture.side else side

    def row(self, paragraph: Paragraph, columns: Sequence[Column], caption: str) -> str:
        """Write pictures in columns of equal width."""
        share, gap = _SHARES[len(columns)]
        room = self._room_in(paragraph)
        cells = _gap(gap).join(_column(column, share, room) for column in columns)
        inner = f'<table {TABLE} class="layout" width="100%"><tr>{cells}</tr></table>'
        return _figure(paragraph, (paragraph.classes - SIDES) | {"row"}, inner, caption)

    def media(
        self, paragraph: Paragraph, picture: Picture, words: str, *, first: bool
    ) -> str:
        """Write a picture beside a text."""
        room = self._room_in(paragraph)
        width = _beside(picture, room)
        share = max(1, round(width * 100 / room))
        image = with_width(_PERCENT.sub("", picture.html), width, filled=True)
        shown = f'<td class="stack" width="{share}%" valign="top">{image}</td>'
        rest = 100 - share - _GAP
        words = with_width(words, room * rest // 100)
        text = f'<td class="stack" width="{rest}%" valign="top"><p>{words}</p></td>'
        cells = (shown, text) if first else (text, shown)
        table = (
            f'<table {TABLE} class="layout media" width="100%"{paragraph.attributes}>'
            f"<tr>{_gap(_GAP).join(cells)}</tr></table>"
        )
        return _set_apart(paragraph, table)

    def buttons(self, paragraph: Paragraph, links: Sequence[str]) -> str:
        """Write buttons that wrap where there is no room, and stand in a row in Word.

        Their side is that of a box around them: a table with a side of its own floats
        in Word, and the text that follows flows around it.
        """
        side = next(
            iter(sorted(paragraph.classes & SIDES)), "right" if self._rtl else ""
        )
        align = f' align="{side}"' if side else ""
        classes = _class((paragraph.classes - BOXES - {"button"}) | {"buttons"})
        faces = _BETWEEN.join(map(_face, links))
        buttons = (
            f"<div{classes}{align}{paragraph.attributes}>{_ROW}{faces}{_ROW_END}</div>"
        )
        return _set_apart(paragraph, buttons)

    def box(self, paragraph: Paragraph) -> str:
        """Write a note in a cell."""
        return boxed(
            paragraph.classes, f"<p{paragraph.attributes}>{paragraph.inner}</p>"
        )


def _set_apart(paragraph: Paragraph, inner: str) -> str:
    """Put into a box what its author has set apart, of whatever it is made."""
    boxes = paragraph.classes & BOXES
    return boxed(boxes, inner) if boxes else f"{inner}{AIR}"


def boxed(classes: frozenset[str], inner: str) -> str:
    """Put blocks into a cell that has their background, bar and padding."""
    return f"{box_start(classes)}{inner}{BOX_END}"


def box_start(classes: frozenset[str]) -> str:
    """Begin a cell that is as wide as the text."""
    return f'<table {TABLE} class="layout box" width="100%"><tr><td{_class(classes)}>'


BOX_END = f"</td></tr></table>{AIR}"


def _figure(
    paragraph: Paragraph, classes: frozenset[str] | set[str], inner: str, caption: str
) -> str:
    """Write a figure whose parts are blocks in Word as well, which knows no figures."""
    words = f'<div class="caption">{caption}</div>'
    below = f"<figcaption>{words}</figcaption>" if caption else ""
    opening = f"<figure{_class(classes - BOXES)}{paragraph.attributes}>"
    return _set_apart(paragraph, f"{opening}{inner}{below}</figure>")


def _gap(percent: int) -> str:
    return f'<td class="gap" width="{percent}%">&nbsp;</td>'


def _column(column: Column, percent: int, room: int) -> str:
    image = with_width(column.picture.html, room * percent // 100, filled=True)
    caption = f'<p class="caption">{column.caption}</p>' if column.caption else ""
    return f'<td class="stack" width="{percent}%" valign="top">{image}{caption}</td>'


def _beside(picture: Picture, room: int) -> int:
    """Tell how wide a picture beside a text is; what is wider than all is not meant so."""
    written = picture.width
    pixels = pixels_of(written)
    if pixels is None or pixels > room:
        percent = written.strip().removesuffix("%")
        known = written.strip().endswith("%") and percent.isdecimal()
        pixels = room * int(percent[:3]) // 100 if known else _BESIDE
    return min(max(pixels, 1), room * 3 // 5)


def _face(link: str) -> str:
    """Write a button: the cell is what Word shows, the link what can be clicked."""
    read = LINK.fullmatch(link)
    if read is None:
        return link
    attributes = read["attributes"]
    classes = classes_of(attributes) | {"button"}
    face = "face outline" if "secondary" in classes else "face"
    anchor = f"<a{_class(classes)}{without_class(attributes)}>{read['words']}</a>"
    return (
        f'<table {TABLE} class="push"><tr><td class="{face}" align="center"{_IN_FACE}'
        f"{anchor}</td></tr></table>"
    )


def with_buttons(html: str) -> str:
    """Give the buttons within a text their padding in Word, which knows none of links.

    Hair spaces stretched and raised push the label from the edges of the link; of all
    the ways it is the one that leaves the button in its line.
    """
    return LINK.sub(_padded, html) if 'class="button' in html else html


def _padded(link: re.Match[str]) -> str:
    in_face = link.string.endswith(_IN_FACE, 0, link.start())
    if in_face or "button" not in classes_of(link["attributes"]):
        return link[0]
    label = f'<span class="label">{link["words"]}</span>'
    return f"<a{link['attributes']}>{_BEFORE}{label}{_BEHIND}</a>"


_IN_FACE = ' valign="middle">'
_BEFORE = (
    '<!--[if mso]><i style="mso-font-width:400%;mso-text-raise:17pt" hidden>'
    "&#8202;&#8202;&#8202;</i><![endif]-->"
)
_BEHIND = (
    '<!--[if mso]><i style="mso-font-width:400%" hidden>'
    "&#8202;&#8202;&#8202;&#8203;</i><![endif]-->"
)


def _as_image(paragraph: Paragraph) -> str:
    return f"<img{_class(paragraph.classes)}>"


def _class(classes: frozenset[str] | set[str]) -> str:
    return f' class="{" ".join(sorted(classes))}"' if classes else ""
