"""The opening of an SMTP session, as far as MAIL: greeting, EHLO, STARTTLS, AUTH."""

from distribute.errors import DeliveryError, PermanentDeliveryError, TurnedAwayError
from distribute.sinks.smtp import commands
from distribute.sinks.smtp.auth import authenticate
from distribute.sinks.smtp.commands import Extensions
from distribute.sinks.smtp.dialogue import Dialogue, Say, StartTls, ask, refused
from distribute.sinks.smtp.replies import Reply, extensions_of
from distribute.sinks.smtp.server import SmtpServer

__all__ = ["Say", "StartTls", "opening", "refused"]

_READY = 220


def opening(
    server: SmtpServer, *, is_local: bool, address_literal: str
) -> Dialogue[Extensions]:
    """Come as far as MAIL, and give what the server offers.

    `is_local` tells whether the other end is this machine, `address_literal` is our own
    end as EHLO names it where nothing else is configured. The steps are described in
    `distribute.sinks.smtp.dialogue`; the first is to wait for the greeting, or, for a
    port that speaks nothing but TLS, to begin with that.

    Raises `TransientDeliveryError` where another try may work, and
    `PermanentDeliveryError` where a setting must change first: no STARTTLS, a refused
    password; `TurnedAwayError` in place of a greeting. Never sends a password over an open network.
    """
    name = server.ehlo_name or address_literal
    if server.security == "tls":
        yield StartTls()
    greeting = yield from ask(b"")
    if greeting.code != _READY:
        raise _turned_away(greeting)
    extensions = yield from _hello(name)
    if server.security == "starttls":
        yield from _start_tls(extensions)
        extensions = yield from _hello(name)
    if server.username or server.token_command:
        _refuse_open_network(server, is_local=is_local)
        yield from authenticate(server, extensions.get("AUTH", ()))
    return extensions


def _turned_away(greeting: Reply) -> DeliveryError:
    error = refused(greeting, "the connection")
    if greeting.is_permanent:
        return TurnedAwayError(error.reason, hint=error.hint)
    return error


def _hello(name: str) -> Dialogue[Extensions]:
    """Say EHLO, or HELO to a server that does not know it (RFC 5321 section 3.2)."""
    reply = yield from ask(commands.command(f"EHLO {name}"))
    if reply.is_positive:
        return extensions_of(reply)
    if reply.is_permanent:
        reply = yield from ask(commands.command(f"HELO {name}"))
    if not reply.is_positive:
        raise refused(reply, f"our greeting as {name}")
    return {}


def _start_tls(extensions: Extensions) -> Dialogue[None]:
    """Begin TLS (RFC 3207); without it nothing is sent at all.

    What the server offered before is forgotten: it was said in plain text.
    """
    if "STARTTLS" not in extensions:
        raise PermanentDeliveryError(
            "the server does not offer STARTTLS",
            hint='Set security = "tls" in [smtp] if its port speaks TLS at once; '
            '"none" only for a server on this machine.',
        )
    reply = yield from ask(commands.STARTTLS)
    if reply.code != _READY:
        raise refused(reply, "STARTTLS")
    yield StartTls()


def _refuse_open_network(server: SmtpServer, *, is_local: bool) -> None:
    if server.security == "none" and not is_local:
        raise PermanentDeliveryError(
            "the password would cross the network unencrypted",
            hint='Set security = "starttls" or "tls" in [smtp].',
        )
