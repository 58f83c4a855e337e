"""What a post is about, in a sentence or two: for feeds, and for the line in an inbox."""

import re
from collections.abc import Iterator
from itertools import chain

from distribute.render.characters import clean
from distribute.render.cjk import count_cjk, is_cjk
from distribute.render.rewrite import rewrite
from distribute.render.text.line import Lines
from distribute.render.text.wrap import BREAK
from distribute.render.tree import Kind, Node, Tree, walk

_LIMIT = 280
_PREHEADER_LIMIT = 110
_PREHEADER_LIMIT_CJK = 55
_FULL = 0.4
"""What part of the room whole sentences have to fill."""
_ELLIPSIS = "…"
_SENTENCE_END = re.compile(
    r"(?<![.!?…؟۔।])[.!?…؟۔।]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[”’」』）]*", re.UNICODE
)
"""Begins where a run of them begins: to try each of 100,000 exclamation marks would last."""
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:\w|e\.g|i\.e|et al|al|vs|cf|etc|Dr|Mr|Mrs|Ms|Prof|St|No|Nr|Fig|Sr|Sra"
    r"|z\.B|bzw|ca|approx|ör|İng|\w\.\w)\.$"
)
_CREDIT = re.compile(
    r"\b(?:thanks? to|translat(?:ed|ion)|traduit|traduction|traducid|traducción|traduzid"
    r"|tradução|übersetz|çevir|tercüme|guest post|original post|post original)"
    r"|译者|翻译|感谢|翻訳|ترجم|перев[ео]",
    re.IGNORECASE,
)
_LONGEST_CREDIT = 200
_SHORTEST = 40
_SHORTEST_CJK = 14
_LOUD = frozenset({Kind.EMPHASIS, Kind.STRONG})
_UNSPOKEN = frozenset({Kind.IMAGE, Kind.FOOTNOTE_MARK})
_BREAKS = frozenset({Kind.SOFT_BREAK, Kind.LINE_BREAK})
_NOT_PROSE = frozenset(
    {Kind.QUOTE, Kind.TABLE, Kind.FOOTNOTES, Kind.CONTENTS, Kind.DEFINITIONS, Kind.LIST}
)


def excerpt_of(tree: Tree, given: str = "", *, limit: int = _LIMIT) -> str:
    """Take the excerpt that was `given` as plain text, or the first prose of the post.

    Pictures, captions, headings, lists, thanks and lines that are slanted or bold as a
    whole are passed over as long as there is anything else. At most `limit` characters,
    whole sentences where one fits, otherwise cut at a word with an ellipsis.
    """
    text = _folded(given) or _first_prose(tree)
    return shorten(text, limit)


def preheader_of(tree: Tree, given: str = "", excerpt: str = "") -> str:
    """Take what shows behind the subject: what was `given`, the excerpt, or the prose.

    At most 110 characters, or 55 where the writing is Chinese, Japanese or Korean.
    """
    text = _folded(given) or _folded(excerpt) or _first_prose(tree)
    return shorten(text, _PREHEADER_LIMIT_CJK if _is_cjk(text) else _PREHEADER_LIMIT)


def shorten(text: str, limit: int) -> str:
    """Cut a text to at most `limit` characters: after a sentence, or within one.

    >>> shorten("One is short. Two is too long.", 20)
    'One is short.'
    >>> shorten("Nothing ends here at all", 15)
    'Nothing ends…'
    """
    if len(text) <= limit:
        return text
    text = text[: limit + 40]
    whole = max((end for end in _ends(text) if end <= limit), default=0)
    if whole > limit * _FULL:
        return text[:whole].rstrip()
    return _cut(text, limit - len(_ELLIPSIS)) + _ELLIPSIS


def _ends(text: str) -> Iterator[int]:
    """Find where sentences end: not at an abbreviation, not within parentheses."""
    depth, done = 0, 0
    for match in _SENTENCE_END.finditer(text):
        piece = text[done : match.end()]
        depth += sum(map(piece.count, "(（")) - sum(map(piece.count, ")）"))
        done = match.end()
        goes_on = text[done:].lstrip()[:1].islower()
        if depth <= 0 and not goes_on and not _ABBREVIATION.search(text[:done][-12:]):
            yield done


def _cut(text: str, limit: int) -> str:
    """Cut before a word, or within East Asian writing before any of its characters."""
    end = limit
    while end > limit // 2 and not (
        text[end].isspace() or is_cjk(text[end]) or is_cjk(text[end - 1])
    ):
        end -= 1
    if end <= limit // 2:
        end = limit
    return text[:end].rstrip(" ,;:、，；：-–—(（「“\u200d")


def _first_prose(tree: Tree) -> str:
    """Find the first paragraph that is prose; failing that, any with words."""
    for paragraph in _paragraphs(tree):
        text = _words(paragraph)
        if _is_prose(paragraph, text):
            return text
    others = (node for node in walk(tree) if node.kind is Kind.PLAIN)
    return next(filter(None, map(_words, chain(_paragraphs(tree), others))), "")


def _paragraphs(tree: Tree) -> Iterator[Node]:
    for block in tree:
        if block.kind is Kind.PARAGRAPH:
            yield block
    for block in tree:
        if block.kind in _NOT_PROSE:
            yield from (node for node in walk((block,)) if node.kind is Kind.PARAGRAPH)


def _words(paragraph: Node) -> str:
    """Write a paragraph without its pictures, marks of footnotes and run-in heading."""
    shown = rewrite(paragraph.children, lambda _: (), only=_UNSPOKEN)
    if len(shown) > 2 and shown[0].kind in _LOUD and shown[1].kind in _BREAKS:
        shown = shown[2:]
    return _folded(Lines(()).write(shown, numbered=False).replace(BREAK, " "))


def _is_prose(paragraph: Node, text: str) -> bool:
    shortest = _SHORTEST_CJK if _is_cjk(text) else _SHORTEST
    if len(text) < shortest or not _SENTENCE_END.search(text):
        return False
    if len(text) <= _LONGEST_CREDIT and _CREDIT.search(text):
        return False
    return any(
        node.kind is Kind.TEXT and any(map(str.isalpha, node.text))
        for node in paragraph.children
    )


def _folded(text: str) -> str:
    return " ".join(clean(text).split())


def _is_cjk(text: str) -> bool:
    return not text.isascii() and 3 * count_cjk(text) > len(text)
