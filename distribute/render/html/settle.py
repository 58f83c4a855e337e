"""Raw HTML that authors write: turned into our own nodes where we have one, or tamed.

A browser lets one stray tag eat the rest of a page: ``<!--``, ``<script>`` and
``<textarea>`` without an end, or ``<multilingual model>``, which is no tag at all. So
each piece of raw HTML is settled before it meets the others.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from pathlib import PurePath

from distribute.finding import Finding, Severity
from distribute.render.glance import inventory
from distribute.render.html.tags import attributes_of
from distribute.render.markdown.elements import (
    NOT_FOR_READERS,
    TAG,
    VOID,
    is_markup,
    without_comments,
)
from distribute.render.rewrite import rewrite, rewrite_siblings
from distribute.render.tree import Kind, Node, Tree

_BLOCKS = frozenset({Kind.HTML_BLOCK})
_RAW = _BLOCKS | {Kind.HTML}
_FRAMES = frozenset({"iframe", "embed"})
_DEEPEST = 100
"""Elements in each other; browsers and mail programs give up not far beyond."""
_FLAT = VOID | {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot"}
"""Elements that have no end, or whose end may be left out."""


def settle_html(tree: Tree, *, path: PurePath) -> tuple[Tree, tuple[Finding, ...]]:
    """Turn raw HTML into nodes where there are such, and make the rest harmless.

    Links, images and line breaks become LINK, IMAGE and LINE_BREAK. Scripts and the
    like go, with a finding; an embedded frame becomes a link to what it shows. What is
    no HTML element is text, and so it is shown.
    """
    if _RAW.isdisjoint(inventory(tree)):
        return tree, ()
    settling = _Settling(path)
    inline = rewrite_siblings(tree, settling.siblings)
    return rewrite(inline, settling.block, only=_BLOCKS), tuple(settling.findings)


class _Settling:
    def __init__(self, path: PurePath) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self.depth = 0

    def siblings(self, parent: Node, run: Tree) -> Iterable[Node]:
        """Settle the tags in one run of siblings."""
        if not any(node.kind is Kind.HTML for node in run):
            return run
        return _paired(self._visible(run, parent.line))

    def block(self, node: Node) -> Iterable[Node]:
        """Settle a block of raw HTML."""
        return (replace(node, text=self._settled(node.text, node.line)),)

    def _visible(self, run: Tree, line: int) -> Iterator[Node]:
        """Leave out what readers shall not see, and show what is no tag."""
        ends = _last_ends((index, node.text) for index, node in enumerate(run))
        hidden = ""
        for index, node in enumerate(run):
            tag = _tag(node)
            name = tag["name"].lower() if tag else ""
            if hidden:
                hidden = "" if tag and tag["end"] and name == hidden else hidden
            elif node.kind is not Kind.HTML:
                yield node
            elif tag and name in NOT_FOR_READERS | _FRAMES:
                alone = tag.end() == len(node.text)
                closed = alone and ends.get(name, -1) > index
                hidden = self._hide(tag, line, closed=closed)
                if source := attributes_of(tag).get("src") if name in _FRAMES else None:
                    yield _link(source, node.line or line)
            elif not node.text.startswith("<!--"):
                known = tag is not None and is_markup(tag)
                yield node if known else replace(node, kind=Kind.TEXT)

    def _settled(self, html: str, line: int) -> str:
        text = without_comments(html)
        tags = list(TAG.finditer(text))
        ends = _last_ends((tag.start(), tag[0]) for tag in tags)
        pieces, done, hidden = [], 0, ""
        for tag in tags:
            name = tag["name"].lower()
            if not hidden:
                pieces.append(_escaped(text[done : tag.start()]))
            done = tag.end()
            if hidden:
                hidden = "" if tag["end"] and name == hidden else hidden
            elif name in NOT_FOR_READERS | _FRAMES:
                at = line + text.count("\n", 0, tag.start()) if line else 0
                closed = ends.get(name, -1) > tag.start()
                hidden = self._hide(tag, at, closed=closed)
                pieces.append(_frame_link(tag, name))
            else:
                pieces.append(tag[0] if self._fits(tag, line) else escape(tag[0]))
        return "".join(pieces) + _escaped(text[done:])

    def _fits(self, tag: re.Match[str], line: int) -> bool:
        """Tell whether a tag of a block may stand; count how deep it leads."""
        name = tag["name"].lower()
        if not is_markup(tag):
            return False
        if name not in _FLAT and not tag["empty"]:
            self.depth = max(self.depth + (-1 if tag["end"] else 1), 0)
        if self.depth == _DEEPEST + 1:
            message = f"<{name}> is nested too deeply"
            self._report("html-deep", message, line, tag[0])
        return self.depth <= _DEEPEST

    def _hide(self, tag: re.Match[str], line: int, *, closed: bool) -> str:
        """Report a tag that goes; return the element whose content goes with it."""
        name = tag["name"].lower()
        if tag["end"]:
            return ""
        message = f"<{name}> is left out; feeds and e-mails cannot carry it"
        self._report("html-dropped", message, line, tag[0])
        return name if closed and name in NOT_FOR_READERS else ""

    def _report(self, rule: str, message: str, line: int, words: str) -> None:
        self.findings.append(
            Finding(
                rule=rule,
                severity=Severity.WARNING,
                message=message,
                path=self.path,
                line=line,
                hint="Write a link to what it shows, or remove it.",
                words=words.partition("\n")[0],
            )
        )


def _paired(nodes: Iterable[Node]) -> Tree:
    """Make links of ``<a>`` and ``</a>``, and images and breaks of their tags."""
    made: list[Node] = []
    opened: int | None = None
    for node in nodes:
        tag = _tag(node)
        name = tag["name"].lower() if tag else ""
        if tag is None or name not in {"a", "img", "br"}:
            made.append(node)
        elif name == "br":
            made.append(Node(kind=Kind.LINE_BREAK))
        elif name == "img":
            made.append(_image(tag, node.line))
        elif not tag["end"]:
            opened = len(made)
            made.append(node)
        elif opened is not None:
            made[opened:] = _linked(made[opened], made[opened + 1 :])
            opened = None
    return tuple(made)


def _linked(start: Node, inside: list[Node]) -> list[Node]:
    tag = _tag(start)
    attributes = attributes_of(tag) if tag else {}
    if "href" not in attributes:
        return [start, *inside, Node(kind=Kind.HTML, text="</a>")]
    return [
        Node(
            kind=Kind.LINK,
            url=attributes["href"],
            title=attributes.get("title", ""),
            line=start.line,
            children=tuple(inside),
        )
    ]


def _tag(node: Node) -> re.Match[str] | None:
    """Read the tag that a node is; one may hold an element with raw content whole."""
    tag = TAG.match(node.text) if node.kind is Kind.HTML else None
    if tag is None or tag.end() == len(node.text):
        return tag
    return tag if tag["name"].lower() in NOT_FOR_READERS else None


def _image(tag: re.Match[str], line: int) -> Node:
    attributes = attributes_of(tag)
    return Node(
        kind=Kind.IMAGE,
        url=attributes.get("src", ""),
        alt=attributes.get("alt", ""),
        title=attributes.get("title", ""),
        line=line,
        attributes=tuple(
            (name, attributes[name])
            for name in ("width", "height", "align")
            if name in attributes
        ),
    )


def _link(url: str, line: int) -> Node:
    text = Node(kind=Kind.TEXT, text=url)
    return Node(kind=Kind.LINK, url=url, line=line, children=(text,))


def _frame_link(tag: re.Match[str], name: str) -> str:
    source = escape(attributes_of(tag).get("src", "")) if name in _FRAMES else ""
    return f'<p><a href="{source}">{source}</a></p>' if source else ""


def _last_ends(tags: Iterable[tuple[int, str]]) -> dict[str, int]:
    """Find where each element is closed for the last time."""
    return {
        text[2:].rstrip("> \t\n").lower(): place
        for place, text in tags
        if text.startswith("</")
    }


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;")
