"""Find out what a paragraph is for: a figure, a row of pictures, buttons.

Markdown has none of them. A picture with a slanted line under it is a figure; two to four
pictures and nothing else are a row; one that is sent to a side, or whose paragraph is
``{: .media}``, stands beside its text; links that are ``{: .button}`` are buttons.
"""

import re
from collections.abc import Iterator, Sequence

from distribute.render.layout.captions import is_caption
from distribute.render.layout.depth import Depth
from distribute.render.layout.form import Form, Paragraph
from distribute.render.layout.pictures import with_pictures
from distribute.render.layout.pieces import (
    ATTRIBUTES,
    BOXES,
    LINK,
    classes_of,
    trimmed,
    without_class,
)

_INNER = r"[^<]*+(?:<(?!/?p\b)[^<]*+)*+"
"""What a paragraph can hold: all but the tags of another."""
_PARAGRAPH = re.compile(rf"<p(?P<attributes>{ATTRIBUTES})>(?P<inner>{_INNER})</p>")
_CAPTION = re.compile(rf'\s*+<p(?: class="caption")?>(?P<inner>{_INNER})</p>')
_BUTTON = "button"
_PLAY = "\u25b6"
"""Begins the link to a video."""
_MARKS = ("<img", ' class="', f">{_PLAY}")
"""One of them is in every paragraph that is not plain text."""


def arrange(html: str, form: Form) -> str:
    """Write the paragraphs of a clean fragment as what they are meant to be.

    Not for what stands in a table of data, which is narrow enough.
    """
    out: list[str] = []
    end = 0
    depth = Depth(html)
    for found in _suspects(html):
        if found.start() < end:
            continue  # a caption that is written already
        paragraph = Paragraph(
            inner=found["inner"],
            classes=classes_of(found["attributes"]),
            attributes=without_class(found["attributes"]),
            depth=depth.at(found.start()),
        )
        below = _caption_below(html, found)
        arranged = _arranged(paragraph, form, below["inner"].strip() if below else "")
        if arranged is not None:
            written, takes_below = arranged
            out += html[end : found.start()], written
            end = below.end() if below and takes_below else found.end()
    return "".join([*out, html[end:]])


def _suspects(html: str) -> Iterator[re.Match[str]]:
    """Find the paragraphs that may be more than text, by what is in them.

    There are few; to read all the others would take longer than all else.
    """
    floor = 0
    places = (place for sign in _MARKS for place in _places(html, sign))
    for mark in sorted(places):
        if mark < floor:
            continue
        start = html.rfind("<p", floor, mark)
        found = _PARAGRAPH.match(html, start) if start >= 0 else None
        floor = mark
        if found and found.end() > mark:
            yield found
            floor = found.end()


def _places(html: str, mark: str) -> Iterator[int]:
    place = html.find(mark)
    while place >= 0:
        yield place
        place = html.find(mark, place + 1)


def _caption_below(html: str, paragraph: re.Match[str]) -> re.Match[str] | None:
    if "<img" not in paragraph["inner"]:
        return None
    below = _CAPTION.match(html, paragraph.end())
    return below if below and is_caption(below["inner"]) else None


def _arranged(paragraph: Paragraph, form: Form, below: str) -> tuple[str, bool] | None:
    """Write a paragraph, and tell whether the caption below it is in it."""
    links = _buttons(paragraph)
    if links:
        return form.buttons(paragraph, links), False
    if "<img" in paragraph.inner:
        return with_pictures(paragraph, form, below)
    if paragraph.classes & BOXES:
        return form.box(paragraph), False
    return None


def _buttons(paragraph: Paragraph) -> Sequence[str]:
    """List the links of a paragraph that is buttons and nothing else, or a video."""
    inner = paragraph.inner
    whole = _BUTTON in paragraph.classes
    if not (whole or _BUTTON in inner or _PLAY in inner) or trimmed(
        LINK.sub("", inner)
    ):
        return ()
    links = list(LINK.finditer(inner))
    if whole or all(_BUTTON in classes_of(link["attributes"]) for link in links):
        return [link[0] for link in links]
    return [_video(links[0])] if _is_video(links) else ()


def _is_video(links: Sequence[re.Match[str]]) -> bool:
    return len(links) == 1 and links[0]["words"].startswith(_PLAY)


def _video(link: re.Match[str]) -> str:
    others = without_class(link["attributes"])
    return f'<a class="button secondary"{others}>{link["words"]}</a>'
