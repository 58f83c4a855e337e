"""Read text line by line, whatever is in it: numbered, cut to a length, UTF-8 alone."""

import io
from collections import deque
from typing import IO

from distribute.errors import AudienceError

LONGEST_LINE = 65_536
"""Characters of one line that are read; a longer one is bad."""

_UTF16_MARKS = ("\udcff\udcfe", "\udcfe\udcff")
_SAVE_AS = "Save it as CSV UTF-8 and import that; nothing has been imported."


class Lines:
    """Numbered lines with their ends, which can be put back."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._text = _Text(
            stream, encoding="utf-8-sig", errors="surrogateescape", newline=""
        )
        self._returned: deque[tuple[int, str]] = deque()
        self._number = 0

    def take(self) -> tuple[int, str] | None:
        """Give the next line, cut one character beyond `LONGEST_LINE`.

        Raises `AudienceError` for one that is not UTF-8.
        """
        if self._returned:
            return self._returned.popleft()
        text = self._text.readline(LONGEST_LINE + 1)
        if not text:
            return None
        self._number += 1
        if len(text) > LONGEST_LINE:
            self._skip_rest(text)
        _refuse_other_encodings(self._number, text)
        return self._number, text

    def put_back(self, lines: list[tuple[int, str]]) -> None:
        """Have these lines read again."""
        self._returned.extendleft(reversed(lines))

    def first(self) -> str:
        """Look at the first line that is not blank, without taking it; empty at the end."""
        while (line := self.take()) is not None:
            if line[1].strip():
                self.put_back([line])
                return line[1]
        return ""

    def _skip_rest(self, text: str) -> None:
        while text and text[-1] not in "\r\n":
            text = self._text.readline(LONGEST_LINE)


class _Text(io.TextIOWrapper):
    """Text of a stream that stays open: whoever opened it closes it."""

    def close(self) -> None:
        """Leave the stream alone."""


def _refuse_other_encodings(number: int, text: str) -> None:
    if text.isascii():
        return
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        name = "UTF-16" if text.startswith(_UTF16_MARKS) else "not UTF-8"
        raise AudienceError(
            f"line {number}: the text is {name}", hint=_SAVE_AS
        ) from None
