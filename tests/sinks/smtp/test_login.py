"""Log in at a real server through the whole engine, over STARTTLS, by each mechanism."""

import hashlib
import hmac
import ssl
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from distribute.campaign.campaign import Outcome
from distribute.errors import PermanentDeliveryError
from distribute.sinks.smtp.server import SmtpServer
from distribute.sinks.smtp.sink import SmtpSink
from tests.sinks.driver import addresses, deliver, parcel_to

if TYPE_CHECKING:
    from tests.sinks.conftest import Smtpd

    Start = Callable[..., Smtpd]

TOKEN = "ya29.a-token"
NAME, PASSWORD = "news,letter=5", "s3cret"
SALT, ROUNDS = b"pepper", 4096


class Gate(SMTP):
    """A server that also knows SCRAM-SHA-256 (RFC 7677) and XOAUTH2."""

    async def auth_SCRAM__SHA__256(
        self, _server: SMTP, args: Sequence[str]
    ) -> AuthResult:
        """Let in who knows the password, and show to know it too (RFC 5802)."""
        bare = b64decode(args[1]).removeprefix(b"n,,")
        name, nonce = bare.removeprefix(b"n=").split(b",r=")
        salt = b64encode(SALT)
        first = b"r=%bours,s=%b,i=%d" % (nonce, salt, ROUNDS)
        final = cast("bytes", await self.challenge_auth(first))
        without, _, proof = final.rpartition(b",p=")
        assert without == b"c=biws,r=%bours" % nonce
        signed = b",".join((bare, first, without))
        salted = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), SALT, ROUNDS)
        client_key = _mac(salted, b"Client Key")
        signature = _mac(hashlib.sha256(client_key).digest(), signed)
        pairs = zip(b64decode(proof), signature, strict=True)
        knows = bytes(a ^ b for a, b in pairs) == client_key
        if not knows or name != NAME.replace("=", "=3D").replace(",", "=2C").encode():
            return AuthResult(success=False, handled=False)
        shown = b64encode(_mac(_mac(salted, b"Server Key"), signed))
        assert await self.challenge_auth(b"v=" + shown) == b""
        return AuthResult(success=True, handled=False)

    async def auth_XOAUTH2(self, _server: SMTP, args: Sequence[str]) -> AuthResult:
        """Let in who has the token; say why not in JSON, as is the custom."""
        fields = b64decode(args[1]).split(b"\x01")
        assert fields[0] == b"user=" + NAME.encode()
        if fields[1] == b"auth=Bearer " + TOKEN.encode():
            return AuthResult(success=True, handled=False)
        assert await self.challenge_auth('{"status": "400"}') == b""
        return AuthResult(success=False, handled=False)


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, "sha256").digest()


@pytest.fixture
def gate(smtpd: "Start", server_tls: ssl.SSLContext) -> "Callable[..., Smtpd]":
    """Start servers that want a login, and offer some mechanisms over STARTTLS only."""

    def start(*mechanisms: str) -> "Smtpd":
        every = {"PLAIN", "LOGIN", "SCRAM-SHA-256", "XOAUTH2"}
        return smtpd(
            kind=Gate,
            tls_context=server_tls,
            require_starttls=True,
            auth=True,
            auth_required=True,
            auth_exclude_mechanism=every - {*mechanisms},
        )

    return start


def reached(port: int, certificate: Path, **settings: str) -> SmtpServer:
    """Reach the server with a name and what goes with it."""
    return SmtpServer(
        host="localhost",
        port=port,
        ca_file=certificate,
        username=NAME,
        connections=2,
        timeout=60,
        **settings,  # type: ignore[arg-type]  # all of these are text
    )


def token_command(folder: Path, *tokens: str) -> str:
    """Write a command that prints one token after the other, and the last for ever."""
    script = folder / "token"
    count = folder / "count"
    cases = "".join(f"[ $n = {n} ] && t={t}\n" for n, t in enumerate(tokens, 1))
    script.write_text(
        f"#!/bin/sh\necho x >> {count}\nn=$(wc -l < {count} | tr -d ' ')\n"
        f"t={tokens[-1]}\n{cases}echo $t\n"
    )
    return f"sh {script}"


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "SCRAM-SHA-256"])
def test_a_password_over_starttls(
    gate: "Callable[..., Smtpd]", certificate: Path, mechanism: str
) -> None:
    """Each connection logs in, and everybody is served."""
    server = gate(mechanism)
    settings = reached(server.port, certificate, password=PASSWORD)
    with closing(SmtpSink(settings)) as sink:
        receipts = deliver(sink, map(parcel_to, addresses(10)))
    assert {receipt.outcome for receipt in receipts.values()} == {Outcome.ACCEPTED}
    assert len(server.room.received) == 10
    assert {how for how, _, _ in server.room.logins} <= {mechanism}


def test_the_strongest_is_taken(
    gate: "Callable[..., Smtpd]", certificate: Path
) -> None:
    """With SCRAM the server never hears the password."""
    server = gate("PLAIN", "LOGIN", "SCRAM-SHA-256")
    settings = reached(server.port, certificate, password=PASSWORD)
    with closing(SmtpSink(settings)) as sink:
        deliver(sink, [parcel_to("ada@example.net")])
    assert (len(server.room.received), server.room.logins) == (1, [])


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "SCRAM-SHA-256"])
def test_a_wrong_password_over_starttls(
    gate: "Callable[..., Smtpd]", certificate: Path, mechanism: str
) -> None:
    """It is tried once on each connection at most, and nobody is marked."""
    server = gate(mechanism)
    settings = reached(server.port, certificate, password="wr0ng")
    with (
        closing(SmtpSink(settings)) as sink,
        pytest.raises(PermanentDeliveryError, match="refused the login: 535"),
    ):
        deliver(sink, map(parcel_to, addresses(10)))
    assert len(server.room.logins) <= 2
    assert server.room.received == []


@pytest.mark.parametrize("tokens", [(TOKEN,), ("stale", TOKEN)])
def test_a_token_over_starttls(
    gate: "Callable[..., Smtpd]", certificate: Path, tmp_path: Path, tokens: list[str]
) -> None:
    """The command runs once, and once more if its token was refused."""
    server = gate("XOAUTH2")
    command = token_command(tmp_path, *tokens)
    settings = reached(server.port, certificate, token_command=command)
    with closing(SmtpSink(settings)) as sink:
        receipts = deliver(sink, map(parcel_to, addresses(10)))
    assert {receipt.outcome for receipt in receipts.values()} == {Outcome.ACCEPTED}
    assert (tmp_path / "count").read_text().count("x") == len(tokens)


def test_a_token_that_is_refused(
    gate: "Callable[..., Smtpd]", certificate: Path, tmp_path: Path
) -> None:
    """The server's explanation is told, and the token is not."""
    server = gate("XOAUTH2")
    command = token_command(tmp_path, "stale")
    settings = reached(server.port, certificate, token_command=command)
    with (
        closing(SmtpSink(settings)) as sink,
        pytest.raises(PermanentDeliveryError, match=r"token \(status 400\)") as caught,
    ):
        deliver(sink, [parcel_to("ada@example.net")])
    assert "stale" not in str(caught.value)
