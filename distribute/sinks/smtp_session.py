"""The opening of an SMTP session: greeting, EHLO, STARTTLS, AUTH."""

from dataclasses import dataclass

from distribute.errors import (
    DeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
)
from distribute.sinks import smtp_commands as commands
from distribute.sinks.smtp_commands import Extensions
from distribute.sinks.smtp_connection import COMMAND, Connection, LostConnectionError
from distribute.sinks.smtp_replies import Reply, extensions_of
from distribute.sinks.smtp_server import SmtpServer

_READY = 220
_CONTINUE = 334
_AUTHENTICATED = 235


@dataclass(frozen=True, slots=True)
class Session:
    """A connection that is ready for MAIL, and what its server offers."""

    connection: Connection
    extensions: Extensions


def open_session(server: SmtpServer) -> Session:
    """Connect and come as far as MAIL.

    Raises `TransientDeliveryError` where another try may work, and
    `PermanentDeliveryError` where a setting must change first: no STARTTLS, an untrusted
    certificate, a refused password. Never sends a password over an open network.
    """
    connection = Connection.open(server)
    try:
        return Session(connection, _prepare(connection, server))
    except BaseException:
        connection.close()
        raise


def refused(reply: Reply, what: str, *, hint: str = "") -> DeliveryError:
    """Make the error for a reply that would meet any recipient."""
    if reply.is_transient:
        return TransientDeliveryError(
            f"the server refused {what} for now: {reply}",
            hint=hint or "Run the same command again later.",
        )
    if reply.is_permanent:
        return PermanentDeliveryError(
            f"the server refused {what}: {reply}",
            hint=hint or "Ask the server's owner why.",
        )
    return LostConnectionError(f"the server gave an answer out of turn: {reply}")


def _prepare(connection: Connection, server: SmtpServer) -> Extensions:
    if server.security == "tls":
        connection.start_tls()
    greeting = connection.reply(COMMAND)
    if greeting.code != _READY:
        raise refused(greeting, "the connection")
    extensions = _hello(connection, server)
    if server.security == "starttls":
        _start_tls(connection, extensions)
        extensions = _hello(connection, server)
    if server.username:
        _authenticate(connection, server, extensions)
    return extensions


def _hello(connection: Connection, server: SmtpServer) -> Extensions:
    """Say EHLO, or HELO to a server that does not know it (RFC 5321 section 3.2)."""
    name = server.ehlo_name or connection.address_literal
    reply = connection.ask(commands.command(f"EHLO {name}"), COMMAND)
    if reply.is_positive:
        return extensions_of(reply)
    if reply.is_permanent:
        reply = connection.ask(commands.command(f"HELO {name}"), COMMAND)
    if not reply.is_positive:
        raise refused(reply, f"our greeting as {name}")
    return {}


def _start_tls(connection: Connection, extensions: Extensions) -> None:
    """Begin TLS (RFC 3207); without it nothing is sent at all."""
    if "STARTTLS" not in extensions:
        raise PermanentDeliveryError(
            "the server does not offer STARTTLS",
            hint='Set security = "tls" in [smtp] if its port speaks TLS at once; '
            '"none" only for a server on this machine.',
        )
    reply = connection.ask(commands.STARTTLS, COMMAND)
    if reply.code != _READY:
        raise refused(reply, "STARTTLS")
    connection.start_tls()


def _authenticate(
    connection: Connection, server: SmtpServer, extensions: Extensions
) -> None:
    """Log in with PLAIN, or LOGIN where that is all there is (RFC 4954)."""
    if server.security == "none" and not connection.is_local:
        raise PermanentDeliveryError(
            "the password would cross the network unencrypted",
            hint='Set security = "starttls" or "tls" in [smtp].',
        )
    offered = extensions.get("AUTH", ())
    if "PLAIN" in offered:
        reply = _plain(connection, server)
    elif "LOGIN" in offered:
        reply = _login(connection, server)
    else:
        raise PermanentDeliveryError(
            "the server offers neither AUTH PLAIN nor AUTH LOGIN",
            hint="Remove `username` from [smtp], or use the submission port 587 or 465.",
        )
    if reply.code != _AUTHENTICATED:
        raise refused(
            reply, "the login", hint="Check `username` and the password of [smtp]."
        )


def _plain(connection: Connection, server: SmtpServer) -> Reply:
    answer = commands.auth_plain(server.username, server.password)
    reply = connection.ask(commands.command(f"AUTH PLAIN {answer}"), COMMAND)
    if reply.code == _CONTINUE:
        reply = connection.ask(commands.command(answer), COMMAND)
    return reply


def _login(connection: Connection, server: SmtpServer) -> Reply:
    reply = connection.ask(commands.command("AUTH LOGIN"), COMMAND)
    for answer in (server.username, server.password):
        if reply.code != _CONTINUE:
            break
        reply = connection.ask(commands.command(commands.base64_of(answer)), COMMAND)
    return reply
