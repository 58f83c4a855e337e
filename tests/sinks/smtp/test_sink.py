"""Send over SMTP, to a real server: what it gets, and what it says."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from distribute.campaign.campaign import Outcome, Parcel, Receipt, Stage
from distribute.errors import PermanentDeliveryError, TransientDeliveryError
from distribute.sinks.smtp.server import SmtpServer
from distribute.sinks.smtp.sink import SmtpSink
from tests.sinks.driver import parcel_to, send

if TYPE_CHECKING:
    from tests.sinks.conftest import Smtpd

    Start = Callable[..., Smtpd]

MESSAGE = (
    b"From: news@example.org\r\nTo: ada@example.net\r\nSubject: x\r\n\r\n"
    b".\r\n..two\r\nFrom here\r\n\r\n.\r\n" + b"x" * 300 + b"\r\n"
)


def to(address: str, content: bytes = MESSAGE, *, smtputf8: bool = False) -> Parcel:
    """Make a parcel to somebody."""
    return parcel_to(address, content, smtputf8=smtputf8)


PARCEL = to("ada@example.net")


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
    return SmtpServer(host="127.0.0.1", port=port, security="none", timeout=60)


def test_what_arrives_is_what_was_sent(smtpd: "Start") -> None:
    """Byte for byte, dots at line starts too; envelope and reply are those of SMTP."""
    server = smtpd()
    with sink_to(plain(server.port)) as sink:
        receipt = send(sink, PARCEL)

    (received,) = server.room.received
    assert received.content == MESSAGE
    assert (received.mail_from, received.rcpt_tos) == (
        "bounces@example.org",
        ["ada@example.net"],
    )
    assert receipt == Receipt(Outcome.ACCEPTED, 250, "2.0.0", "kept as 42", Stage.END)
    assert server.room.options == [[f"SIZE={len(MESSAGE)}"]]


def test_a_large_message_arrives_whole(smtpd: "Start") -> None:
    """More than one block, and every octet of it."""
    server = smtpd()
    message = b"Subject: x\r\n\r\n" + (b"0123456789" * 7 + b"\r\n.") * 20_000 + b"\r\n"
    with sink_to(plain(server.port)) as sink:
        send(sink, to("ada@example.net", message))

    assert server.room.received[0].content == message


def test_one_connection_carries_many_messages(smtpd: "Start") -> None:
    """EHLO is said once, with the address of our end unless a name is set."""
    server = smtpd()
    with sink_to(plain(server.port)) as sink:
        for number in range(20):
            send(sink, to(f"n{number}@example.net"))
    with sink_to(replace(plain(server.port), ehlo_name="mta.example.org")) as sink:
        send(sink, PARCEL)

    assert len(server.room.received) == 21
    assert server.room.names == ["[127.0.0.1]", "mta.example.org"]


@pytest.mark.parametrize(
    ("reply", "receipt"),
    [
        (
            "550 5.1.1 no such user",
            Receipt(Outcome.REJECTED, 550, "5.1.1", "no such user"),
        ),
        (
            "450 4.2.0 greylisted, try later",
            Receipt(Outcome.DEFERRED, 450, "4.2.0", "greylisted, try later"),
        ),
        ("552 full", Receipt(Outcome.REJECTED, 552, text="full")),
    ],
)
@pytest.mark.parametrize("where", ["no@example.net", "data"])
def test_a_refusal_is_a_receipt_and_the_next_is_served(
    smtpd: "Start", where: str, reply: str, receipt: Receipt
) -> None:
    """4xx defers, 5xx rejects, of the recipient or of the message."""
    server = smtpd()
    server.room.refusals[where] = reply
    stage = Stage.END if where == "data" else Stage.RCPT
    with sink_to(plain(server.port)) as sink:
        assert send(sink, to("no@example.net")) == receipt._replace(stage=stage)
        server.room.refusals.clear()
        assert send(sink, PARCEL).outcome is Outcome.ACCEPTED

    assert [received.rcpt_tos for received in server.room.received] == [
        ["ada@example.net"]
    ]
    assert len(server.room.names) == 1


def test_a_refused_sender_is_told_as_such(smtpd: "Start") -> None:
    """The receipt names the stage, so that nobody on the list is blamed for it."""
    server = smtpd()
    server.room.refusals["bounces@example.org"] = "550 5.7.1 not from you"
    with sink_to(plain(server.port)) as sink:
        receipt = send(sink, PARCEL)
    assert receipt == Receipt(
        Outcome.REJECTED, 550, "5.7.1", "not from you", Stage.MAIL
    )


def test_a_sender_refused_for_now_defers(smtpd: "Start") -> None:
    """Such as when the server has too much to do."""
    server = smtpd()
    server.room.refusals["bounces@example.org"] = "452 4.3.1 out of room"
    with sink_to(plain(server.port)) as sink:
        assert send(sink, PARCEL).outcome is Outcome.DEFERRED


def test_a_message_over_the_servers_limit_is_an_error(smtpd: "Start") -> None:
    """It is not even offered (RFC 1870)."""
    server = smtpd(data_size_limit=100)
    with (
        sink_to(plain(server.port)) as sink,
        pytest.raises(PermanentDeliveryError, match="takes 100"),
    ):
        send(sink, PARCEL)
    assert server.room.options == []


def test_smtputf8_where_it_is_needed(smtpd: "Start") -> None:
    """The address arrives in UTF-8, and so does the header that holds it."""
    server = smtpd()
    message = "To: józef@example.net\r\n\r\nx\r\n".encode()
    with sink_to(plain(server.port)) as sink:
        receipt = send(sink, to("józef@example.net", message, smtputf8=True))

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
        host="localhost", port=server.port, ca_file=certificate, timeout=60
    )
    with sink_to(settings) as sink:
        assert send(sink, PARCEL).outcome is Outcome.ACCEPTED
        assert send(sink, PARCEL).outcome is Outcome.ACCEPTED

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
        timeout=60,
    )
    with sink_to(settings) as sink:
        assert send(sink, PARCEL).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_an_untrusted_certificate_stops_everything(
    smtpd: "Start", server_tls: ssl.SSLContext, certificate: Path, host: str
) -> None:
    """One nobody vouches for, or one for another name."""
    server = smtpd(tls_context=server_tls)
    trusted = certificate if host == "127.0.0.1" else None
    settings = SmtpServer(host=host, port=server.port, ca_file=trusted, timeout=60)
    with (
        sink_to(settings) as sink,
        pytest.raises(
            PermanentDeliveryError, match="certificate verify failed"
        ) as caught,
    ):
        send(sink, PARCEL)

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
        send(sink, PARCEL)

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
        assert send(sink, PARCEL).outcome is Outcome.ACCEPTED

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
        send(sink, PARCEL)

    assert "wr0ng" not in f"{caught.value} {caught.value!r} {settings!r}"


def test_a_login_that_is_not_offered_is_an_error(smtpd: "Start") -> None:
    """Rather than sending without."""
    server = smtpd()
    settings = replace(plain(server.port), username="news", password="s3cret")
    with (
        sink_to(settings) as sink,
        pytest.raises(PermanentDeliveryError, match="does not offer AUTH"),
    ):
        send(sink, PARCEL)


def test_nobody_listening_may_be_over_later() -> None:
    """It is not the recipient's fault, and says where to look."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        sink_to(plain(port)) as sink,
        pytest.raises(TransientDeliveryError, match=f"127.0.0.1:{port}") as caught,
    ):
        send(sink, PARCEL)

    assert "`host` and `port`" in caught.value.hint


def test_a_file_of_certificates_that_is_none_is_an_error(
    smtpd: "Start", server_tls: ssl.SSLContext, tmp_path: Path
) -> None:
    """It names the file."""
    server = smtpd(tls_context=server_tls)
    settings = SmtpServer(
        host="localhost", port=server.port, ca_file=tmp_path / "no.pem", timeout=60
    )
    with (
        sink_to(settings) as sink,
        pytest.raises(PermanentDeliveryError, match=r"no\.pem: cannot be used"),
    ):
        send(sink, PARCEL)


def test_a_closed_sink_takes_nothing(smtpd: "Start") -> None:
    """As any sink; closing twice is closing."""
    server = smtpd()
    sink = SmtpSink(plain(server.port))
    send(sink, PARCEL)
    sink.close()
    sink.close()

    with pytest.raises(PermanentDeliveryError):
        send(sink, PARCEL)


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
        send(sink, PARCEL)

    assert "`host`" in caught.value.hint
