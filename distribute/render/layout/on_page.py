"""Arranged paragraphs as a page of the archive has them; its style sheet does the rest."""

from collections.abc import Sequence

from distribute.render.layout.form import Column, Paragraph
from distribute.render.layout.pieces import SIDES, Picture, picture_of


class OnPage:
    """The form of pages."""

    def figure(self, paragraph: Paragraph, pictures: str, caption: str) -> str:
        """Write pictures, which may have a caption, where their author puts them."""
        side = picture_of(pictures).side
        classes = paragraph.classes | ({side} if side else set())
        return _figure(paragraph, classes - {"row"}, pictures, caption)

    def row(self, paragraph: Paragraph, columns: Sequence[Column], caption: str) -> str:
        """Write pictures side by side."""
        cells = "".join(map(_cell, columns))
        inner = f'<div class="columns">{cells}</div>'
        return _figure(paragraph, paragraph.classes | {"row"}, inner, caption)

    def media(
        self, paragraph: Paragraph, picture: Picture, words: str, *, first: bool
    ) -> str:
        """Write a picture beside a text."""
        classes = (paragraph.classes - SIDES) | {"media"}
        text = f"<p>{words}</p>"
        both = f"{picture.html}{text}" if first else f"{text}{picture.html}"
        return f"<div{_class(classes)}{paragraph.attributes}>{both}</div>"

    def buttons(self, paragraph: Paragraph, links: Sequence[str]) -> str:
        """Leave buttons as they are, but apart from each other."""
        classes = (paragraph.classes - {"button"}) | {"buttons"}
        whole = {"button"} & paragraph.classes
        inner = " ".join(links)
        return f"<p{_class(classes | whole)}{paragraph.attributes}>{inner}</p>"

    def box(self, paragraph: Paragraph) -> str:
        """Leave a note as it is."""
        classes = _class(paragraph.classes)
        return f"<p{classes}{paragraph.attributes}>{paragraph.inner}</p>"


def _figure(
    paragraph: Paragraph, classes: frozenset[str] | set[str], inner: str, caption: str
) -> str:
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f"<figure{_class(classes)}{paragraph.attributes}>{inner}{below}</figure>"


def _cell(column: Column) -> str:
    if not column.caption:
        return f"<div>{column.picture.html}</div>"
    caption = f"<figcaption>{column.caption}</figcaption>"
    return f"<figure>{column.picture.html}{caption}</figure>"


def _class(classes: frozenset[str] | set[str]) -> str:
    return f' class="{" ".join(sorted(classes))}"' if classes else ""
