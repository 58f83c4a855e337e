"""A login held without a network: settings, what a server asks for, a known exchange."""

from base64 import b64encode
from collections.abc import Sequence

from distribute.sinks.smtp.auth import authenticate
from distribute.sinks.smtp.server import SmtpServer
from tests.sinks.smtp.dialogues import Talk

NONCE = "rOprNGfwEbeRWgbNEkqO"
PENCIL = "pencil"
FULL_NONCE = NONCE + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
"""Of the exchange in RFC 7677 section 3."""


def server(
    username: str = "user",
    password: str = PENCIL,
    *,
    auth: str = "",
    token_command: str = "",
) -> SmtpServer:
    """Give settings."""
    return SmtpServer(
        host="mail.example.org",
        username=username,
        password=password,
        auth=auth,
        token_command=token_command,
        nonce=lambda: NONCE,
    )


def log_in(
    talk: Talk, settings: SmtpServer, offered: Sequence[str], *replies: str
) -> None:
    """Log in to a server that offers and says these things."""
    talk.hold(authenticate(settings, offered), replies)


def asked(text: str) -> str:
    """Write what a server asks for."""
    return f"334 {encoded(text)}"


def encoded(text: str) -> str:
    """Write one answer."""
    return b64encode(text.encode()).decode()


CHALLENGE = asked(f"r={FULL_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
PROOF = asked("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
