"""Emphasis the way kramdown readers expect it: CommonMark first, then more laxly.

CommonMark decides by what stands beside a run of ``*`` or ``_`` whether it may open or
close (section 6.2, left- and right-flanking); East Asian marks count as letters there,
so that ``称为**「词」**，`` is bold. What then stays unmatched gets a second chance under
kramdown's rule, which asks only for a character that is no space.

Works on the span tokens of the parser, which are dictionaries; time is linear.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from distribute.render.cjk import is_cjk
from distribute.render.markdown.state import Token

_RUN = re.compile(r"\*\**|__*|~(?<!~~)~(?!~)")
"""Each kind begins with a character, not a repetition: so the search for one is quick."""
_KINDS: Final = {
    "*": ("emphasis", "strong"),
    "_": ("emphasis", "strong"),
    "~": ("deleted", "deleted"),
}
_STRAY = 4
"""What is left of a run of so many asterisks is emphasis of nothing."""


@dataclass(slots=True)
class _Run:
    """A delimiter run and what is left of it."""

    marker: str
    size: int
    before: str
    after: str
    opens: bool = False
    closes: bool = False
    given: int = 0
    depth: int = 0


@dataclass(slots=True)
class _Piece:
    token: Token
    depth: int


_Part = _Run | _Piece


def resolve_emphasis(tokens: Iterable[Token], *, max_depth: int) -> list[Token]:
    """Turn the delimiter runs in text tokens into emphasis, strong and deleted tokens.

    A text token with ``"literal": True`` was escaped and holds no delimiters. Where
    more than `max_depth` spans would stand in each other the delimiters stay as text.
    """
    tokens = [token for token in tokens if token["type"] != "text" or token["raw"]]
    if not any(map(_may_delimit, tokens)):
        return tokens
    parts = list(_parts(tokens))
    for run in parts:
        if isinstance(run, _Run):
            _flank(run)
    return _finish(_match(parts, max_depth), max_depth)


def _may_delimit(token: Token) -> bool:
    if token["type"] != "text" or token.get("literal"):
        return False
    raw = token["raw"]
    return "*" in raw or "_" in raw or "~~" in raw


def depth_of(token: Token) -> int:
    """Count the spans that stand in each other, this one included."""
    deepest = 0
    stack = [(token, 0)]
    while stack:
        current, depth = stack.pop()
        if "children" in current:
            deepest = max(deepest, depth + 1)
            stack.extend((child, depth + 1) for child in current["children"])
    return deepest


def _parts(tokens: list[Token]) -> Iterator[_Part]:
    before = " "
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if not _may_delimit(token):
            yield _Piece(token, depth_of(token))
        else:
            yield from _split(token["raw"], before, _first_character(following))
        before = _last_character(token) or before


def _split(text: str, before: str, after: str) -> Iterator[_Part]:
    end = 0
    for match in _RUN.finditer(text):
        if match.start() > end:
            yield _Piece({"type": "text", "raw": text[end : match.start()]}, 0)
        start, end = match.span()
        size = end - start
        yield _Run(
            marker=match[0][0],
            size=size,
            given=size,
            before=text[start - 1] if start else before,
            after=text[end] if end < len(text) else after,
        )
    if end < len(text):
        yield _Piece({"type": "text", "raw": text[end:]}, 0)


def _first_character(token: Token | None) -> str:
    if token is None or token["type"] in _BREAKS:
        return " "
    return token["raw"][:1] if token["type"] == "text" else "\ufffc"


def _last_character(token: Token) -> str:
    if token["type"] in _BREAKS:
        return " "
    return token["raw"][-1:] if token["type"] == "text" else "\ufffc"


_BREAKS: Final = ("softbreak", "linebreak", "spacer")


def _flank(run: _Run) -> None:
    run.opens, run.closes = flanks(run.marker, run.before, run.after)


def flanks(marker: str, before: str, after: str) -> tuple[bool, bool]:
    """Tell whether a run between two characters may open, and whether it may close."""
    left = not after.isspace() and (
        not _is_mark(after) or before.isspace() or _is_mark(before) or is_cjk(before)
    )
    right = not before.isspace() and (
        not _is_mark(before) or after.isspace() or _is_mark(after) or is_cjk(after)
    )
    if marker != "_":
        return left, right
    return (
        left and (not right or _is_mark(before)),
        right and (not left or _is_mark(after)),
    )


def _flank_laxly(run: _Run) -> None:
    if run.marker != "_":
        run.opens = not run.after.isspace()
        run.closes = not run.before.isspace()


def _is_mark(char: str) -> bool:
    """Tell punctuation apart, except the East Asian kind."""
    return not char.isalnum() and not char.isspace() and not is_cjk(char)


def _match(parts: Iterable[_Part], max_depth: int) -> list[_Part]:
    """Pair the runs, innermost first."""
    matcher = _Matcher(max_depth)
    for part in parts:
        matcher.take(part)
    return matcher.stack


class _Matcher:
    """Holds what is read so far, and which runs in it may still open."""

    def __init__(self, max_depth: int) -> None:
        self.stack: list[_Part] = []
        self._max_depth = max_depth
        self._openers: list[tuple[int, _Run]] = []  # with their place in the stack
        self._hopeless: dict[tuple[str, int, bool], int] = {}
        """So many openers need not be asked again by a closer of this kind."""

    def take(self, part: _Part) -> None:
        """Add a part; a run first closes what it can."""
        if isinstance(part, _Run):
            while part.closes and part.size and self._close(part):
                pass
            if not part.size:
                return
            if part.opens:
                self._openers.append((len(self.stack), part))
        self.stack.append(part)

    def _close(self, run: _Run) -> bool:
        key = (run.marker, run.given % 3, run.opens)
        found = self._opener(run, self._hopeless.get(key, 0))
        if found is None or not self._wrap(found, run):
            self._hopeless[key] = len(self._openers)
            return False
        return True

    def _opener(self, run: _Run, bottom: int) -> int | None:
        for index in range(len(self._openers) - 1, bottom - 1, -1):
            place, opener = self._openers[index]
            if _pairs(opener, run):
                return index if place + 1 < len(self.stack) else None
        return None

    def _wrap(self, found: int, closer: _Run) -> bool:
        """Make a span of what stands between opener and closer."""
        place, opener = self._openers[found]
        inside = self.stack[place + 1 :]
        depth = 1 + max(part.depth for part in inside)
        if depth > self._max_depth:
            return False
        used = 2 if opener.size >= 2 and closer.size >= 2 else 1
        opener.size -= used
        closer.size -= used
        kept = found + 1 if opener.size else found
        del self._openers[kept:]
        del self.stack[place + bool(opener.size) :]
        kind = _KINDS[opener.marker][used - 1]
        self.stack.append(
            _Piece({"type": kind, "parts": inside, "children": []}, depth)
        )
        self._hopeless = {
            key: min(bottom, kept) for key, bottom in self._hopeless.items()
        }
        return True


def _pairs(opener: _Run, closer: _Run) -> bool:
    if opener.marker != closer.marker:
        return False
    if opener.closes or closer.opens:  # CommonMark, rules 9 and 10
        total = opener.given + closer.given
        return total % 3 != 0 or (opener.given % 3 == 0 and closer.given % 3 == 0)
    return True


def _finish(parts: list[_Part], max_depth: int) -> list[Token]:
    """Give what is left a second chance, at each level, and write out the tokens."""
    tokens: list[Token] = []
    work: list[tuple[list[_Part], list[Token]]] = [(parts, tokens)]
    while work:
        level, out = work.pop()
        for part in _again(level, max_depth):
            if isinstance(part, _Run):
                out.extend(_left_over(part))
                continue
            inside = part.token.pop("parts", None)
            if inside is not None:
                work.append((inside, part.token["children"]))
            out.append(part.token)
    return tokens


def _again(parts: list[_Part], max_depth: int) -> list[_Part]:
    runs = [part for part in parts if isinstance(part, _Run)]
    if len(runs) < 2:
        return parts
    for run in runs:
        _flank_laxly(run)
    return _match(parts, max_depth)


def _left_over(run: _Run) -> Iterator[Token]:
    if run.marker == "*" and run.given >= _STRAY:
        return
    yield {"type": "text", "raw": run.marker * run.size, "literal": True}
