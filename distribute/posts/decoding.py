"""From the bytes of a file to clean text: UTF-8, LF, no mojibake, nothing invisible."""

import unicodedata
from collections.abc import Iterator
from pathlib import PurePath

from distribute.errors import SourceError
from distribute.finding import Finding, Severity
from distribute.posts.repair import repair, suspect_lines

_SAVE = "Save it as UTF-8 and try again."
_CONTROLS = {c for c in range(0xA0) if unicodedata.category(chr(c)) == "Cc"} - {9, 10}
_REMOVED = dict.fromkeys(_CONTROLS | {0xFFFE, 0xFFFF})
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decode(data: bytes, path: PurePath) -> tuple[str, tuple[Finding, ...]]:
    """Read the bytes of a file; what is repaired, removed or doubtful is a finding.

    A byte order mark is taken off, mojibake undone, line ends become LF. Control
    characters, which neither XML nor a mail header can hold, are removed. Private-use
    characters stay. Raises `SourceError`, with the line, for what is not UTF-8 text.
    """
    repaired = repair(_decoded(data, path))
    text = with_lf(repaired.text.removeprefix("\ufeff"))
    findings: list[Finding] = []
    if repaired.encodings:
        findings.append(_mojibake(repaired.encodings, path))
    findings.extend(_oddities(text, path))
    return without_controls(text), tuple(findings)


def with_lf(text: str) -> str:
    """Make LF of every line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def without_controls(text: str) -> str:
    """Take out what neither XML nor a mail header can hold; tabs and line feeds stay."""
    return text.translate(_REMOVED)


def _decoded(data: bytes, path: PurePath) -> str:
    if data.startswith(_UTF_16_MARKS):
        raise SourceError("the file is UTF-16", path=path, line=1, hint=_SAVE)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            path=path,
            line=_line_at(data[: error.start].decode("latin-1")),
            hint=_SAVE,
        ) from error
    if (position := text.find("\0")) >= 0:
        raise SourceError(
            "the file is not text: it contains NUL",
            path=path,
            line=_line_at(text[:position]),
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
        )
    if removed := [i for i, c in enumerate(text) if ord(c) in _REMOVED]:
        yield Finding(
            rule="control-character",
            severity=Severity.WARNING,
            path=path,
            line=_line_at(text[: removed[0]]),
            message=f"{_count(len(removed), 'control character')} removed, "
            f"the first is U+{ord(text[removed[0]]):04X}",
            hint="Delete it in the file.",
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
