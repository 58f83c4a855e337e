"""From the bytes of a file to clean text: UTF-8, LF, no mojibake, nothing invisible."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePath

from distribute.errors import SourceError
from distribute.finding import Finding, Severity
from distribute.posts.repair import repair, suspect_lines

_SAVE = "Save it as UTF-8 and try again."
_CONTROLS = {c for c in range(0xA0) if unicodedata.category(chr(c)) == "Cc"} - {9, 10}
_SPACES = dict.fromkeys((0x0B, 0x0C, 0x85), " ")
"""Tabulator, page and line ends of old: words must not run into each other."""
_REMOVED = dict.fromkeys(_CONTROLS | {0xFFFE, 0xFFFF}) | _SPACES
_CONTROL = re.compile(f"[{''.join(map(chr, sorted(_REMOVED)))}]")
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf]")
_TEXT = 10
"""Text has fewer NULs than one in so many characters, if any."""
_UTF_8 = "utf-8-sig"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decode(data: bytes, path: PurePath) -> tuple[str, tuple[Finding, ...]]:
    """Read the bytes of a file; what is repaired, removed or doubtful is a finding.

    A byte order mark is taken off, mojibake undone, line ends become LF. Control
    characters, which neither XML nor a mail header can hold, are removed; halves of
    surrogate pairs, which some programs write, are put together or become U+FFFD.
    Private-use characters stay. Raises `SourceError`, with the line, for what is not
    UTF-8 text.
    """
    repaired = repair(_decoded(data, path))
    text = with_lf(repaired.text.removeprefix("\ufeff"))
    findings: list[Finding] = []
    if repaired.encodings:
        findings.append(_mojibake(repaired.encodings, path))
    findings.extend(_oddities(text, path))
    if control := _CONTROL.search(text):
        findings.append(_controls(text, control.start(), path))
        text = text.translate(_REMOVED)
    return text, tuple(findings)


def with_lf(text: str) -> str:
    """Make LF of every line end."""
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def with_whole_letters(text: str) -> str:
    """Join the halves in which some programs write an emoji; one alone is U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def without_controls(text: str) -> str:
    """Take out what neither XML nor a mail header can hold; VT, FF and NEL leave a space."""
    return text.translate(_REMOVED) if _CONTROL.search(text) else text


def _decoded(data: bytes, path: PurePath) -> str:
    if data.startswith(_UTF_16_MARKS):
        raise SourceError("the file is UTF-16", path=path, line=1, hint=_SAVE)
    try:
        text = (
            with_whole_letters(data.decode(_UTF_8, "surrogatepass"))
            if _SURROGATE.search(data)
            else data.decode(_UTF_8)
        )
    except UnicodeDecodeError as error:
        raise SourceError(
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            path=path,
            line=_line_at(data[: error.start].decode("latin-1")),
            hint=_SAVE,
        ) from error
    if "\0" in text and text.count("\0") * _TEXT > len(text):
        raise SourceError(
            "the file is not text: it is full of NUL",
            path=path,
            line=_line_at(text[: text.index("\0")]),
            hint=_SAVE,
        )
    return text


def _line_at(before: str) -> int:
    return with_lf(before).count("\n") + 1


def _mojibake(encodings: tuple[str, ...], path: PurePath) -> Finding:
    return Finding(
        rule="mojibake",
        severity=Severity.WARNING,
        path=path,
        message=f"the file is UTF-8 that was misread as {', then '.join(encodings)}; "
        "it was repaired while reading",
        hint="Save the repaired text, so that other tools can read it too.",
    )


def _oddities(text: str, path: PurePath) -> Iterator[Finding]:
    if lines := suspect_lines(text):
        yield Finding(
            rule="mojibake-suspected",
            severity=Severity.WARNING,
            path=path,
            line=lines[0],
            message=f"{_count(len(lines), 'line')} with what looks like mojibake, "
            "which cannot be undone for certain",
            hint="Correct the letters by hand.",
        )
    if (position := text.find("\ufffd")) >= 0:
        yield Finding(
            rule="replacement-character",
            severity=Severity.WARNING,
            path=path,
            line=_line_at(text[:position]),
            message="U+FFFD stands where another program could not read a letter",
            hint="Write the letter that belongs there.",
            words="\ufffd",
        )


def _controls(text: str, first: int, path: PurePath) -> Finding:
    number = sum(ord(character) in _REMOVED for character in text)
    return Finding(
        rule="control-character",
        severity=Severity.WARNING,
        path=path,
        line=_line_at(text[:first]),
        message=f"{_count(number, 'control character')} removed, "
        f"the first is U+{ord(text[first]):04X}",
        hint="Delete it in the file.",
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
