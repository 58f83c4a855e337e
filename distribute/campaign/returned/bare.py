"""Bounces of servers that write no delivery report: qmail, Exim, old Exchange, Yahoo.

Only texts that are known word for word are read here, and only from the beginning of a
text that a mail server wrote. What is copied below the report is our own header again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from distribute.campaign.returned import status
from distribute.campaign.returned.address import tidy
from distribute.campaign.returned.clean import cleaned
from distribute.campaign.returned.header import Header, address, addresses
from distribute.campaign.returned.mime import Part
from distribute.campaign.returned.report import Kind, Report

MOST_RECIPIENTS = 100
MOST_LINES = 400
LONGEST_LINE = 500
_WITHIN = 30
"""Lines from the beginning in which the known words must stand."""
_ADDRESS = r"(?P<who>[^\s<>@]{1,64}@[^\s<>@:;]{1,255})"
_DAEMONS = re.compile(
    r"(?:mailer-?daemon|mail-?daemon|postmaster|post_master|double-bounce|bounce|"
    r"mail-?delivery(?:-subsystem|-system)?|maildelivery|mdaemon)(?:[+-].*)?",
    re.IGNORECASE,
)
_DELAYED = re.compile(r"\(delay|delayed|warning|verzögert|retardé|\bnot yet\b", re.I)


@dataclass(frozen=True, slots=True)
class _Format:
    """How a server writes: what it begins with, how it names whom, and where it ends."""

    name: str
    start: re.Pattern[str]
    who: re.Pattern[str]
    end: re.Pattern[str]
    kind: Kind = Kind.FAILED


def _format(
    name: str, start: str, who: str, end: str, kind: Kind = Kind.FAILED
) -> _Format:
    patterns = (re.compile(start, re.I), re.compile(who), re.compile(end, re.I))
    return _Format(name, *patterns, kind)


_IN_ANGLES = rf"<{_ADDRESS}>:"
_FORMATS = (
    _format("qmail", r"Hi\. This is the \S+", _IN_ANGLES, r"---"),
    _format(
        "yahoo",
        r"Sorry, we were unable to deliver your message to the following address",
        _IN_ANGLES,
        r"---",
    ),
    _format(
        "exim",
        r"A message that you sent could not be delivered to",
        rf" {{1,3}}{_ADDRESS}:?(?:\s|$)",
        r"------? ?This is a copy|------",
    ),
    _format(
        "exim",
        r"A message that you (?:have )?sent has not yet been delivered",
        rf" {{1,3}}{_ADDRESS}:?(?:\s|$)",
        r"No action is required|------",
        Kind.DELAYED,
    ),
    _format(
        "gmail",
        r"Delivery to the following recipients? failed permanently",
        rf" +\*? *{_ADDRESS}$",
        r"-----",
    ),
    _format(
        "gmail",
        r"Delivery to the following recipients? has been delayed",
        rf" +\*? *{_ADDRESS}$",
        r"-----",
        Kind.DELAYED,
    ),
    _format(
        "exchange",
        r"did not reach the following recipient|The following recipient\(s\) could not",
        rf"(?:.{{0,200}};SMTP=|\s*){_ADDRESS};? on ",
        r"-----",
    ),
    _format(
        "dragonfly",
        r"This is the DragonFly Mail Agent",
        rf"There was an error delivering your mail to <{_ADDRESS}>",
        r"(?:Message headers|Original message) follows?",
    ),
    _format(
        "opensmtpd",
        r"\s*An error has occurred while attempting to deliver a message",
        rf"{_ADDRESS}: ",
        r"\s*Below is a copy of the original message",
    ),
)


@dataclass(frozen=True, slots=True)
class BareBounce:
    """What a bounce without a delivery report says."""

    reports: tuple[Report, ...]
    copy: bytes
    """What it copied of the message that it is about; may be empty."""


def is_from_a_server(header: Header) -> bool:
    """Tell whether the mail system itself wrote, as far as its name says."""
    sender = address(header.first("from")) or header.first("from").strip()
    local = sender.partition("@")[0].strip(" <>\"'")
    return "x-failed-recipients" in header or _is_a_daemon(local, header)


def has_no_sender(header: Header) -> bool:
    """Tell whether the envelope had no sender, so that nothing may answer (RFC 5321)."""
    path = header.first("return-path").strip()
    return path == "<>" or path.strip("<>").lower() == "mailer-daemon"


def read_bare(message: Part) -> BareBounce | None:
    """Read a bounce whose words are known; `None` if they are not."""
    part = message.first("text/plain")
    if part is None or not is_from_a_server(message.header):
        return None
    lines = _lines(part.text())
    found = next(filter(None, (_read(form, lines) for form in _FORMATS)), None)
    return found or _by_field(message.header, lines)


def is_delay(subject: str) -> bool:
    """Tell whether a subject speaks of a delay, so that nothing is lost yet."""
    return _DELAYED.search(subject) is not None


def _is_a_daemon(local: str, header: Header) -> bool:
    if _DAEMONS.fullmatch(local):
        return True
    return not local and "from" in header and has_no_sender(header)


def _lines(text: str) -> list[str]:
    return [line[:LONGEST_LINE].rstrip() for line in text.split("\n", MOST_LINES)]


def _read(form: _Format, lines: Sequence[str]) -> BareBounce | None:
    heads = lines[:_WITHIN]
    start = next((n for n, line in enumerate(heads) if form.start.match(line)), None)
    if start is None:
        return None
    end = next((n for n, line in _after(start, lines) if form.end.match(line)), None)
    said = lines[start:end]
    copy = lines[end + 1 :] if end is not None else []
    reports = tuple(_reports(form, said))
    return BareBounce(reports, _copied(copy)) if reports else None


def _after(start: int, lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    return enumerate(lines[start + 1 :], start + 1)


def _reports(form: _Format, lines: Sequence[str]) -> Iterator[Report]:
    """Give one report for each who is named; the lines behind the name say why."""
    places = [
        (n, found) for n, line in enumerate(lines) if (found := form.who.match(line))
    ]
    ends = [*(n for n, _ in places[1:]), len(lines)]
    for (n, found), end in zip(places[:MOST_RECIPIENTS], ends, strict=False):
        words = " ".join((lines[n][found.end() :].lstrip(".:"), *lines[n + 1 : end]))
        yield _report(form.kind, found["who"], words, form.name)


def _by_field(header: Header, lines: Sequence[str]) -> BareBounce | None:
    """Read X-Failed-Recipients, which Exim, Gmail and mail.ru write."""
    named = [
        who for value in header.all("x-failed-recipients") for who in addresses(value)
    ]
    if not named:
        return None
    kind = Kind.DELAYED if is_delay(header.words("subject")) else Kind.FAILED
    end = next((n for n, line in enumerate(lines) if line.startswith("-----")), None)
    words = " ".join(status.refusals(lines[:end])) or header.words("subject")
    reports = (_report(kind, who, words, "exim") for who in named[:MOST_RECIPIENTS])
    copy = lines[end + 1 :] if end is not None else []
    return BareBounce(tuple(reports), _copied(copy))


def _report(kind: Kind, who: str, words: str, source: str) -> Report:
    return Report(
        kind=kind,
        recipient=tidy(who.rstrip(".,:")),
        status=status.combined("", words),
        code=status.reply(words),
        text=cleaned(words),
        source=source,
    )


def _copied(lines: Sequence[str]) -> bytes:
    return "\n".join(lines).strip("\n").encode("utf-8", "replace")
