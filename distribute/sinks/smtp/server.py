"""How to reach a mail server: the settings of the SMTP sink."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from os import urandom
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from distribute.sinks.smtp.token import Tokens

if TYPE_CHECKING:
    from ssl import SSLContext

Security = Literal["starttls", "tls", "none"]


def fresh_nonce() -> str:
    """Make what nobody can guess or repeat, for one login.

    A secret of one conversation, not an id: nothing that is sent or kept depends on it.
    """
    return b64encode(urandom(18)).decode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """A server that takes messages, and how to speak to it.

    >>> SmtpServer(host="localhost", username="news", password="hidden")
    SmtpServer(host='localhost', port=25, security='starttls', username='news')
    """

    host: str
    port: int = 25
    security: Security = "starttls"
    """``starttls`` and ``tls`` never fall back to plain text."""
    username: str = ""
    """Empty: no AUTH."""
    password: str = field(default="", repr=False)
    token_command: str = field(default="", repr=False)
    """Prints an access token; with it the login is XOAUTH2 and needs no password."""
    auth: str = field(default="", repr=False)
    """How to log in, as `distribute.sinks.smtp.auth.MECHANISMS` has it, in any case.

    Empty: XOAUTH2 with a `token_command`, else the strongest that the server offers.
    """
    connections: int = field(default=4, repr=False)
    """Most at the same time."""
    renew_after: int = field(default=1000, repr=False)
    """Messages on one connection before another takes its place; 0: any number."""
    patience: float = field(default=60, repr=False)
    """Seconds to go on trying when no connection works any more."""
    timeout: float | None = field(default=None, repr=False)
    """Longest wait in seconds; `None` means those of RFC 5321 section 4.5.3.2."""
    ehlo_name: str = field(default="", repr=False)
    """Empty: the address literal of our end (RFC 5321 section 4.1.3)."""
    ca_file: Path | None = field(default=None, repr=False)
    """Certificates to trust instead of the system's, in PEM."""
    ssl_context: "SSLContext | None" = field(default=None, repr=False, compare=False)
    """Takes the place of a context made from the system's or `ca_file`'s certificates."""
    nonce: Callable[[], str] = field(default=fresh_nonce, repr=False, compare=False)
    """Makes the nonces of SCRAM; see `distribute.sinks.smtp.scram.Scram`."""
    tokens: Tokens = field(default_factory=Tokens, repr=False, compare=False)
    """Keeps the token, so that connections need not each run the command."""

    def tls_context(self) -> "SSLContext":
        """Make what checks certificate and host name; raises `OSError` without `ca_file`."""
        from ssl import create_default_context

        return self.ssl_context or create_default_context(cafile=self.ca_file)

    def wait(self, seconds: float) -> float:
        """Cut a wait of the standard down to the configured one."""
        return seconds if self.timeout is None else min(seconds, self.timeout)
