"""One message that came back, whatever it is, read into reports. It never raises.

What says most is asked first: a delivery report, a complaint, a letter to leave, a bounce
whose words are known, a machine's answer; then what can only be guessed.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from distribute.campaign.returned import arf, automatic, dsn
from distribute.campaign.returned.address import tidy
from distribute.campaign.returned.bare import (
    has_no_sender,
    is_delay,
    is_from_a_server,
    read_bare,
)
from distribute.campaign.returned.clean import cleaned
from distribute.campaign.returned.fallback import read_by_flufl
from distribute.campaign.returned.header import Header, address
from distribute.campaign.returned.identity import identity_of
from distribute.campaign.returned.letters import read_letter
from distribute.campaign.returned.mime import Part, open_message
from distribute.campaign.returned.report import Kind, Report, Returned
from distribute.campaign.returned.verp import (
    Ours,
    answered_delivery,
    envelope_delivery,
    envelope_id_delivery,
    returned_delivery,
)

__all__ = ["Ours", "read_returned"]

_RETURNED = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global-headers",
    "text/rfc822",
)
_FAILURE = re.compile(
    r"undeliver|delivery (?:status notification|failure|has failed|failed)|returned mail"
    r"|mail delivery (?:failed|failure|error)|failure notice|could not be delivered"
    r"|unzustellbar|non remis|no se puede entregar|não (?:foi )?entreg|teslim edilemedi",
    re.IGNORECASE,
)


def read_returned(data: bytes, *, ours: Ours) -> Returned:
    """Read any octets as a message that came back; gives at least one report."""
    message = open_message(data)
    header = message.header
    return Returned(
        identity=identity_of(data, header),
        reports=_Reading(message, ours).reports(),
        message_id=cleaned(header.first("message-id").strip(" <>"), 200),
    )


class _Reading:
    """One message, its parts looked for once."""

    def __init__(self, message: Part, ours: Ours) -> None:
        self._message = message
        self._header = message.header
        self._ours = ours
        self._copy: bytes = b""
        self._sender = ""
        self._envelope_id = ""

    def reports(self) -> tuple[Report, ...]:
        """Ask everybody who can read it in turn; the first who can has the word."""
        readers: tuple[Callable[[], tuple[Report, ...]], ...] = (
            self._status_report,
            self._complaint,
            self._leaving,
            self._bare,
            self._answer,
            self._flufl,
            self._by_subject,
            self._machine,
            self._letter,
        )
        found = next(filter(None, (read() for read in readers)), None)
        if not found:
            found = (self._told(Kind.UNKNOWN, self._header.words("subject")),)
        return tuple(self._completed(report) for report in found)

    def _status_report(self) -> tuple[Report, ...]:
        part = self._message.first(*dsn.TYPES)
        if part is None:
            return ()
        told = dsn.read_dsn(part)
        self._envelope_id = told.envelope_id
        if not told.reports:
            return self._bare() or (
                self._told(Kind.UNKNOWN, "a delivery report that names nobody", "dsn"),
            )
        if _is_a_report(self._returned):
            return (self._told(Kind.UNKNOWN, "a report about a report", "dsn"),)
        return told.reports

    def _complaint(self) -> tuple[Report, ...]:
        part = self._message.first(arf.TYPE)
        if part is None:
            return arf.read_staff_report(self._header, self._returned)
        self._sender = arf.envelope_sender(part)
        return arf.read_arf(part)

    def _leaving(self) -> tuple[Report, ...]:
        """Believe a letter with a proof even of a machine: programs write it for people."""
        letter = read_letter(self._header)
        if letter and letter.kind is Kind.LEAVE and (letter.token or letter.delivery):
            return (letter,)
        return ()

    def _bare(self) -> tuple[Report, ...]:
        from_a_list = automatic.why_from_a_list(self._header)
        found = None if from_a_list else read_bare(self._message)
        if found is None:
            return ()
        self._copy = found.copy
        return found.reports

    def _answer(self) -> tuple[Report, ...]:
        receipt = self._message.first(*automatic.DISPOSITIONS)
        why = (
            automatic.why_a_receipt(receipt)
            if receipt
            else automatic.why_a_challenge(self._header)
            or automatic.why_an_answer(self._header)
        )
        return (self._told(Kind.AUTOMATIC, why, "automatic"),) if why else ()

    def _flufl(self) -> tuple[Report, ...]:
        return read_by_flufl(self._message) if self._is_of_the_system else ()

    def _by_subject(self) -> tuple[Report, ...]:
        """Take a server's word for a failure of what its address or copy names."""
        if not (self._is_of_the_system and self._delivery and self._tells_of_a_failure):
            return ()
        subject = self._header.words("subject")
        kind = Kind.DELAYED if is_delay(subject) else Kind.FAILED
        return (Report(kind=kind, text=cleaned(subject), source="verp"),)

    def _machine(self) -> tuple[Report, ...]:
        if self._is_of_the_system and self._tells_of_a_failure:
            return ()  # somebody ought to read it
        why = automatic.why_made_by_a_machine(self._header)
        return (self._told(Kind.AUTOMATIC, why, "automatic"),) if why else ()

    def _letter(self) -> tuple[Report, ...]:
        letter = read_letter(self._header)
        return (letter,) if letter else ()

    def _told(self, kind: Kind, why: str, source: str = "") -> Report:
        sender = tidy(address(self._header.first("from")))
        return Report(kind=kind, recipient=sender, text=cleaned(why), source=source)

    def _completed(self, report: Report) -> Report:
        """Add which delivery it is about, and to whom that went."""
        is_letter = report.source == "letter"
        return replace(
            report,
            delivery=report.delivery or ("" if is_letter else self._delivery),
            original=report.original or tidy(address(self._returned.first("to"))),
        )

    @cached_property
    def _delivery(self) -> str:
        header, ours = self._header, self._ours
        return (
            envelope_delivery(header, ours)
            or envelope_id_delivery(self._envelope_id)
            or ours.in_address(self._sender)
            or returned_delivery(self._returned, ours)
            or answered_delivery(header, ours)
        )

    @property
    def _returned(self) -> Header:
        """Give the header of the message that this one is about."""
        return self._attached or open_message(self._copy).header

    @cached_property
    def _attached(self) -> Header | None:
        part = self._message.first(*_RETURNED)
        return part.inner().header if part else None

    @property
    def _is_of_the_system(self) -> bool:
        """Whether a mail system wrote it, and no list passed it on."""
        header = self._header
        if automatic.why_from_a_list(header):
            return False
        if is_from_a_server(header):
            return True
        return has_no_sender(header) and self._tells_of_a_failure

    @property
    def _tells_of_a_failure(self) -> bool:
        return _FAILURE.search(self._header.words("subject")) is not None


def _is_a_report(returned: Header) -> bool:
    """Tell whether what was returned is itself a report: nobody of ours is meant."""
    return returned.first("content-type").lower().startswith("multipart/report")
