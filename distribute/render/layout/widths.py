"""How wide an image is in a mail, where its size is not its own.

Outlook on Windows goes by the attribute and knows no `max-width`; everybody else goes by
the style sheet, which lets no image be wider than its place.
"""

import re

from distribute.render.layout.pieces import IMAGE, LARGEST_ICON, classes_of, pixels_of

_SIZE = re.compile(r'\s+(?P<name>width|height)="(?P<value>[^"]*)"')
_PERCENT = re.compile(r"\s*+(\d{1,3})(?:\.\d{1,9})?\s*+%\s*+")
_UNIT = re.compile(r'(\s(?:width|height)="\s*+\d++)px(?=\s*+")')
"""Which these attributes do not have in the HTML Standard; Word need not know it."""
_WHOLE = 100
_IN_LINE = "display:inline;vertical-align:middle"


def with_width(html: str, room: int, *, filled: bool = False) -> str:
    """Give the images of a fragment widths that fit into `room` pixels.

    One whose size nobody knows takes all of the room in Outlook, and elsewhere no more
    than it has itself, unless it is to be `filled`. Icons stay in their line. An image
    that has a style has been here before.
    """
    return IMAGE.sub(
        lambda image: _sized(image[0], image[1], room, filled=filled), html
    )


def _sized(image: str, attributes: str, room: int, *, filled: bool) -> str:
    if ' style="' in attributes:
        return image
    sizes = {size["name"]: size["value"] for size in _SIZE.finditer(attributes)}
    width, others = sizes.get("width", ""), _SIZE.sub("", attributes)
    is_wide, pixels = "wide" in classes_of(attributes), pixels_of(width)
    if pixels is not None and not is_wide and (pixels <= room or not filled):
        height = pixels_of(sizes.get("height", ""))
        return _of_pixels(attributes, others, (pixels, height), room)
    if is_wide or filled:
        return f'<img{others} width="{room}" style="width:100%">'
    if not width and (height := pixels_of(sizes.get("height", ""))):
        style = f"width:auto;max-height:{height}px"
        return f'<img{others} height="{height}" style="{style}">'
    shown, share = _share(width, room)
    return f'<img{others} width="{shown}" style="width:{share}">'


def _share(width: str, room: int) -> tuple[int, str]:
    """Tell how much of the room an author's percentage is; without one, all of it."""
    percent = _PERCENT.fullmatch(width)
    if percent is None or not 0 < int(percent[1]) <= _WHOLE:
        return room, "auto"
    return max(1, room * int(percent[1]) // _WHOLE), f"{percent[1]}%"


def _of_pixels(
    attributes: str, others: str, size: tuple[int, int | None], room: int
) -> str:
    width, height = size
    attributes = _UNIT.sub(r"\1", attributes)
    if width <= LARGEST_ICON:
        return f'<img{attributes} style="{_IN_LINE}">'
    if width <= room:
        return f"<img{attributes}>"
    shown = f' height="{max(1, round(height * room / width))}"' if height else ""
    return f'<img{others} width="{room}"{shown}>'
