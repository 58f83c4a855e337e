"""One mailbox, parsed once: inside the house nobody handles an address as a bare string.

The one door to email-validator, which knows RFC 5321, RFC 6531 and IDNA 2008.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from distribute.errors import MailboxError

_USUAL = re.compile(
    r"(?:(?P<name>[\w ]+)<)?"
    r"(?P<address>[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*"
    r"@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+"
    r"(?!(?:arpa|invalid|local|localhost|onion|test)\b)[a-z]{2,})"
    r"(?(name)>)"
)
"""What nobody has to think about: nothing in it is quoted, foreign or to be folded."""
_SHORT = 64
"""Characters; what is no longer keeps within all limits of RFC 5321 section 4.5.3.1."""


@dataclass(frozen=True, slots=True, order=True)
class Mailbox:
    """An address and a display name (RFC 5322 section 3.4).

    The constructor trusts; use `Mailbox.parse` for anything from outside.
    """

    address: str
    """``local@domain``; the domain in lower case and, where it can be, in Unicode."""
    name: str = ""
    """Display name, without quotes or encoding; empty when there is none."""

    @classmethod
    def parse(cls, text: str, *, name: str = "") -> Self:
        """Read ``a@example.org`` or ``Name <a@example.org>``.

        >>> Mailbox.parse("Ada <ada@EXAMPLE.org>")
        Mailbox(address='ada@example.org', name='Ada')

        Raises `MailboxError` for anything mail cannot be sent to, and for control
        characters anywhere: those are how headers and commands get injected.
        """
        _refuse_control_characters(text + name)
        found, address = _usual_parts(text) or _parts(text)
        return cls(address, _tidy(name or found))

    @property
    def key(self) -> str:
        """What makes two mailboxes the same person: the address without its case."""
        return self.address.casefold()

    @property
    def wire_address(self) -> str:
        """The address for the SMTP envelope: domain in A-labels (RFC 5890)."""
        from idna import encode

        local, _, domain = self.address.rpartition("@")
        if domain.isascii():
            return self.address
        return f"{local}@{encode(domain, uts46=True).decode('ascii')}"

    @property
    def needs_smtputf8(self) -> bool:
        """Whether only a server with SMTPUTF8 (RFC 6531) can take it."""
        return not self.address.rpartition("@")[0].isascii()

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


def _refuse_control_characters(text: str) -> None:
    if text.isprintable():  # as nearly all are, and then there is none
        return
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in text):
        raise MailboxError(
            f"{text!r} contains a control character",
            hint="Remove line breaks, tabs and the like from the address and name.",
        )


def _usual_parts(text: str) -> tuple[str, str] | None:
    """Read name and address at once where there is no more to it."""
    usual = _USUAL.fullmatch(text) if len(text) <= _SHORT else None
    if usual is None:
        return None
    return usual["name"] or "", usual["address"]


def _parts(text: str) -> tuple[str, str]:
    """Read name and address, whatever they look like; raises `MailboxError`."""
    if "<" not in text:
        return "", _validated(text.strip(), text)
    from email.utils import parseaddr  # loads sockets, random numbers and a calendar

    name, address = parseaddr(text)
    return name, _validated(address.strip(), text)


def _validated(address: str, text: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # long tables

    try:
        valid = validate_email(
            address, check_deliverability=False, globally_deliverable=False, strict=True
        )
    except EmailNotValidError as error:
        raise MailboxError(
            f"{text!r} is not a mailbox: {error}",
            hint="Write it as local@example.org.",
        ) from error
    return valid.normalized


def _tidy(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())
