"""What a finished mail makes use of, in the words in which facts are looked up."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from distribute.checks.mail.markup import Element, Markup
from distribute.checks.styles.sheet import declarations_of, parse_sheet

_SUFFIX = re.compile(r"\.([A-Za-z0-9]{2,5})$")

Uses = Mapping[str, Mapping[str, str]]
"""By the kind of a fact: what is used, and the same as it is written."""


def uses_of(markup: Markup) -> Uses:
    """List what a mail uses, each once; see `distribute.checks.styles.facts.Fact.kind`.

    What a sheet declares that is still one is no use: it adds to what is in the elements,
    for those programs that read it.
    """
    uses: dict[str, dict[str, str]] = {
        "declaration": {},
        "at": {},
        "selector": {},
        "element": {},
        "image": {},
    }
    for css in markup.sheets:
        for kind, found in _of_sheet(css).items():
            uses[kind].update(found)
    for style in dict.fromkeys(each.get("style") for each in markup.elements):
        uses["declaration"].update(_of_style(style))
    for element in markup.elements:
        name = element.name
        uses["element"].setdefault(f"<{name}>", f"<{name}")
        for attribute in element.attributes:
            uses["element"].setdefault(f"<{name} {attribute}>", f"<{name} {attribute}")
        if name == "img":
            uses["image"].update(_pictures(element))
    return uses


@lru_cache(maxsize=16)
def _of_sheet(css: str) -> Uses:
    sheet = parse_sheet(css)
    selectors = (selector for block in sheet.blocks for selector in block.selectors)
    return {
        "at": {at.words: at.words for at in sheet.at_rules},
        "selector": {selector: selector for selector in selectors},
    }


@lru_cache(maxsize=1024)
def _of_style(style: str) -> Mapping[str, str]:
    return {str(each): each.words for each in declarations_of(style)}


def _pictures(element: Element) -> Iterator[tuple[str, str]]:
    """Name the format of a picture by its address."""
    url = element.get("src")
    if url[:5].lower() == "data:":
        yield "data:", url[:30]
    elif suffix := _SUFFIX.search(_path(url)):
        yield suffix[1].lower(), url


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
