"""One mailbox, parsed once: inside the house nobody handles an address as a bare string.

The one door to email-validator, which knows RFC 5321, RFC 6531 and IDNA 2008.
"""

import unicodedata
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Self

from distribute.errors import MailboxError


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
        found, address = parseaddr(text) if "<" in text else ("", text)
        return cls(_validated(address.strip(), text), _tidy(name or found))

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
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in text):
        raise MailboxError(
            f"{text!r} contains a control character",
            hint="Remove line breaks, tabs and the like from the address and name.",
        )


def _validated(address: str, text: str) -> str:
    from email_validator import EmailNotValidError, validate_email

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
