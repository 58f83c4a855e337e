"""Logging in: AUTH with one of the mechanisms of SASL (RFC 4954).

Every exchange here has a fixed number of steps, so a server cannot keep one going.
"""

import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from distribute.errors import DeliveryError, PermanentDeliveryError
from distribute.sinks.smtp import commands
from distribute.sinks.smtp.dialogue import Dialogue, ask, refused
from distribute.sinks.smtp.replies import Reply
from distribute.sinks.smtp.scram import Scram, unproven
from distribute.sinks.smtp.server import SmtpServer

MECHANISMS = ("SCRAM-SHA-256", "PLAIN", "LOGIN", "XOAUTH2")
"""What `SmtpServer.auth` may name."""

_CONTINUE = 334
_AUTHENTICATED = 235
_LONGEST_COMMAND = 512
"""Octets of a command line with its CRLF (RFC 5321 section 4.5.3.1.4)."""
_MOST_WORDS = 300
_HINT = "Check `username` and the password of [smtp]."
_HINT_FOR_XOAUTH2 = "Check `username` of [smtp], and what `token_command` prints."


def authenticate(server: SmtpServer, offered: Sequence[str]) -> Dialogue[None]:
    """Log in with the mechanism that the settings name, or the best one offered.

    `offered` are the parameters of AUTH in the EHLO reply, in capitals. Raises
    `PermanentDeliveryError` where a setting must change first, and for a server that
    fails to prove itself; `TransientDeliveryError` where another try may work.
    """
    mechanism = _choose(server, offered)
    reply = yield from _EXCHANGES[mechanism](server)
    if reply.code == _CONTINUE:
        raise PermanentDeliveryError(
            f"the server asks for more than a login with {mechanism} has to say",
            hint="Ask the server's owner; `auth` in [smtp] names another way to log in.",
        )
    if reply.code != _AUTHENTICATED:
        raise refused(reply, "the login", hint=_HINT)


def _choose(server: SmtpServer, offered: Sequence[str]) -> str:
    wanted = _wanted(server)
    for mechanism in wanted:
        if mechanism in offered:
            return mechanism
    shown = f"only {', '.join(sorted(set(offered)))}" if offered else "no login at all"
    raise PermanentDeliveryError(
        f"the server does not offer AUTH {' or '.join(wanted)}, {shown}",
        hint="Remove `username` from [smtp], or use the submission port 587 or 465.",
    )


def _wanted(server: SmtpServer) -> Sequence[str]:
    """List the mechanisms that will do, the best first."""
    if not server.auth:
        return ("XOAUTH2",) if server.token_command else MECHANISMS[:-1]
    mechanism = server.auth.upper()
    if mechanism not in MECHANISMS:
        raise PermanentDeliveryError(
            f"{server.auth!r} is no way to log in",
            hint=f"Write one of {', '.join(MECHANISMS)} as `auth` in [smtp].",
        )
    return (mechanism,)


def _scram(server: SmtpServer) -> Dialogue[Reply]:
    """Log in without giving the password away; see `distribute.sinks.smtp.scram`."""
    scram = Scram(server.username, server.password, nonce=server.nonce())
    reply = yield from _begin("SCRAM-SHA-256", scram.first())
    proof = scram.proof(_challenge(reply))
    reply = yield from ask(commands.answer(proof))
    scram.verify(_challenge(reply))
    return (yield from ask(commands.answer(b"")))


def _plain(server: SmtpServer) -> Dialogue[Reply]:
    """Log in with PLAIN (RFC 4616); some servers ask again for what came unasked."""
    username, password = _credentials(server)
    response = b"\0" + username + b"\0" + password
    reply = yield from _begin("PLAIN", response)
    if reply.code == _CONTINUE:
        reply = yield from ask(commands.answer(response))
    return reply


def _login(server: SmtpServer) -> Dialogue[Reply]:
    """Log in with LOGIN, which no standard has; what it asks is not looked at."""
    credentials = _credentials(server)
    reply = yield from ask(commands.command("AUTH LOGIN"))
    for response in credentials:
        if reply.code != _CONTINUE:
            break
        reply = yield from ask(commands.answer(response))
    return reply


def _xoauth2(server: SmtpServer) -> Dialogue[Reply]:
    """Log in with a token; one that is refused, and may be stale, is made anew once."""
    if not (server.username and server.token_command):
        raise PermanentDeliveryError(
            "a login with XOAUTH2 needs a user name, and a command that prints a token",
            hint="Set `username` and `token_command` in [smtp].",
        )
    stale = server.tokens.get(server.token_command)
    reply, refusal = yield from _offer_token(server, stale)
    if refusal:
        server.tokens.forget(stale)
        token = server.tokens.get(server.token_command)
        if token != stale:
            reply, refusal = yield from _offer_token(server, token)
    if refusal:
        raise refusal
    return reply


def _offer_token(
    server: SmtpServer, token: str
) -> Dialogue[tuple[Reply, DeliveryError | None]]:
    """Show one token; a refusal is explained first, and the explanation acknowledged."""
    username = _octets("username", server.username)
    response = b"user=" + username + b"\x01auth=Bearer " + token.encode() + b"\x01\x01"
    reply = yield from _begin("XOAUTH2", response)
    explained = ""
    if reply.code == _CONTINUE:
        explained = _explanation(reply)
        reply = yield from ask(commands.answer(b""))
    if reply.is_permanent:
        what = f"the token ({explained})" if explained else "the token"
        return reply, refused(reply, what, hint=_HINT_FOR_XOAUTH2)
    return reply, None


_EXCHANGES: Mapping[str, Callable[[SmtpServer], Dialogue[Reply]]] = MappingProxyType(
    {"SCRAM-SHA-256": _scram, "PLAIN": _plain, "LOGIN": _login, "XOAUTH2": _xoauth2}
)


def _begin(mechanism: str, response: bytes) -> Dialogue[Reply]:
    """Say AUTH with the first response, or, where the line gets too long, before it."""
    at_once = commands.command(f"AUTH {mechanism} {b64encode(response).decode()}")
    if len(at_once) <= _LONGEST_COMMAND:
        return (yield from ask(at_once))
    reply = yield from ask(commands.command(f"AUTH {mechanism}"))
    if reply.code == _CONTINUE:
        reply = yield from ask(commands.answer(response))
    return reply


def _challenge(reply: Reply) -> bytes:
    """Decode what the server asks with 334.

    Whoever lets us in without it has not shown to know the password.
    """
    if reply.code == _AUTHENTICATED:
        raise unproven()
    if reply.code != _CONTINUE:
        raise refused(reply, "the login", hint=_HINT)
    try:
        return b64decode("".join(reply.lines).strip(), validate=True)
    except (Base64Error, ValueError):
        raise PermanentDeliveryError(
            f"the server asks for something in the login that is not base64: {reply}",
            hint="Ask the server's owner; `auth` in [smtp] names another way to log in.",
        ) from None


def _explanation(reply: Reply) -> str:
    """Say in words why a token was refused; the server tells in JSON, in base64."""
    try:
        told = json.loads(b64decode("".join(reply.lines).strip(), validate=True))
    except (ValueError, RecursionError):
        return ""
    if not isinstance(told, dict):
        return ""
    words = ", ".join(f"{key} {value}" for key, value in told.items())
    return "".join(c for c in words if c.isprintable())[:_MOST_WORDS]


def _credentials(server: SmtpServer) -> tuple[bytes, bytes]:
    return _octets("username", server.username), _octets("password", server.password)


def _octets(key: str, text: str) -> bytes:
    """Encode a credential; what could end it early, or is not Unicode, is refused."""
    try:
        octets = text.encode("utf-8")
    except UnicodeEncodeError:
        octets = b"\0"  # undecodable in the environment; of as little use
    if b"\0" in octets or b"\1" in octets:
        raise PermanentDeliveryError(
            f"the {key} of [smtp] has a character that no login can carry",
            hint="It must be UTF-8 without control characters.",
        )
    return octets
