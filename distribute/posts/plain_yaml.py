"""Read at once the YAML that nearly every post has: lines of a key and plain words.

    title: "Rivers, and what they carry"
    tags: [water, walking]
    issue: 5
    image:
      thumb: rivers.png

Whatever is not certainly of this kind is left to `distribute.posts.strict_yaml`, which
reads the same out of it, only a hundred times slower.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from distribute.posts.head import Head

MAX_LENGTH = 4_096
"""Characters; so it has fewer values than any limit."""

_LINE = re.compile(
    r"(?P<indent> {0,8})(?P<key>[A-Za-z_][\w-]{0,60}):"
    r"(?: +(?:"
    r"""(?P<plain>[^\s\-?:,\[\]{}#&*!|>'"%@`].*)"""
    r"""|"(?P<double>[^"\\]*)" *"""
    r"|'(?P<single>[^']*)' *"
    r"|\[(?P<list>[\w .,+/-]*)\] *"
    r")| *)"
)
_PASSED_OVER = re.compile(r" *(?:#.*)?")
"""Blank lines and comments."""
_ENDS = re.compile(r":(?: |$)|\s#")
"""What plain words do not hold: another key, or a comment."""
_ITEM = re.compile(r"\w[\w .+/-]*")
_INTEGER = re.compile(r"0|[1-9][0-9]{0,17}")
_WORDS: Mapping[str, bool | None] = MappingProxyType(
    dict.fromkeys(("true", "True", "TRUE"), True)
    | dict.fromkeys(("false", "False", "FALSE"), False)
    | dict.fromkeys(("null", "Null", "NULL", "~"))
)
"""Plain words that are no text."""


class _NotPlainError(Exception):
    """Somebody else has to read this."""


def read_plain(text: str, *, first_line: int = 1) -> Head | None:
    """Read YAML, as `read_strictly` does; `None` if it is of another kind."""
    if len(text) > MAX_LENGTH:
        return None
    reader = _Reader()
    try:
        for number, line in enumerate(text.split("\n"), start=first_line):
            reader.read(line, number)
    except _NotPlainError:
        return None
    return Head(values=reader.values, lines=reader.lines)


class _Reader:
    """Takes in line after line; raises `_NotPlainError` where it may not."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self.lines: dict[str, int] = {}
        self._below: dict[str, object] | None = None
        """What stands below the last key; `None` where nothing can."""
        self._indent = ""

    def read(self, line: str, number: int) -> None:
        match = _LINE.fullmatch(line)
        if not line.isprintable():  # a tab, a rare line end, or not allowed at all
            raise _NotPlainError
        if match is None:
            _pass_over(line)
        elif match["indent"]:
            self._take_below(match["indent"], match["key"], _value(match))
        else:
            self._take(match["key"], _value(match), number)
            self._below = {} if match.lastgroup == "key" else None

    def _take(self, key: str, value: object, number: int) -> None:
        if key in self.values:
            raise _NotPlainError
        self.values[key] = value
        self.lines[key] = number

    def _take_below(self, indent: str, key: str, value: object) -> None:
        if self._below is None or (self._below and indent != self._indent):
            raise _NotPlainError
        self._indent = indent
        self._below[key] = value
        self.values[next(reversed(self.values))] = self._below


def _pass_over(line: str) -> None:
    if not _PASSED_OVER.fullmatch(line):
        raise _NotPlainError


def _value(match: re.Match[str]) -> object:
    kind = match.lastgroup
    if kind == "plain":
        return _scalar(match[kind].rstrip(" "))
    if kind == "list":
        return _items(match[kind].strip(" "))
    return match[kind] if kind in {"single", "double"} else None


def _items(text: str) -> list[object]:
    return [_item(part.strip(" ")) for part in text.split(",")] if text else []


def _item(text: str) -> object:
    if not _ITEM.fullmatch(text):
        raise _NotPlainError
    return _scalar(text)


def _scalar(text: str) -> object:
    if _ENDS.search(text):
        raise _NotPlainError
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text
