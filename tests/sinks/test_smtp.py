"""Send over SMTP, to a real server: what it gets, and what it says."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from distribute.campaign.campaign import Envelope, Outcome, Receipt
from distribute.errors import PermanentDeliveryError, TransientDeliveryError
from distribute.sinks.smtp import SmtpServer, SmtpSink

if TYPE_CHECKING:
    from tests.sinks.conftest import Smtpd

    Start = Callable[..., Smtpd]

MESSAGE = (
    b"From: news@example.org\r\nTo: ada@example.net\r\nSubject: x\r\n\r\n"
    b".\r\n..two\r\nFrom here\r\n\r\n.\r\n" + b"x" * 300 + b"\r\n"
)
ENVELOPE = Envelope(
    id="5/en/a", mail_from="bounces@example.org", rcpt_to="ada@example.net"
)


@contextmanager
def sink_to(server: SmtpServer) -> Iterator[SmtpSink]:
    """Open a sink, and close it at the end."""
    sink = SmtpSink(server)
    try:
        yield sink
    finally:
        sink.close()


def plain(port: int) -> SmtpServer:
    """Reach a server on this machine without TLS."""
    return SmtpServer(host="127.0.0.1", port=port, security="none", timeout=10)


def to(address: str) -> Envelope:
    """Address the message to somebody else."""
    return replace(ENVELOPE, rcpt_to=address)


def test_what_arrives_is_what_was_sent(smtpd: "Start") -> None:
    """Byte for byte, dots at line starts too; envelope and reply are those of SMTP."""
    server = smtpd()
    with sink_to(plain(server.port)) as sink:
        receipt = sink.send(ENVELOPE, MESSAGE)

    (received,) = server.room.received
    assert received.content == MESSAGE
    assert (received.mail_from, received.rcpt_tos) == (
        "bounces@example.org",
        ["ada@example.net"],
    )
    assert receipt == Receipt(
        outcome=Outcome.ACCEPTED, code=250, enhanced="2.0.0", text="kept as 42"
    )
    assert server.room.options == [[f"SIZE={len(MESSAGE)}"]]


def test_a_large_message_arrives_whole(smtpd: "Start") -> None:
    """More than one block, and every octet of it."""
    server = smtpd()
    message = b"Subject: x\r\n\r\n" + (b"0123456789" * 7 + b"\r\n.") * 20_000 + b"\r\n"
    with sink_to(plain(server.port)) as sink:
        sink.send(ENVELOPE, message)

    assert server.room.received[0].content == message


def test_one_connection_carries_many_messages(smtpd: "Start") -> None:
    """EHLO is said once, with the address of our end unless a name is set."""
    server = smtpd()
    with sink_to(plain(server.port)) as sink:
        for number in range(20):
            sink.send(to(f"n{number}@example.net"), MESSAGE)
    with sink_to(replace(plain(server.port), ehlo_name="mta.example.org")) as sink:
        sink.send(ENVELOPE, MESSAGE)

    assert len(server.room.received) == 21
    assert server.room.names == ["[127.0.0.1]", "mta.example.org"]


@pytest.mark.parametrize(
    ("reply", "receipt"),
    [
        (
            "550 5.1.1 no such user",
            Receipt(
                outcome=Outcome.REJECTED,
                code=550,
                enhanced="5.1.1",
                text="no such user",
            ),
        ),
        (
            "450 4.2.0 greylisted, try later",
            Receipt(
                outcome=Outcome.DEFERRED,
                code=450,
                enhanced="4.2.0",
                text="greylisted, try later",
            ),
        ),
        ("552 full", Receipt(outcome=Outcome.REJECTED, code=552, text="full")),
    ],
)
@pytest.mark.parametrize("stage", ["no@example.net", "data"])
def test_a_refusal_is_a_receipt_and_the_next_is_served(
    smtpd: "Start", stage: str, reply: str, receipt: Receipt
) -> None:
    """4xx defers, 5xx rejects, of the recipient or of the message."""
    server = smtpd()
    server.room.refusals[stage] = reply
    with sink_to(plain(server.port)) as sink:
        assert sink.send(to("no@example.net"), MESSAGE) == receipt
        server.room.refusals.clear()
        assert sink.send(ENVELOPE, MESSAGE).outcome is Outcome.ACCEPTED

    assert [received.rcpt_tos for received in server.room.received] == [
        ["ada@example.net"]
    ]
    assert len(server.room.names) == 1


def test_a_refused_sender_is_an_error(smtpd: "Start") -> None:
    """It would be refused for everybody: nobody is marked as rejected."""
    server = smtpd()
    server.room.refusals["bounces@example.org"] = "550 5.7.1 not from you"
    with (
        sink_to(plain(server.port)) as sink,
        pytest.raises(PermanentDeliveryError, match=r"550 5\.7\.1 not from you"),
    ):
        sink.send(ENVELOPE, MESSAGE)


def test_a_sender_refused_for_now_defers(smtpd: "Start") -> None:
    """Such as when the server has too much to do."""
    server = smtpd()
    server.room.refusals["bounces@example.org"] = "452 4.3.1 out of room"
    with sink_to(plain(server.port)) as sink:
        assert sink.send(ENVELOPE, MESSAGE).outcome is Outcome.DEFERRED


def test_a_message_over_the_servers_limit_is_an_error(smtpd: "Start") -> None:
    """It is not even offered (RFC 1870)."""
    server = smtpd(data_size_limit=100)
    with (
        sink_to(plain(server.port)) as sink,
        pytest.raises(PermanentDeliveryError, match="takes 100"),
    ):
        sink.send(ENVELOPE, MESSAGE)
    assert server.room.options == []


def test_smtputf8_where_it_is_needed(smtpd: "Start") -> None:
    """The address arrives in UTF-8, and so does the header that holds it."""
    server = smtpd()
    envelope = replace(ENVELOPE, rcpt_to="józef@example.net", smtputf8=True)
    message = "To: józef@example.net\r\n\r\nx\r\n".encode()
    with sink_to(plain(server.port)) as sink:
        receipt = sink.send(envelope, message)

    assert receipt.outcome is Outcome.ACCEPTED
    (received,) = server.room.received
    assert received.rcpt_tos == ["józef@example.net"]
    assert received.content == message
    assert server.room.options[0][1:] == ["BODY=8BITMIME", "SMTPUTF8"]


def test_starttls_encrypts_and_checks(
    smtpd: "Start", server_tls: ssl.SSLContext, certificate: Path
) -> None:
    """The message goes only over TLS, with a certificate we trust."""
    server = smtpd(tls_context=server_tls, require_starttls=True)
    settings = SmtpServer(
        host="localhost", port=server.port, ca_file=certificate, timeout=10
    )
    with sink_to(settings) as sink:
        assert sink.send(ENVELOPE, MESSAGE).outcome is Outcome.ACCEPTED
        assert sink.send(ENVELOPE, MESSAGE).outcome is Outcome.ACCEPTED

    assert [received.content for received in server.room.received] == [MESSAGE] * 2
    assert len(server.room.names) == 2, "EHLO is said again inside TLS"


def test_tls_from_the_start(
    smtpd: "Start", server_tls: ssl.SSLContext, certificate: Path
) -> None:
    """As on port 465 (RFC 8314), with a context of one's own if need be."""
    server = smtpd(ssl_context=server_tls)
    context = ssl.create_default_context(cafile=certificate)
    settings = SmtpServer(
        host="localhost",
        port=server.port,
        security="tls",
        ssl_context=context,
        timeout=10,
    )
    with sink_to(settings) as sink:
        assert sink.send(ENVELOPE, MESSAGE).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_an_untrusted_certificate_stops_everything(
    smtpd: "Start", server_tls: ssl.SSLContext, certificate: Path, host: str
) -> None:
    """One nobody vouches for, or one for another name."""
    server = smtpd(tls_context=server_tls)
    trusted = certificate if host == "127.0.0.1" else None
    settings = SmtpServer(host=host, port=server.port, ca_file=trusted, timeout=10)
    with (
        sink_to(settings) as sink,
        pytest.raises(
            PermanentDeliveryError, match="certificate verify failed"
        ) as caught,
    ):
        sink.send(ENVELOPE, MESSAGE)

    assert "certificate" in caught.value.hint
    assert server.room.received == []


def test_starttls_is_never_done_without(smtpd: "Start") -> None:
    """A server, or somebody in between, that does not offer it gets nothing."""
    server = smtpd()
    settings = replace(plain(server.port), security="starttls")
    with (
        sink_to(settings) as sink,
        pytest.raises(
            PermanentDeliveryError, match="does not offer STARTTLS"
        ) as caught,
    ):
        sink.send(ENVELOPE, MESSAGE)

    assert 'security = "tls"' in caught.value.hint
    assert server.room.options == []


@pytest.mark.parametrize("exclude", [[], ["PLAIN"]])
def test_login_with_what_is_offered(smtpd: "Start", exclude: list[str]) -> None:
    """PLAIN, or LOGIN where there is no PLAIN."""
    server = smtpd(
        auth=True,
        auth_require_tls=False,
        auth_exclude_mechanism=exclude,
    )
    settings = replace(plain(server.port), username="news", password="s3cret")
    with sink_to(settings) as sink:
        assert sink.send(ENVELOPE, MESSAGE).outcome is Outcome.ACCEPTED

    mechanism = "LOGIN" if exclude else "PLAIN"
    assert server.room.logins == [(mechanism, b"news", b"s3cret")]


def test_a_wrong_password_is_an_error_that_does_not_tell_it(smtpd: "Start") -> None:
    """Neither the message nor the settings show it."""
    server = smtpd(auth=True, auth_require_tls=False)
    settings = replace(plain(server.port), username="news", password="wr0ng")
    with (
        sink_to(settings) as sink,
        pytest.raises(PermanentDeliveryError, match="refused the login: 535") as caught,
    ):
        sink.send(ENVELOPE, MESSAGE)

    assert "wr0ng" not in f"{caught.value} {caught.value!r} {settings!r}"


def test_a_login_that_is_not_offered_is_an_error(smtpd: "Start") -> None:
    """Rather than sending without."""
    server = smtpd()
    settings = replace(plain(server.port), username="news", password="s3cret")
    with (
        sink_to(settings) as sink,
        pytest.raises(PermanentDeliveryError, match="neither AUTH PLAIN nor"),
    ):
        sink.send(ENVELOPE, MESSAGE)


def test_nobody_listening_may_be_over_later() -> None:
    """It is not the recipient's fault, and says where to look."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        sink_to(plain(port)) as sink,
        pytest.raises(TransientDeliveryError, match=f"127.0.0.1:{port}") as caught,
    ):
        sink.send(ENVELOPE, MESSAGE)

    assert "`host` and `port`" in caught.value.hint


def test_a_file_of_certificates_that_is_none_is_an_error(
    smtpd: "Start", server_tls: ssl.SSLContext, tmp_path: Path
) -> None:
    """It names the file."""
    server = smtpd(tls_context=server_tls)
    settings = SmtpServer(
        host="localhost", port=server.port, ca_file=tmp_path / "no.pem", timeout=10
    )
    with (
        sink_to(settings) as sink,
        pytest.raises(PermanentDeliveryError, match=r"no\.pem: cannot be used"),
    ):
        sink.send(ENVELOPE, MESSAGE)


def test_a_closed_sink_takes_nothing(smtpd: "Start") -> None:
    """As any sink; closing twice is closing."""
    server = smtpd()
    sink = SmtpSink(plain(server.port))
    sink.send(ENVELOPE, MESSAGE)
    sink.close()
    sink.close()

    with pytest.raises(PermanentDeliveryError):
        sink.send(ENVELOPE, MESSAGE)


@pytest.mark.parametrize("host", ["mail..example.org", f"{'m' * 64}.example.org"])
def test_a_name_that_no_host_can_have_is_an_error(host: str) -> None:
    """A slip in the settings is told as such, with where to mend it."""
    settings = replace(plain(25), host=host)
    with (
        sink_to(settings) as sink,
        pytest.raises(
            PermanentDeliveryError, match="no host has such a name"
        ) as caught,
    ):
        sink.send(ENVELOPE, MESSAGE)

    assert "`host`" in caught.value.hint
