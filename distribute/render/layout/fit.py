"""Make a clean fragment fit the place where it is read.

Mail is narrow, laid out in tables, and shown by engines that know little; a page must be
usable by keyboard. Works on the output of the sanitiser, which writes every attribute in
double quotes and closes every element.
"""

import re
from collections.abc import Callable

from distribute.render.layout.arrange import arrange
from distribute.render.layout.depth import Depth
from distribute.render.layout.in_mail import BOX_END, InMail, box_start, with_buttons
from distribute.render.layout.on_page import OnPage
from distribute.render.layout.pieces import (
    ATTRIBUTES,
    BOXES,
    IMAGE,
    classes_of,
    picture_of,
    without_class,
)
from distribute.render.layout.widths import with_width

TEXT_WIDTH = 560
"""Pixels from side to side of the text: the card of 640 less its padding."""

_CODE = re.compile(rf"<(?P<name>pre|code|kbd|samp)(?P<attributes>{ATTRIBUTES})>")
_PRE = re.compile(rf"<pre(?P<attributes>{ATTRIBUTES})>")
_TABLE = re.compile(rf"<table{ATTRIBUTES}>|</table>")
_BOX = re.compile(rf"<(?P<name>pre|blockquote)(?P<attributes>{ATTRIBUTES})>")
_BOX_END = re.compile(r"</(?:pre|blockquote)>")
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<t[dh]\b")
_NARROWEST = 80
_WRITTEN_OUT = re.compile(r'<a(?P<attributes> href="([^"]*)")>(?=(?:\2)</a>)')


def fit_for_mail(html: str, *, width: int = TEXT_WIDTH, direction: str = "ltr") -> str:
    """Lay a fragment out for mail: `width` pixels from side to side.

    Images get a width, code its direction, and wide tables room to scroll; what else
    mail programs forget of a style sheet is written as tables.
    """
    form = InMail(width, rtl=direction == "rtl")

    def text(part: str) -> str:
        return _boxed(_sized(arrange(part, form), form))

    def table(part: str) -> str:
        row = _ROW.search(part)
        columns = len(_CELL.findall(row[0])) if row else 1
        return with_width(part, max(width // max(columns, 1), _NARROWEST))

    laid_out = _by_part(html, text=text, table=table)
    return with_buttons(_CODE.sub(_left_to_right, laid_out))


def _sized(html: str, form: InMail) -> str:
    """Give the images that no form has sized the width of their place."""
    depth = Depth(html)
    return IMAGE.sub(
        lambda image: with_width(image[0], form.room(depth.at(image.start()))), html
    )


def fit_for_page(html: str) -> str:
    """Let what is wider than the page scroll.

    An address that is written out is marked, for on paper one is enough.
    """
    form = OnPage()
    html = _WRITTEN_OUT.sub(r'<a class="address"\g<attributes>>', html)
    html = _PRE.sub(r'<pre tabindex="0"\g<attributes>>', html)
    html = IMAGE.sub(_marked_icon, html)
    return _by_part(html, text=lambda part: arrange(part, form), table=str)


def _marked_icon(image: re.Match[str]) -> str:
    """Mark a sign that stays in its line, where pictures stand on lines of their own."""
    if ' width="' not in image[0]:
        return image[0]
    picture = picture_of(image[0])
    if picture.classes or not picture.is_icon:
        return image[0]
    return f'<img class="icon"{image["attributes"]}>'


def _by_part(
    html: str, *, text: Callable[[str], str], table: Callable[[str], str]
) -> str:
    """Change what stands in tables and what does not; tables get a box that scrolls."""
    if "<table" not in html:
        return text(html)
    out: list[str] = []
    start = depth = 0
    for tag in _TABLE.finditer(html):
        if tag[0] != "</table>":
            if not depth:
                out.append(text(html[start : tag.start()]))
                start = tag.start()
            depth += 1
        elif depth == 1:
            out.append(_TABLE.sub(_scrolling, table(html[start : tag.end()])))
            start, depth = tag.end(), 0
        else:
            depth = max(depth - 1, 0)
    return "".join([*out, text(html[start:])])


def _scrolling(tag: re.Match[str]) -> str:
    """Put a table into a box that scrolls, by keyboard as well (WCAG 2.1.1)."""
    if tag[0] == "</table>":
        return "</table></div>"
    return f'<div class="scroll" tabindex="0">{tag[0]}'


def _boxed(html: str) -> str:
    """Put code and quotes into cells, which keep bar, background and padding in Word."""
    if "<pre" not in html and "<blockquote" not in html:
        return html
    return _BOX_END.sub(rf"\g<0>{BOX_END}", _BOX.sub(_box, html))


def _box(block: re.Match[str]) -> str:
    name, attributes = block["name"], block["attributes"]
    classes = classes_of(attributes) & BOXES
    if name == "pre":
        return f"{box_start(frozenset({'code'}))}<pre{attributes}>"
    if classes:
        return f"{box_start(classes)}<blockquote{without_class(attributes)}>"
    return f"{box_start(frozenset({'quote'}))}<blockquote{attributes}>"


def _left_to_right(code: re.Match[str]) -> str:
    """Keep the order of code in a text that runs from the right."""
    attributes = code["attributes"]
    if ' dir="' in attributes:
        return code[0]
    return f'<{code["name"]} dir="ltr"{attributes}>'
