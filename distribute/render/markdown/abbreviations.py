"""Abbreviations explained once, ``*[HTML]: …``, are marked wherever they stand."""

import re
from collections.abc import Iterator, Mapping

from distribute.render.rewrite import rewrite
from distribute.render.tree import Kind, Node, Tree

_WORD = re.compile(r"\w+|[^\w\s]")


def mark_abbreviations(tree: Tree, meanings: Mapping[str, str]) -> Tree:
    """Wrap each whole word of `meanings` in text into an ABBREVIATION node."""
    if not meanings:
        return tree
    by_start: dict[str, list[str]] = {}
    for word in sorted(meanings, key=len, reverse=True):
        if first := _WORD.match(word):
            by_start.setdefault(first[0], []).append(word)

    def mark(node: Node) -> Iterator[Node]:
        return _marked(node, by_start, meanings)

    return rewrite(tree, mark, only={Kind.TEXT})


def _marked(
    node: Node, by_start: Mapping[str, list[str]], meanings: Mapping[str, str]
) -> Iterator[Node]:
    text, done = node.text, 0
    for match in _WORD.finditer(text):
        if match.start() < done:
            continue
        word = _found(text, match.start(), by_start.get(match[0], ()))
        if not word:
            continue
        if match.start() > done:
            yield Node(kind=Kind.TEXT, text=text[done : match.start()])
        done = match.start() + len(word)
        inside = (Node(kind=Kind.TEXT, text=word),)
        yield Node(kind=Kind.ABBREVIATION, title=meanings[word], children=inside)
    if not done:
        yield node
    elif done < len(text):
        yield Node(kind=Kind.TEXT, text=text[done:])


def _found(text: str, start: int, words: list[str] | tuple[()]) -> str:
    for word in words:
        if text.startswith(word, start):
            after = text[start + len(word) : start + len(word) + 1]
            if not (after.isalnum() and word[-1].isalnum()):
                return word
    return ""
