"""The one door to flufl.bounce, which knows the bounces of servers nobody else knows.

It is asked last, and only about what a mail system sent: its patterns are wide. It never
sees the message itself but a copy with few fields, few lines and no depth.
"""

from email.message import Message

from distribute.campaign.returned import status
from distribute.campaign.returned.address import tidy
from distribute.campaign.returned.clean import cleaned
from distribute.campaign.returned.mime import Part
from distribute.campaign.returned.report import Kind, Report

MOST_LINES = 200
LONGEST_LINE = 200
_FIELDS = ("from", "subject", "x-failed-recipients")


def read_by_flufl(message: Part) -> tuple[Report, ...]:
    """Give whom flufl.bounce finds; nothing where it finds nobody, or fails itself."""
    from flufl.bounce import all_failures  # seventeen detectors, and seldom asked

    _hush()
    text = _text(message)
    try:
        delayed, failed = all_failures(_copy(message, text))
    except Exception:  # noqa: BLE001 - whatever its detectors stumble over is no bounce
        return ()
    return tuple(
        _report(kind, recipient.decode("ascii", "replace"), text)
        for kind, recipients in ((Kind.FAILED, failed), (Kind.DELAYED, delayed))
        for recipient in sorted(recipients)
        if b"@" in recipient
    )


def _hush() -> None:
    """Keep hostile words from standard error, where the library would log its failures."""
    from logging import NullHandler, getLogger

    log = getLogger("flufl.bounce")
    log.propagate = False
    if not log.handlers:
        log.addHandler(NullHandler())


def _report(kind: Kind, recipient: str, text: str) -> Report:
    said = status.refusals(text.split("\n"))
    codes = {status.combined("", line) for line in said} - {""}
    words = said[0] if said else ""
    return Report(
        kind=kind,
        recipient=tidy(recipient),
        status=codes.pop() if len(codes) == 1 else "",
        code=status.reply(words),
        text=cleaned(words) or "a bounce by its wording",
        source="flufl",
    )


def _text(message: Part) -> str:
    parts = (part.text() for part in message.walk() if part.type.startswith("text/"))
    lines = "\n".join(parts).split("\n", MOST_LINES)[:MOST_LINES]
    return "\n".join(line[:LONGEST_LINE] for line in lines)


def _copy(message: Part, text: str) -> Message:
    copy = Message()
    for name in _FIELDS:
        if name in message.header:
            copy[name] = cleaned(message.header.first(name), 1000)
    copy.set_payload(text.encode("ascii", "replace").decode("ascii"))
    return copy
