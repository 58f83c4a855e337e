"""What a client must never do (RFC 5321, 2920, 1870, 6152): each breach in a sentence."""

import re
from collections.abc import Iterator, Mapping

LONGEST_LINE = 1000
"""Octets with CRLF (RFC 5321 section 4.5.3.1.6)."""
_LAST_IN_GROUP = frozenset({"EHLO", "HELO", "DATA", "QUIT", "STARTTLS", "AUTH"})
_WORD = rb"[A-Za-z0-9][A-Za-z0-9-]*(?:=[^\x00-\x20=\x7f]+)?"
_COMMANDS = {
    "EHLO": re.compile(rb"(?i:EHLO|HELO) (?:[A-Za-z0-9.-]+|\[[A-Za-z0-9.:]+\])"),
    "MAIL": re.compile(rb"(?i:MAIL FROM):<([^\x00-\x20<>\x7f]*)>((?: %b)*)" % _WORD),
    "RCPT": re.compile(rb"(?i:RCPT TO):<([^\x00-\x20<>\x7f]+)>((?: %b)*)" % _WORD),
    "AUTH": re.compile(rb"(?i:AUTH) [A-Z0-9-]+(?: [A-Za-z0-9+/=]+)?"),
}
_COMMANDS["HELO"] = _COMMANDS["EHLO"]
_BARE = frozenset({"DATA", "RSET", "NOOP", "QUIT", "STARTTLS"})
_EXTENSION_OF = {
    "SIZE": "SIZE",
    "BODY": "8BITMIME",
    "SMTPUTF8": "SMTPUTF8",
    "RET": "DSN",
    "ENVID": "DSN",
    "NOTIFY": "DSN",
    "ORCPT": "DSN",
}


def in_line(line: bytes) -> Iterator[str]:
    """Look at one line of a command, with its end."""
    if not line.endswith(b"\r\n"):
        yield "a line that ends in a bare LF"
    if b"\r" in line[:-2]:
        yield "a bare CR in a command"
    if b"\0" in line:
        yield "a NUL in a command"
    if len(line) > LONGEST_LINE:
        yield f"a command of {len(line)} octets"


def in_command(
    verb: str, line: bytes, offered: Mapping[str, str], *, utf8: bool
) -> Iterator[str]:
    """Look at the form of a command and at the parameters that go with it."""
    shown = line.rstrip(b"\r\n")
    if verb in _BARE:
        if shown.upper() != verb.encode():
            yield f"{verb} with something behind it"
        return
    match = _COMMANDS[verb].fullmatch(shown) if verb in _COMMANDS else None
    if match is None:
        yield "not a well-formed command"
    elif verb in {"MAIL", "RCPT"}:
        yield from _in_parameters(match[2], offered)
        if not shown.isascii() and not utf8:
            yield "a command beyond ASCII without SMTPUTF8"


def address_in(line: bytes) -> str:
    """Give the path of MAIL or RCPT, whatever is wrong with the rest."""
    start, end = line.find(b"<"), line.rfind(b">")
    return line[start + 1 : end].decode("utf-8", "replace")


def parameters_in(line: bytes) -> dict[str, str]:
    """Give the parameters of MAIL or RCPT."""
    words = line[line.rfind(b">") + 1 :].decode("utf-8", "replace").split()
    return {
        key.upper(): value for key, _, value in (word.partition("=") for word in words)
    }


def in_turn(verb: str, *, more: bool, pipelining: bool) -> Iterator[str]:
    """Look at whether a command came before its turn; `more`: something is behind it."""
    if more and not pipelining:
        yield f"something behind {verb}, without PIPELINING"
    elif more and verb in _LAST_IN_GROUP:
        yield f"something behind {verb}, which ends a group"


def in_message(content: bytes, *, eight_bit: bool) -> Iterator[str]:
    """Look at a message as it travels, without its final dot."""
    lines = content.split(b"\r\n")
    ends = len(lines) - 1
    if content.count(b"\n") != ends or content.count(b"\r") != ends:
        yield "a bare CR or LF in the message"
    if content and not content.endswith(b"\r\n"):
        yield "a message without CRLF at its end"
    if b"\0" in content:
        yield "a NUL in the message"
    dotted, stuffed = content.count(b"\n."), content.count(b"\n..")
    if dotted != stuffed or content[:1] == b"." != content[1:2]:
        yield "a line that begins with a single dot"
    if not eight_bit and not content.isascii():
        yield "a message beyond ASCII without BODY=8BITMIME"
    if max(map(len, lines)) + 2 > LONGEST_LINE:
        yield "a line of the message over 1000 octets"


def _in_parameters(words: bytes, offered: Mapping[str, str]) -> Iterator[str]:
    for word in words.decode("utf-8", "replace").split():
        extension = _EXTENSION_OF.get(word.partition("=")[0].upper())
        if extension is None or extension not in offered:
            yield f"the parameter {word}, which was not offered"
