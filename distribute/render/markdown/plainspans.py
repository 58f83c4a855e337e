"""The spans of everyday text, read at once: words, links, pictures, emphasis and code.

Hardly any text holds something else, and one regular expression takes it to pieces.
What that does not know, or what could be read in two ways, is left to `spanrules`,
which reads everything. Both make the same of what both can read.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from distribute.render.cjk import joins_lines
from distribute.render.markdown.breaks import WHITE, settle_breaks
from distribute.render.markdown.emphasis import flanks
from distribute.render.markdown.spans import decode_entities
from distribute.render.tree import Kind, Node, Tree, plain_text

_SPACER = r"[ \t\u00a0\u200b]*\n\s*"
_LEADING = re.compile(rf"(?:\\+{_SPACER})++(?=[*_]*+\[?[*_]*+[^\s&\[\]*_])")
"""Forced breaks at the beginning, which say nothing; then words, and no blank."""
_MARK = re.compile(r"[\\`*_\[\]!<~${\n\u2028]")
"""What may be more than a word."""
_IN_LABEL = r"[^\[\]\\`<]*"
_IN_URL = r"[^\s()<\\\x00-\x1f\x7f]*+"
_LONE_BRACKET = rf"\[(?!\^|{_IN_LABEL}\]\()|\](?!\()"
_LONE = re.compile(_LONE_BRACKET)
_PIECE = re.compile(
    rf"""
    (?P<words> (?!\ +\n) (?:
        [^\\`*_\[\]!<~${{\n\u2028]+
        | (?<=[^\W_])_+(?=[^\W_])                   # as in snake_case
        | !(?!\[) | ~(?!~) | \$(?!\$) | \{{(?!:)    # the half of a mark is none
        | {_LONE_BRACKET}
    )++)
    | (?P<run> \*+ | _+)
    | (?P<picture>!)? \[(?!\^) (?P<label>{_IN_LABEL}) \]
      \( (?P<url> {_IN_URL} (?: \({_IN_URL}\) {_IN_URL} )*+ )
      (?: (?<!\()[ \t]+ "(?P<title>[^"\\\n]*)" )? \)
    | (?P<line_end> (?: \ *\n\s* | (?: \\\\+ | (?<=\s)\\ | \\(?=\n) ) {_SPACER} )+)
    | (?<!`)` (?P<code>[^`\n]+) `(?!`)
    | (?P<other> .)
    """,
    re.DOTALL | re.VERBOSE,
)
"""Each piece is one that nothing around it can turn into another."""
_KINDS: Final = {
    run * size: kinds
    for run in "*_"
    for size, kinds in enumerate(
        ((Kind.EMPHASIS,), (Kind.STRONG,), (Kind.STRONG, Kind.EMPHASIS)), start=1
    )
}
"""What a pair of such runs makes, innermost first."""
_DEEPEST = 4
"""So many runs may be open at once; the complete rules count what is deeper."""


def plain_spans(text: str, line: int, *, has_references: bool) -> Tree | None:
    """Read the text of a block, without blanks around it; None if it is not plain.

    `line` is where the text begins. Where the whole text has references, brackets that
    are followed by no URL may be links, and are not plain.
    """
    if leading := _LEADING.match(text):
        line += leading[0].count("\n")
        text = text[leading.end() :]
    if not _MARK.search(text):
        return _plain_words(text)
    if has_references and _LONE.search(text):
        return None
    reader = _Reader(text, line)
    nodes = reader.read()
    return nodes if nodes is None or reader.is_settled else settle_breaks(nodes)


def _plain_words(text: str) -> Tree:
    return (Node(kind=Kind.TEXT, text=decode_entities(text)),) if text else ()


def _parts_words(before: Node | None, following: str) -> bool:
    """Tell whether a break simply stands between words; `settle_breaks` knows more."""
    is_after_words = before is not None and before.text[-1:].strip(WHITE) != ""
    return is_after_words and following.isalnum() and not joins_lines(following)


class _Reader:
    """Takes one text to pieces, from its first character to its last."""

    def __init__(self, source: str, line: int) -> None:
        self.line = line
        self.is_settled = True
        """Whether nothing is left to be done about the breaks."""
        self._source = source
        self._nodes: list[Node] = []
        self._around: list[tuple[str, list[Node]]] = []
        """The runs that are open, and the nodes in front of them."""

    def read(self) -> Tree | None:
        """Make the nodes of all pieces, unless there is one of another kind."""
        for piece in _PIECE.finditer(self._source):
            kind = piece.lastgroup
            if kind == "words":
                self._nodes += _plain_words(piece[0])
            elif not _TAKE[kind](self, piece):
                return None
        return None if self._around else tuple(self._nodes)

    def take_run(self, piece: re.Match[str]) -> bool:
        """Open emphasis, or close what was opened last by a run just like this."""
        run, source = piece[0], self._source
        before = source[piece.start() - 1] if piece.start() else " "
        after = source[piece.end() : piece.end() + 1].strip("\\") or " "
        opens, closes = flanks(run[0], before, after)
        if closes and self._around:
            return self._close(run)
        self._around.append((run, self._nodes))
        self._nodes = []
        return opens and run in _KINDS and len(self._around) <= _DEEPEST

    def _close(self, run: str) -> bool:
        opener, nodes = self._around.pop()
        if opener != run:
            return False
        inside = self._nodes
        for kind in _KINDS[run]:
            inside = [Node(kind=kind, children=tuple(inside))]
        nodes += inside
        self._nodes = nodes
        return True

    def take_link(self, piece: re.Match[str]) -> bool:
        """Add a link or a picture; there are no brackets in its text."""
        inside = self._inside(piece["label"])
        if inside is None or (piece["picture"] and "\n" in piece["label"]):
            return False
        url = decode_entities(piece["url"])
        title = decode_entities(piece["title"] or "")
        line = self.line
        if piece["picture"]:
            alt = plain_text(inside)
            node = Node(kind=Kind.IMAGE, url=url, title=title, alt=alt, line=line)
        else:
            node = Node(
                kind=Kind.LINK, url=url, title=title, children=inside, line=line
            )
        self._nodes.append(node)
        return True

    def _inside(self, label: str) -> Tree | None:
        if not _MARK.search(label):
            return _plain_words(label)
        reader = _Reader(label, self.line)
        inside = reader.read()
        self.line = reader.line
        self.is_settled &= reader.is_settled
        return inside

    def take_line_end(self, piece: re.Match[str]) -> bool:
        """Add a break; all that may be left to do is what `settle_breaks` does."""
        end = self._source.index("\n", piece.start())
        is_forced = "\\" in piece[0] or self._source.endswith("  ", 0, end)
        before = self._nodes[-1] if self._nodes else None
        following = self._source[piece.end() : piece.end() + 1]
        self.is_settled &= _parts_words(before, following)
        self.line += piece[0].count("\n")
        kind = Kind.LINE_BREAK if is_forced else Kind.SOFT_BREAK
        self._nodes.append(Node(kind=kind))
        return True

    def take_code(self, piece: re.Match[str]) -> bool:
        """Add code; one blank on either side only keeps it off the marks."""
        code = piece["code"]
        if code.strip(" ") and code[0] == code[-1] == " ":
            code = code[1:-1]
        self._nodes.append(Node(kind=Kind.CODE, text=code))
        return True


_TAKE: Final[Mapping[str | None, Callable[[_Reader, re.Match[str]], bool]]] = {
    "run": _Reader.take_run,
    "url": _Reader.take_link,
    "title": _Reader.take_link,
    "line_end": _Reader.take_line_end,
    "code": _Reader.take_code,
    "other": lambda *_: False,
}
"""What to do with a piece; `words` are dealt with at once."""
