"""kramdown's attribute lists: ``{: #id .class key="value"}`` behind what they adorn.

A list on a line of its own belongs to the block it touches; one that follows a span
belongs to the span. ``{:name: …}`` gives a list a name that others may mention.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

from distribute.render.tree import Node

NAMED = re.compile(r"\{:([A-Za-z0-9_][\w-]*):([^\n]*)\}")
"""The definition of a name."""
_ENTRY = re.compile(
    r"([A-Za-z_][\w:.-]*)=(?:\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)')"
    r"|((?:[#.][^\s.#]+)+)|([\w-]+)"
)
_PART = re.compile(r"([#.])([^\s.#]+)")
_MOST = 32
"""A list has no more entries than this; the rest is no author's work."""
_RESERVED = frozenset({"href", "src", "id", "class", "title", "alt"})
_SAFE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_:.-]*")


@dataclass(frozen=True, slots=True)
class Attributes:
    """What one attribute list says; `names` are those of other lists."""

    id: str = ""
    classes: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()

    def with_more(self, other: "Attributes") -> "Attributes":
        """Add another list to this one; its id and values win."""
        return Attributes(
            other.id or self.id,
            tuple(dict.fromkeys(self.classes + other.classes))[:_MOST],
            tuple((dict(self.pairs) | dict(other.pairs)).items())[:_MOST],
            tuple(dict.fromkeys(self.names + other.names))[:_MOST],
        )


def read_attributes(text: str) -> Attributes:
    """Read what stands between ``{:`` and ``}``; what makes no sense is left out.

    >>> read_attributes(' #top .wide lang="tr" toc')
    Attributes(id='top', classes=('wide',), pairs=(('lang', 'tr'),), names=('toc',))
    """
    id_ = ""
    classes: list[str] = []
    pairs: list[tuple[str, str]] = []
    names: list[str] = []
    for entry in islice(_ENTRY.finditer(text), _MOST):
        key, double, single, marks, name = entry.groups(default="")
        if key:
            pairs.append((key, re.sub(r"\\(.)", r"\1", double or single)))
        elif name:
            names.append(name)
        for mark, value in _PART.findall(marks):
            if mark == "#":
                id_ = value
            else:
                classes.append(value)
    return Attributes(id_, tuple(classes), tuple(pairs), tuple(names))


def adorn(node: Node, text: str, named: Mapping[str, Attributes]) -> Node:
    """Give a node the attributes of a list; later ones win, classes add up."""
    own = read_attributes(text)
    for name in own.names:
        if name in named:
            node = _adorned(node, named[name])
    return _adorned(node, own)


def _adorned(node: Node, found: Attributes) -> Node:
    pairs = dict(node.attributes)
    given = dict(found.pairs)
    classes = (*node.classes, *found.classes, *given.get("class", "").split())
    for name, value in found.pairs:
        if name.lower() not in _RESERVED and _SAFE_NAME.fullmatch(name):
            pairs[name] = value
    return replace(
        node,
        id=found.id or given.get("id", "") or node.id,
        title=given.get("title", node.title),
        alt=given.get("alt", node.alt),
        classes=tuple(dict.fromkeys(classes)),
        attributes=tuple(pairs.items()),
    )
