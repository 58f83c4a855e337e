"""The style sheets of mails as they are written: which there are, and where they stand."""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import NamedTuple

from distribute.render.theme.theme import Theme

_STYLE = re.compile(r"<style\b(?P<how>[^>]*)>(?P<css>.*?)</style", re.I | re.S)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
"""Of Jinja."""
_FILE = re.compile(r"""["'](email/[\w./-]+\.css)["']""")


class Written(NamedTuple):
    """A style sheet in a file of the theme."""

    path: PurePath
    css: str
    """Behind as many empty lines as there are before it in the file."""
    is_kept: bool
    """Whether it stays a sheet, or is inlined."""


def sheets_of(theme: Theme) -> Iterator[Written]:
    """Give what stands in each ``<style>`` of a mail's templates, and what it asks for.

    What is for Outlook alone, in a comment, is left out.
    """
    names = (n for n in theme.files if n.startswith("email/") and n.endswith(".html"))
    for template in names:
        path, text = theme.files[template].path, theme.files[template].text
        for style in _STYLE.finditer(_COMMENT.sub(_blank, text)):
            is_kept = "ignore" in style["how"]
            above = "\n" * text.count("\n", 0, style.start("css"))
            yield Written(path, above + _CODE.sub(_blank, style["css"]), is_kept)
            for name in _FILE.findall(style["css"]):
                if name in theme.files:
                    file = theme.files[name]
                    yield Written(file.path, file.text, is_kept)


def _blank(match: re.Match[str]) -> str:
    """Leave as much as there was, line by line."""
    return re.sub(r"[^\n]", " ", match[0])
