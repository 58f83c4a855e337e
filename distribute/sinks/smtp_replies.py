"""What a mail server says: replies and extensions, parsed strictly (RFC 5321 section 4.2).

No socket here: bytes in, values out.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from distribute.campaign.campaign import Outcome, Receipt

_LINE = re.compile(rb"([2-5][0-5][0-9])(?:([ -])(.*))?", re.DOTALL)
_ENHANCED = re.compile(r"([245])\.\d{1,3}\.\d{1,3}(?= |$)")
_LONGEST_LINE = 4096
"""Servers say more than the 512 octets of RFC 5321 section 4.5.3.1.5, within reason."""
_MOST_LINES = 128

CLOSING = 421
"""The server gives up the whole connection, whatever the command was."""


class GarbledReplyError(ValueError):
    """What arrived is not an SMTP reply."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply, which may have had several lines."""

    code: int
    lines: tuple[str, ...]
    """Without codes and line ends; control characters are gone."""

    @property
    def is_positive(self) -> bool:
        """Whether it is done: 2xx."""
        return self.code // 100 == 2

    @property
    def is_transient(self) -> bool:
        """Whether another try may succeed: 4xx."""
        return self.code // 100 == 4

    @property
    def is_permanent(self) -> bool:
        """Whether the same again will fail again: 5xx."""
        return self.code // 100 == 5

    @property
    def enhanced(self) -> str:
        """Enhanced status code (RFC 2034), if it agrees with the reply code."""
        for line in self.lines:
            found = _ENHANCED.match(line)
            if found and int(found[1]) == self.code // 100:
                return found[0]
        return ""

    @property
    def text(self) -> str:
        """The server's words in one line, without the enhanced status code."""
        code = self.enhanced
        words = (
            line.removeprefix(code).strip() if code else line for line in self.lines
        )
        return " ".join(word for word in words if word)

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.code), self.enhanced, self.text)))


def parse_reply(buffer: bytes) -> tuple[Reply, int] | None:
    r"""Read one reply from the front of a buffer, and say how many octets it took.

    `None` means that there must come more. Raises `GarbledReplyError`.

    >>> parse_reply(b"250-mail.example.org\r\n250 SIZE 1000\r\n220 next")
    (Reply(code=250, lines=('mail.example.org', 'SIZE 1000')), 37)
    """
    lines: list[str] = []
    first, start = b"", 0
    while (line := _next_line(buffer, start)) is not None:
        match = _LINE.fullmatch(line)
        if not match or (lines and match[1] != first) or len(lines) == _MOST_LINES:
            raise GarbledReplyError(f"not an SMTP reply: {line[:80]!r}")
        first = match[1]
        lines.append(_printable(match[3] or b""))
        start += len(line) + 2
        if match[2] != b"-":
            return Reply(int(first), tuple(lines)), start
    return None


def extensions_of(reply: Reply) -> Mapping[str, Sequence[str]]:
    """List the keywords of an EHLO reply with their parameters, in capitals.

    ``AUTH=LOGIN``, as some old servers write it, counts as ``AUTH LOGIN``.
    """
    found: dict[str, list[str]] = {}
    for line in reply.lines[1:]:
        keyword, *parameters = line.upper().replace("AUTH=", "AUTH ").split() or [""]
        found.setdefault(keyword, []).extend(parameters)
    return found


def receipt_of(reply: Reply) -> Receipt:
    """Say what the answer to a recipient or a message means for its delivery."""
    outcome = Outcome.UNCERTAIN
    if reply.is_positive:
        outcome = Outcome.ACCEPTED
    elif reply.is_transient:
        outcome = Outcome.DEFERRED
    elif reply.is_permanent:
        outcome = Outcome.REJECTED
    return Receipt(
        outcome=outcome, code=reply.code, enhanced=reply.enhanced, text=reply.text
    )


def _next_line(buffer: bytes, start: int) -> bytes | None:
    """Take one line without its CRLF; `None` while it is incomplete."""
    end = buffer.find(b"\r\n", start)
    line = buffer[start:] if end < 0 else buffer[start:end]
    if b"\n" in line or len(line) > _LONGEST_LINE:
        raise GarbledReplyError(f"not a line of an SMTP reply: {line[:80]!r}")
    return None if end < 0 else line


def _printable(text: bytes) -> str:
    """Decode a server's words so that they can be shown and stored anywhere."""
    decoded = text.decode("utf-8", "replace").replace("\t", " ")
    return "".join(c for c in decoded if unicodedata.category(c) not in {"Cc", "Cf"})
