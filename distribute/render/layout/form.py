"""What paragraphs can become, wherever they are read.

`distribute.render.layout.arrange` finds out what an author means; a form writes it, for
a page or for mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from distribute.render.layout.pieces import Picture


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `attributes` are those without the class."""

    inner: str
    classes: frozenset[str] = frozenset()
    attributes: str = ""
    depth: int = 0
    """How many lists and quotes it is in."""


@dataclass(frozen=True, slots=True)
class Column:
    """One of the pictures in a row."""

    picture: Picture
    caption: str = ""


class Form(Protocol):
    """How arranged paragraphs are written."""

    def figure(self, paragraph: Paragraph, pictures: str, caption: str) -> str:
        """Write pictures, which may have a caption."""

    def row(self, paragraph: Paragraph, columns: Sequence[Column], caption: str) -> str:
        """Write two to four pictures side by side."""

    def media(
        self, paragraph: Paragraph, picture: Picture, words: str, *, first: bool
    ) -> str:
        """Write a picture beside a text: at the side where lines begin, or at the other."""

    def buttons(self, paragraph: Paragraph, links: Sequence[str]) -> str:
        """Write a paragraph that is buttons and nothing else."""

    def box(self, paragraph: Paragraph) -> str:
        """Write a paragraph that is set apart: a note, a tip, a warning."""
