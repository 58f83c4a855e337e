"""Sizes for the newsletter's own pictures, so that a page does not jump as they come in.

A browser that knows width and height keeps the room free; the style sheet makes both
smaller where the page is narrow. Works on the output of the sanitiser.
"""

import re
from html import escape, unescape

from distribute.editions.files import asset_of
from distribute.editions.publication import Publication
from distribute.render.layout.pieces import IMAGE, pixels_of

_SOURCE = re.compile(r'\ssrc="(?P<url>[^"]*)"')
_SIDE = re.compile(r'\s+(?P<name>width|height)="\s*(?P<value>[^"]*?)\s*"')


def with_sizes(html: str, publication: Publication) -> str:
    """Write width and height on the pictures whose size is known.

    Where the author gave one side in pixels, the other follows from it; both, or sides in
    any other unit, stay as they are.
    """
    if f' src="{escape(publication.url, quote=False)}/' not in html:
        return html

    def sized(image: re.Match[str]) -> str:
        attributes = image["attributes"]
        source = _SOURCE.search(attributes)
        asset = asset_of(unescape(source["url"]), publication) if source else None
        if asset is None or not asset.width:
            return image[0]
        written = {side["name"]: side["value"] for side in _SIDE.finditer(attributes)}
        sides = _sides(written, asset.width, asset.height)
        if sides is None:
            return image[0]
        others = _SIDE.sub("", attributes)
        return f'<img{others} width="{sides[0]}" height="{sides[1]}">'

    return IMAGE.sub(sized, html)


def _sides(written: dict[str, str], width: int, height: int) -> tuple[int, int] | None:
    """Complete what the author wrote; nothing if that is complete, or no pixels."""
    if not written:
        return width, height
    (name, value), *more = written.items()
    pixels = pixels_of(value)
    if more or pixels is None:
        return None
    if name == "width":
        return pixels, max(1, round(pixels * height / width))
    return max(1, round(pixels * width / height)), pixels
