"""Make a clean fragment fit the place where it is read.

Mail is narrow, laid out in tables, and shown by engines that know little; a page must be
usable by keyboard. Works on the output of the sanitiser, which writes every attribute in double quotes and
closes every element.
"""

import re

IMAGE_WIDTH = 576
"""Widest image in pixels: the card of 640 less its padding, rounded to what is usual."""

_ATTRIBUTES = r"""(?P<attributes>(?:\s+[^\s"'<>/=]+(?:="[^"]*")?)*)"""
_IMAGE = re.compile(rf"<img{_ATTRIBUTES}\s*/?>")
_CODE = re.compile(rf"<(?P<name>pre|code|kbd|samp){_ATTRIBUTES}>")
_PRE = re.compile(rf"<pre{_ATTRIBUTES}>")
_TABLE = re.compile(rf"<table{_ATTRIBUTES}>|</table>")
_SIZE = re.compile(r'\s+(?P<name>width|height)="(?P<value>[^"]*)"')
_PIXELS = re.compile(r"\s*(\d{1,9})(?:px)?\s*")


def fit_for_mail(html: str) -> str:
    """Give images a width, code its direction, and wide tables room to scroll."""
    html = _IMAGE.sub(_with_width, html)
    html = _CODE.sub(_left_to_right, html)
    return _TABLE.sub(lambda tag: _scrolling(tag, '<div class="scroll">'), html)


def fit_for_page(html: str) -> str:
    """Let what is wider than the page scroll, by keyboard as well (WCAG 2.1.1)."""
    html = _PRE.sub(r'<pre tabindex="0"\g<attributes>>', html)
    box = '<div class="scroll" tabindex="0">'
    return _TABLE.sub(lambda tag: _scrolling(tag, box), html)


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


def _scrolling(tag: re.Match[str], box: str) -> str:
    return "</table></div>" if tag[0] == "</table>" else f"{box}{tag[0]}"
