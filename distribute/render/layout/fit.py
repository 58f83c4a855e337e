"""Make a clean fragment fit the place where it is read.

Mail is narrow, laid out in tables, and shown by engines that know little; a page must be
usable by keyboard. Works on the output of the sanitiser, which writes every attribute in
double quotes and closes every element.
"""

import re

from distribute.render.layout.rhythm import with_roles

IMAGE_WIDTH = 576
"""Widest image in pixels: the card of 640 less its padding, rounded to what is usual."""

_ATTRIBUTES = r"""(?P<attributes>(?:\s+[^\s"'<>/=]+(?:="[^"]*")?)*)"""
_IMAGE = re.compile(rf"<img{_ATTRIBUTES}\s*/?>")
_CODE = re.compile(rf"<(?P<name>pre|code|kbd|samp){_ATTRIBUTES}>")
_PRE = re.compile(rf"<pre{_ATTRIBUTES}>")
_TABLE = re.compile(rf"<table{_ATTRIBUTES}>|</table>")
_WRITTEN_OUT = re.compile(r'<a(?P<attributes> href="([^"]*)")>(?=(?:\2)</a>)')
_SIZE = re.compile(r'\s+(?P<name>width|height)="(?P<value>[^"]*)"')
_PIXELS = re.compile(r"\s*(\d{1,9})(?:px)?\s*")


def fit_for_mail(html: str) -> str:
    """Give images a width, code its direction, and wide tables room to scroll.

    Captions and headlines are told from other paragraphs, here as on a page.
    """
    html = _IMAGE.sub(_with_width, with_roles(html))
    html = _CODE.sub(_left_to_right, html)
    return _TABLE.sub(_scrolling, html)


def fit_for_page(html: str) -> str:
    """Let what is wider than the page scroll.

    An address that is written out is marked, for on paper one is enough.
    """
    html = _WRITTEN_OUT.sub(r'<a class="address"\g<attributes>>', with_roles(html))
    html = _PRE.sub(r'<pre tabindex="0"\g<attributes>>', html)
    return _TABLE.sub(_scrolling, html)


def _with_width(image: re.Match[str]) -> str:
    """Set the width that Outlook on Windows goes by, which knows no `max-width`.

    An image without a width gets the widest one, and the style sheet gives it back its
    own size everywhere else.
    """
    attributes = image["attributes"]
    sizes = {size["name"]: size["value"] for size in _SIZE.finditer(attributes)}
    pixels = _PIXELS.fullmatch(sizes.get("width", ""))
    if pixels and int(pixels[1]) <= IMAGE_WIDTH:
        return image[0]
    others = _SIZE.sub("", attributes)
    return f'<img{others} width="{IMAGE_WIDTH}">'


def _left_to_right(code: re.Match[str]) -> str:
    """Keep the order of code in a text that runs from the right."""
    attributes = code["attributes"]
    if ' dir="' in attributes:
        return code[0]
    return f'<{code["name"]} dir="ltr"{attributes}>'


def _scrolling(tag: re.Match[str]) -> str:
    """Put a table into a box that scrolls, by keyboard as well (WCAG 2.1.1)."""
    if tag[0] == "</table>":
        return "</table></div>"
    return f'<div class="scroll" tabindex="0">{tag[0]}'
