"""What a mail server says: replies and extensions, parsed strictly (RFC 5321 section 4.2).

No socket here: bytes in, values out.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from distribute.campaign.campaign import Outcome, Receipt, Stage

_LINE = re.compile(rb"([2-5][0-5][0-9])(?:([ -])(.*))?", re.DOTALL)
_BURST = re.compile(rb"(?:[2-5][0-5][0-9] [ -~]{0,4092}\r\n)+")
"""Replies of one line each in printable ASCII: nearly all that servers ever say."""
_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?: |$)")
_EHLO_LINE = re.compile(r"[A-Z0-9][A-Z0-9-]*(?: [!-~]+)*")
"""A keyword and its parameters in capitals (RFC 5321 section 4.1.1.1)."""
_LONGEST_LINE = 4096
"""Servers say more than the 512 octets of RFC 5321 section 4.5.3.1.5, within reason."""
_MOST_LINES = 128
_MOST_WORDS = 2000
"""Characters of a server's words that a receipt keeps."""

CLOSING = 421
"""The server gives up the whole connection, whatever the command was."""

_OUTCOMES = {
    2: Outcome.ACCEPTED,
    3: Outcome.UNCERTAIN,
    4: Outcome.DEFERRED,
    5: Outcome.REJECTED,
}


class GarbledReplyError(ValueError):
    """What arrived is not an SMTP reply."""


class Reply(NamedTuple):
    """One reply, which may have had several lines."""

    code: int
    lines: tuple[str, ...]
    """Without codes and line ends; what cannot be shown is U+FFFD or a space."""

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
        return _told_apart(self)[0]

    @property
    def text(self) -> str:
        """The server's words in one line, without the enhanced status code."""
        return _told_apart(self)[1]

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.code), *_told_apart(self))))


def parse_replies(buffer: bytes) -> tuple[list[Reply], int]:
    r"""Read the whole replies at the front of a buffer, and say how many octets they took.

    What is behind them is the beginning of another, or garbage: replies are never lost
    to garbage that follows them. Only where garbage is all there is, which a second call
    with the rest finds out, `GarbledReplyError` is raised.

    >>> parse_replies(b"250 ok\r\n250 ok\r\n354 go")
    ([Reply(code=250, lines=('ok',)), Reply(code=250, lines=('ok',))], 16)
    """
    replies: list[Reply] = []
    taken = 0
    while taken < len(buffer):
        burst = _BURST.match(buffer, taken)
        if burst:
            replies += _replies_of_one_line(burst[0])
            taken = burst.end()
            continue
        try:
            parsed = parse_reply(buffer, taken)
        except GarbledReplyError:
            if not replies:
                raise
            break
        if parsed is None:
            break
        replies.append(parsed[0])
        taken += parsed[1]
    return replies, taken


def parse_reply(buffer: bytes, start: int = 0) -> tuple[Reply, int] | None:
    r"""Read one reply from a buffer, and say how many octets it took.

    `None` means that there must come more. Raises `GarbledReplyError`.

    >>> parse_reply(b"250-mail.example.org\r\n250 SIZE 1000\r\n220 next")
    (Reply(code=250, lines=('mail.example.org', 'SIZE 1000')), 37)
    """
    words: list[bytes] = []
    first, end = b"", start
    while (line := _next_line(buffer, end)) is not None:
        match = _LINE.fullmatch(line)
        if not match or (words and match[1] != first) or len(words) == _MOST_LINES:
            raise GarbledReplyError(f"not an SMTP reply: {line[:80]!r}")
        first = match[1]
        words.append(match[3] or b"")
        end += len(line) + 2
        if match[2] != b"-":
            return Reply(int(first), tuple(map(_printable, words))), end - start
    return None


def extensions_of(reply: Reply) -> Mapping[str, Sequence[str]]:
    """List the keywords of an EHLO reply with their parameters, in capitals.

    A line that is not written as one should be is passed over. ``AUTH=LOGIN``, as some
    old servers write it, counts as ``AUTH LOGIN``.
    """
    found: dict[str, list[str]] = {}
    for line in reply.lines[1:]:
        if not line.isascii():
            continue  # before upper(), which would make ASCII of some that is not
        tidy = " ".join(line.upper().replace("AUTH=", "AUTH ", 1).split())
        if _EHLO_LINE.fullmatch(tidy):
            keyword, *parameters = tidy.split(" ")
            found.setdefault(keyword, []).extend(parameters)
    return found


def receipt_of(reply: Reply, stage: Stage) -> Receipt:
    """Say what the answer to a recipient or a message means for its delivery."""
    code = reply.code
    enhanced, text = _told_apart(reply)
    return Receipt(_OUTCOMES[code // 100], code, enhanced, text[:_MOST_WORDS], stage)


def _replies_of_one_line(burst: bytes) -> list[Reply]:
    lines = burst.decode("ascii").split("\r\n")
    del lines[-1]
    return [Reply(int(line[:3]), (line[4:],)) for line in lines]


def _next_line(buffer: bytes, start: int) -> bytes | None:
    """Take one line without its CRLF; `None` while it is incomplete."""
    end = buffer.find(b"\r\n", start)
    line = buffer[start:].removesuffix(b"\r") if end < 0 else buffer[start:end]
    if b"\n" in line or len(line) > _LONGEST_LINE:
        raise GarbledReplyError(f"not a line of an SMTP reply: {line[:80]!r}")
    return None if end < 0 else line


def _printable(text: bytes) -> str:
    """Decode a server's words so that they can be shown and stored anywhere."""
    decoded = text.decode("utf-8", "replace")
    return decoded if decoded.isprintable() else "".join(map(_shown, decoded))


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else "\ufffd"


def _told_apart(reply: Reply) -> tuple[str, str]:
    """Separate the enhanced status code, if it agrees with the reply's, from the words."""
    if len(reply.lines) == 1:
        return _cut(reply.lines[0], reply.code)
    enhanced = ""
    words = []
    for line in reply.lines:
        code, rest = _cut(line, reply.code)
        enhanced = enhanced or code
        words.append(rest if code == enhanced else line.strip())
    return enhanced, " ".join(filter(None, words))


def _cut(line: str, code: int) -> tuple[str, str]:
    found = _ENHANCED.match(line)
    if found is None or int(line[0]) != code // 100:
        return "", line.strip()
    end = found.end()
    return line[:end].rstrip(), line[end:].strip()
