"""A style sheet taken apart, each piece with its line; it need not be a good one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_END = r"(?=\n)|\\?\Z"
_QUOTED = (
    rf""""(?:[^"\\\n]|\\[\s\S])*+(?:"|{_END})|'(?:[^'\\\n]|\\[\s\S])*+(?:'|{_END})"""
)
"""A string; one that is not closed ends with its line (CSS Syntax 3, bad-string)."""
_COMMENT = re.compile(rf"({_QUOTED})|/\*.*?(?:\*/|\Z)", re.DOTALL)
_PIECE = re.compile(rf"(?:{_QUOTED}|\([^()]*\)|[^{{}};\"'])*+(?P<edge>[{{}};]|\Z)")
_COMMA = re.compile(rf"(?:{_QUOTED}|\([^()]*\)|\[[^\[\]]*\]|[^,])+")
_DEEPEST = 8
"""At-rules in one another that are told apart."""
_IMPORTANT = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Declaration:
    """A property and its value."""

    name: str
    value: str
    """Without what makes it important."""
    important: bool
    line: int
    words: str
    """As it is written, its first line."""

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


@dataclass(frozen=True, slots=True)
class Block:
    """Declarations, and what they are for."""

    selectors: tuple[str, ...]
    declarations: tuple[Declaration, ...]
    within: tuple[str, ...]
    """The at-rules around it, the outermost first: ``@media (max-width:600px)``."""
    line: int


@dataclass(frozen=True, slots=True)
class AtRule:
    """The beginning of a rule such as ``@media``."""

    words: str
    depth: int
    """How many blocks are around it."""
    line: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A style sheet, in the order in which it is written."""

    blocks: tuple[Block, ...]
    at_rules: tuple[AtRule, ...]


@dataclass(slots=True)
class _Open:
    """A block that has not ended yet."""

    prelude: str
    line: int
    within: tuple[str, ...]
    """The at-rules around it, and itself if it is one."""
    declarations: list[Declaration]


@lru_cache(maxsize=64)
def parse_sheet(css: str) -> Sheet:
    """Take a style sheet apart; what was asked for lately is remembered."""
    blocks: list[Block] = []
    at_rules: list[AtRule] = []
    stack: list[_Open] = []
    for words, edge, line in _pieces(_COMMENT.sub(_without_comment, css)):
        if words.startswith("@"):
            at_rules.append(AtRule(words, len(stack), line))
        if edge == "{":
            stack.append(_opened(words, line, stack))
            continue
        if stack and ":" in words and not words.startswith("@"):
            stack[-1].declarations.append(_declaration(words, line))
        if edge == "}" and stack:
            blocks.append(_closed(stack))
    while stack:
        blocks.append(_closed(stack))
    found = (block for block in blocks if block.declarations)
    return Sheet(tuple(sorted(found, key=lambda block: block.line)), tuple(at_rules))


def declarations_of(style: str) -> tuple[Declaration, ...]:
    """Take the value of a ``style`` attribute apart.

    >>> [str(each) for each in declarations_of("color:#123456;margin:0 auto")]
    ['color: #123456', 'margin: 0 auto']
    """
    pieces = _pieces(style)
    return tuple(_declaration(words, line) for words, _, line in pieces if ":" in words)


def _without_comment(match: re.Match[str]) -> str:
    return match[1] or "\n" * match[0].count("\n")


def _pieces(css: str) -> Iterator[tuple[str, str, int]]:
    """Cut at braces and semicolons; yields words, what ends them, and their line."""
    at, line = 0, 1
    while at < len(css):
        piece = _PIECE.match(css, at)
        if piece is None:
            return
        text, words = piece[0], piece[0][: -1 if piece["edge"] else None]
        start = len(words) - len(words.lstrip())
        yield words.strip(), piece["edge"], line + words.count("\n", 0, start)
        line += text.count("\n")
        at = max(piece.end(), at + 1)


def _declaration(words: str, line: int) -> Declaration:
    name, _, value = words.partition(":")
    plain = _IMPORTANT.sub("", value)
    return Declaration(
        name=name.strip().lower(),
        value=" ".join(plain.split()),
        important=plain != value,
        line=line,
        words=words.partition("\n")[0],
    )


def _opened(prelude: str, line: int, around: list[_Open]) -> _Open:
    within = around[-1].within if around else ()
    if prelude.startswith("@"):
        within = (*within, prelude)[:_DEEPEST]
    return _Open(prelude, line, within, [])


def _closed(stack: list[_Open]) -> Block:
    block = stack.pop()
    selectors = () if block.prelude.startswith("@") else _COMMA.findall(block.prelude)
    return Block(
        selectors=tuple(" ".join(each.split()) for each in selectors),
        declarations=tuple(block.declarations),
        within=block.within,
        line=block.line,
    )
