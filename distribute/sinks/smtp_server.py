"""How to reach a mail server: the settings of the SMTP sink."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ssl import SSLContext

Security = Literal["starttls", "tls", "none"]


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
    timeout: float | None = field(default=None, repr=False)
    """Longest wait in seconds; `None` means those of RFC 5321 section 4.5.3.2."""
    ehlo_name: str = field(default="", repr=False)
    """Empty: the address literal of our end (RFC 5321 section 4.1.3)."""
    ca_file: Path | None = field(default=None, repr=False)
    """Certificates to trust instead of the system's, in PEM."""
    ssl_context: "SSLContext | None" = field(default=None, repr=False, compare=False)
    """Takes the place of a context made from the system's or `ca_file`'s certificates."""

    def tls_context(self) -> "SSLContext":
        """Make what checks certificate and host name; raises `OSError` without `ca_file`."""
        from ssl import create_default_context

        return self.ssl_context or create_default_context(cafile=self.ca_file)

    def wait(self, seconds: float) -> float:
        """Cut a wait of the standard down to the configured one."""
        return seconds if self.timeout is None else min(seconds, self.timeout)
