"""Complaints of readers (RFC 5965), also where the address is left out (RFC 6590).

Outlook.com long sent another format of its own: our message in a message from its staff.
"""

from distribute.campaign.returned.address import tidy
from distribute.campaign.returned.clean import cleaned
from distribute.campaign.returned.header import Header, address, read_header
from distribute.campaign.returned.mime import Part
from distribute.campaign.returned.report import Kind, Report

TYPE = "message/feedback-report"
MOST_RECIPIENTS = 100
_COMPLAINTS = frozenset({"abuse", "fraud"})
_LEAVING = frozenset({"opt-out", "opt-out-list", "unsubscribe"})
_NO_COMPLAINTS = frozenset({"not-spam", "auth-failure", "dmarc", "virus"})
"""Taken back, or told by machines about machines (RFC 6591)."""
_STAFF = frozenset({"staff@hotmail.com", "staff@outlook.com"})
_REPORTER = "x-hmxmroriginalrecipient"


def read_arf(part: Part) -> tuple[Report, ...]:
    """Read a feedback report: one report per recipient, or one without any."""
    fields = read_header(part.content().strip(b"\n").replace(b"\n\n", b"\n"))
    told = fields.first("feedback-type").strip().lower()
    kind, why = _kind(told)
    agent = fields.first("user-agent")
    text = cleaned(f"{why} ({agent})" if agent else why)
    named = fields.all("original-rcpt-to") + fields.all("removal-recipient")
    recipients = dict.fromkeys(tidy(value) for value in named[:MOST_RECIPIENTS])
    return tuple(
        Report(kind=kind, recipient=recipient, text=text, source="arf")
        for recipient in recipients or ("",)
    )


def envelope_sender(part: Part) -> str:
    """Give Original-Mail-From, which is where VERP shows."""
    return address(read_header(part.content()).first("original-mail-from"))


def read_staff_report(header: Header, returned: Header) -> tuple[Report, ...]:
    """Read a complaint in the format of Outlook.com before 2026; empty if it is none."""
    if address(header.first("from")).lower() not in _STAFF or _REPORTER not in returned:
        return ()
    return (
        Report(
            kind=Kind.COMPLAINT,
            recipient=tidy(returned.first(_REPORTER)),
            text="marked as junk at Outlook.com",
            source="arf",
        ),
    )


def _kind(told: str) -> tuple[Kind, str]:
    if told in _COMPLAINTS:
        return Kind.COMPLAINT, f"complaint: {told}"
    if told in _LEAVING:
        return Kind.LEAVE, f"feedback: {told}"
    if told in _NO_COMPLAINTS:
        return Kind.AUTOMATIC, f"no complaint: {told}"
    return Kind.UNKNOWN, f"feedback of another type: {told or 'none'}"
