"""Blocks of raw HTML: kramdown's rule, which ends them at the matching tag."""

import re
from dataclasses import dataclass

from distribute.render.markdown.elements import TAG, VOID, is_block, is_markup

_SWALLOWING = frozenset(
    {"script", "style", "textarea", "title", "iframe", "noscript", "noframes", "select"}
)
"""Without an end these would swallow the rest of the page, so they are shown as text."""
_BLANK_LINE = re.compile(r"^[ \t]*$", re.MULTILINE)
_LINE_END = re.compile(r"[ \t]*(?:\n|$)")
_NO_BLANK = re.compile(r"[^ \t]")
_MARKDOWN = re.compile(r"\smarkdown\s*=\s*[\"']?(?:1|block|span)[\"']?(?=[\s>/])")


@dataclass(frozen=True, slots=True)
class Element:
    """An element in the source; a tag without a partner has no `close`."""

    opening: re.Match[str]
    close: int
    end: int

    @property
    def holds_markdown(self) -> bool:
        """Tell whether the author asked for Markdown inside, with ``markdown="1"``."""
        return bool(self.close and _MARKDOWN.search(self.opening[0]))

    @property
    def opening_tag(self) -> str:
        """Write the tag without what only kramdown understands."""
        return _MARKDOWN.sub("", self.opening[0])


class HtmlBlocks:
    """Finds where the elements of one source end; each kind is paired once."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._ends: dict[str, dict[int, tuple[int, int]]] = {}

    def element_at(self, position: int) -> Element | None:
        """Find the block element that begins at a tag, if one does."""
        tag = TAG.match(self._source, position)
        name = tag["name"].lower() if tag else ""
        if tag is None or not is_block(name) or not is_markup(tag):
            return None
        if tag["end"] or tag["empty"] or name in VOID:
            return Element(tag, 0, tag.end())
        if pair := self._pairs(name).get(tag.start()):
            return Element(tag, *pair)
        if name in _SWALLOWING:
            return None
        blank = _BLANK_LINE.search(self._source, tag.end())
        return Element(tag, 0, blank.start() if blank else len(self._source))

    def end_of_run(self, element: Element) -> int:
        """Find the end of the elements that follow each other without text between."""
        end = element.end
        while True:
            if rest := _LINE_END.match(self._source, end):
                return rest.end()
            word = _NO_BLANK.search(self._source, end)
            following = self.element_at(word.start()) if word else None
            if following is None or following.holds_markdown:
                return end
            end = following.end

    def _pairs(self, name: str) -> dict[int, tuple[int, int]]:
        if name not in self._ends:
            self._ends[name] = dict(_paired(self._source, name))
        return self._ends[name]


def _paired(source: str, name: str) -> list[tuple[int, tuple[int, int]]]:
    """Pair the tags of one element; those without a partner are left out."""
    pairs = []
    opened = []
    for start in re.compile(rf"</?{name}(?=[\s/>])", re.IGNORECASE).finditer(source):
        tag = TAG.match(source, start.start())
        if tag is None or tag["empty"]:
            continue
        if not tag["end"]:
            opened.append(tag.start())
        elif opened:
            pairs.append((opened.pop(), (tag.start(), tag.end())))
    return pairs
