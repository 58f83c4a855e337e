"""Delivery status notifications (RFC 3464, RFC 6533): one report per recipient."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from distribute.campaign.returned import status
from distribute.campaign.returned.address import original_of, recipient_of
from distribute.campaign.returned.clean import cleaned
from distribute.campaign.returned.header import Header, read_header
from distribute.campaign.returned.mime import Part
from distribute.campaign.returned.report import Kind, Report

TYPES = ("message/delivery-status", "message/global-delivery-status")
MOST_RECIPIENTS = 100
_ACTIONS = {
    "fail": Kind.FAILED,
    "error": Kind.FAILED,  # OpenSMTPD
    "delay": Kind.DELAYED,
    "deliver": Kind.DELIVERED,
    "relay": Kind.DELIVERED,
    "expand": Kind.DELIVERED,
}
"""By how Action begins; some write comments behind it."""
_CLASSES = {"5": Kind.FAILED, "4": Kind.DELAYED, "2": Kind.DELIVERED}
"""By the class of Status, where no action is told."""
_HOST = re.compile(r"[a-z0-9_.-]{1,255}")
_ABOUT_SOMEBODY = ("final-recipient", "original-recipient", "action")


@dataclass(frozen=True, slots=True)
class StatusPart:
    """What a delivery report says in fields."""

    envelope_id: str
    """Original-Envelope-Id, as it stands there."""
    reports: tuple[Report, ...]


def read_dsn(part: Part) -> StatusPart:
    """Read the machine's part of a report; one that names nobody has no reports."""
    groups = list(_groups(part.content()))
    recipients = [group for group in groups if _is_about_somebody(group)]
    told = (group.first("reporting-mta") for group in groups)
    server = next(filter(None, told), "")
    reports = [_report(group, server) for group in recipients[:MOST_RECIPIENTS]]
    if len(recipients) > MOST_RECIPIENTS:
        rest = f"{len(recipients) - MOST_RECIPIENTS} more recipients are not read"
        reports.append(Report(kind=Kind.UNKNOWN, text=rest, source="dsn"))
    envelope_id = (group.first("original-envelope-id") for group in groups)
    return StatusPart(next(filter(None, envelope_id), ""), tuple(reports))


def _groups(content: bytes) -> Iterator[Header]:
    """Split at blank lines; some write blanks or a part's header into them."""
    lines = b"\n".join(line.rstrip(b" \t") for line in content.split(b"\n"))
    for block in lines.split(b"\n\n"):
        if block.strip():
            yield read_header(block.strip(b"\n"))


def _is_about_somebody(group: Header) -> bool:
    return any(name in group for name in _ABOUT_SOMEBODY)


def _report(group: Header, server: str) -> Report:
    words = group.words("diagnostic-code")
    said = words.partition(";")[2].strip() or words
    code = status.combined(group.first("status"), words)
    return Report(
        kind=_kind(group.first("action"), code),
        recipient=recipient_of(
            group.words("final-recipient") or group.words("x-actual-recipient")
        ),
        original=original_of(group.words("original-recipient")),
        status=code,
        code=status.reply(said),
        text=cleaned(said or group.first("status") or group.first("action")),
        server=_host(group.first("remote-mta") or server),
        source="dsn",
    )


def _host(value: str) -> str:
    """Read the name of a server: ``dns; mx.example.net (203.0.113.9)``."""
    kind, _, name = value.rpartition(";")
    found = name.partition("(")[0].strip().lower()
    is_name = kind.strip().lower() in {"dns", ""} and _HOST.fullmatch(found)
    return found if is_name else ""


def _kind(action: str, code: str) -> Kind:
    told = action.strip().lower()
    kinds = (kind for start, kind in _ACTIONS.items() if told.startswith(start))
    return next(kinds, None) or _CLASSES.get(code[:1], Kind.UNKNOWN)
