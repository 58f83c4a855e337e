"""Links that were meant and did not come about: a slip of the pen in their syntax.

What is left of one stands in the text as ``] (https://…)`` or ``](…``; the parser has
taken everything that is a link, so whatever is left is worth a look.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from pathlib import PurePath

from distribute.finding import Finding, Severity
from distribute.render.glance import inventory, letters
from distribute.render.links.linkify import cut_addresses
from distribute.render.tree import TEXT_BLOCKS, Kind, Node, Tree, own_spans, walk

_OTHER = "\ufffc"
_TARGET = r"(?:https?://|www\.|mailto:|/|\.{1,2}/|#)"
_WEB = r"(?=https?://|www\.)"
_CLOSED = r"[^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)"
_CLOSED_BEFORE_NEXT = r"[^()\[\]\s]*(?:\([^()\s]*\)[^()\[\]\s]*)*\)"
"""Not beyond a bracket, or a thousand of them would each be read to the end."""
_SLIPS = (
    (
        "link-space",
        re.compile(rf"\][\s\u200b\u2060\ufeff]+\((?=\s*{_TARGET})[^\s()]*"),
        "white space between ] and ( keeps this from being a link",
        "Remove what stands between ] and (.",
    ),
    (
        "link-wide",
        re.compile(rf"\]\s*（(?=\s*{_TARGET})[^\s（）]*|】\s*[（(](?=\s*{_TARGET})"),
        "full-width brackets keep this from being a link",
        "Write [ ] and ( ) as in English text.",
    ),
    (
        "link-bracket",
        re.compile(rf"\[[^\[\](){{}}\n]{{1,200}}[)\[}}]\((?=\s*{_TARGET})[^\s()]*"),
        "the words of this link do not end in ]",
        "Write ] where the words of the link end.",
    ),
    (
        "link-bracket",
        re.compile(
            rf"\[[^\[\](){{}}\n]{{1,200}}(?<=\S)\({_WEB}[^\s()\]]*\)"
            r"(?![^\n]{0,300}\])"
        ),
        "the words of this link do not end in ]",
        "Write ] where the words of the link end.",
    ),
    (
        "link-bracket",
        re.compile(rf"\([^()\[\]\n]{{1,200}}\)\[{_WEB}[^\s\[\]]*\]?"),
        "the brackets of this link are exchanged",
        "Write [ ] around its words and ( ) around its address.",
    ),
    (
        "link-bracket",
        re.compile(rf"\[(?![\d,\s–-]*\])[^\[\]\n]{{1,200}}\]\[{_WEB}[^\s\[\]]*\]"),
        "the address of this link stands in square brackets",
        "Write ( and ) around its address.",
    ),
    (
        "link-unopened",
        re.compile(rf"\]\({_CLOSED}"),
        "this link has no [ where its words begin",
        "Write [ where the words of the link begin.",
    ),
    (
        "link-unclosed",
        re.compile(rf"\]\((?!{_CLOSED})[^\s()]*"),
        "this link has no ) behind its address",
        "Write ) behind the address, or remove ](.",
    ),
    (
        "link-parenthesis",
        re.compile(rf"\][ \t]?https?://{_CLOSED_BEFORE_NEXT}"),
        "this link has no ( before its address",
        "Write ]( and then the address, without a space.",
    ),
)
_ANY = re.compile(
    r"[\])}\[】][\s\u200b\u2060\ufeff]*(?:[(（]|https?://)|[\[(](?:https?://|www\.)"
)
"""What every slip has in it; one look tells that a text has none, as most have."""
_LOOSE = frozenset({"link-space", "link-wide", "link-parenthesis"})
"""Rules that a plain reference, ``[1] (…)``, would meet too."""
_WRITE_ANGLES = "Put the whole address between < and >."
_TEXT = frozenset({Kind.TEXT})
_SHOWN = {
    Kind.SOFT_BREAK: "\n",
    Kind.LINE_BREAK: "\n",
    Kind.EMPHASIS: "",
    Kind.STRONG: "",
    Kind.DELETED: "",
}
"""What else is literal: all other nodes are one character."""
_NUMBER = re.compile(r"\[\^?[0-9,\s\-–]*\Z")


def find_slips(
    tree: Tree, *, path: PurePath, source: str = "", first_line: int = 1
) -> tuple[Finding, ...]:
    """Report what looks like a link that did not come about.

    `source` is the Markdown the tree was made from and `first_line` where it begins in
    the file; with them the line is exact, else it is the line of the block.
    """
    lines = _Lines(source, first_line)
    return tuple(
        Finding(
            rule=rule,
            severity=Severity.WARNING,
            message=message,
            path=path,
            line=place,
            hint=hint,
            words=words,
        )
        for line, rule, slip, message, hint in _all_slips(tree)
        for place, words in [lines.find(slip, line)]
    )


def _all_slips(tree: Tree) -> Iterator[tuple[int, str, str, str, str]]:
    spans = inventory(tree).get(Kind.TEXT, ())
    may_slip = any(_has_bracket(span.text) for span in spans)
    suspect = filter(_may_hold_slips, tree) if may_slip else ()
    for block, text in _texts(tuple(suspect)):
        for slip in _slips(text):
            yield (block.line, *slip)
    for line, address in cut_addresses(tree):
        message = f"the address {address} is cut off by * or _ within it"
        yield line, "link-cut", address, message, _WRITE_ANGLES


def _may_hold_slips(root: Node) -> bool:
    return _has_bracket(letters((root,)))


def _has_bracket(text: str) -> bool:
    return "]" in text or "[" in text or "】" in text


def _slips(text: str) -> Iterator[tuple[str, str, str, str]]:
    if not _ANY.search(text):
        return
    for rule, pattern, message, hint in _SLIPS:
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 40) : match.start()]
            if rule not in _LOOSE or not _NUMBER.search(before):
                yield rule, match[0], message, hint


def _texts(tree: Tree) -> Iterator[tuple[Node, str]]:
    """Give each block of text with what is literal in it; all else is one character."""
    for block in walk(tree):
        if block.kind in TEXT_BLOCKS:
            yield block, "".join(map(_literal, walk(own_spans(block))))


def _literal(node: Node) -> str:
    return node.text if node.kind in _TEXT else _SHOWN.get(node.kind, _OTHER)


class _Lines:
    """Finds the line of a snippet, from the line of its block on.

    One that is asked for again is the next that is alike.
    """

    def __init__(self, source: str, first_line: int) -> None:
        self.source = source
        self.first = first_line
        self.passed: dict[tuple[str, int], int] = {}

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins."""
        return [0, *(match.end() for match in re.finditer("\n", self.source))]

    def find(self, snippet: str, line: int) -> tuple[int, str]:
        """Give the line of a snippet in the source, and what stands of it there.

        If it is not found, `line`, the block's own, is what remains.
        """
        words = snippet.partition("\n")[0]
        block = min(max(line - self.first, 0), len(self.starts) - 1)
        start = self.passed.get((snippet, line), self.starts[block])
        at = self.source.find(snippet, start)
        if at < 0:  # its second line may be indented there
            at = self.source.find(words, start)
        if at < 0:
            return line, ""
        self.passed[snippet, line] = at + len(words)
        return self.first + bisect_right(self.starts, at) - 1, words
