"""The opening of an SMTP session, held without a network."""

import pytest

from distribute.errors import (
    DeliveryError,
    LostConnectionError,
    PermanentDeliveryError,
    TransientDeliveryError,
    TurnedAwayError,
)
from distribute.sinks.smtp.commands import Extensions
from distribute.sinks.smtp.server import Security, SmtpServer
from distribute.sinks.smtp.session import opening, refused
from distribute.sinks.smtp.waits import COMMAND
from tests.sinks.smtp.dialogues import TLS, Talk, reply_of

OWN = "[192.0.2.1]"
EHLO, HELO = f"EHLO {OWN}", f"HELO {OWN}"
HELLO = "250-mail.example.org|250-STARTTLS|250 SIZE 1000"
PLAIN_LOGIN = "AUTH PLAIN AG5ld3MAczNjcmV0"


def server(security: Security = "none", **settings: str) -> SmtpServer:
    """Give settings."""
    return SmtpServer(
        host="mail.example.org",
        security=security,
        username=settings.get("username", ""),
        password=settings.get("password", ""),
        token_command=settings.get("token_command", ""),
        ehlo_name=settings.get("ehlo_name", ""),
    )


def open_with(
    talk: Talk, settings: SmtpServer, *replies: str, is_local: bool = False
) -> Extensions:
    """Open a session with a server that says these things."""
    dialogue = opening(settings, is_local=is_local, address_literal=OWN)
    return talk.hold(dialogue, replies)


def test_the_plain_opening() -> None:
    """The server speaks first, and each wait is the standard's."""
    talk = Talk()
    extensions = open_with(talk, server(), "220 hello", HELLO)

    assert talk.said == ["", EHLO]
    assert talk.waits == [COMMAND, COMMAND]
    assert extensions["SIZE"] == ["1000"]


def test_starttls_forgets_what_was_offered_in_plain_text() -> None:
    """Only what is said under TLS counts (RFC 3207 section 4.2)."""
    talk = Talk()
    extensions = open_with(
        talk, server("starttls"), "220 hello", HELLO, "220 go", "250-x|250 DSN"
    )

    assert talk.said == ["", EHLO, "STARTTLS", TLS, EHLO]
    assert dict(extensions) == {"DSN": []}


def test_implicit_tls_comes_before_everything() -> None:
    """Not even the greeting is read in plain text."""
    talk = Talk()
    open_with(talk, server("tls"), "220 hello", HELLO)

    assert talk.said == [TLS, "", EHLO]


def test_a_configured_name_is_given() -> None:
    """In the place of the address literal."""
    talk = Talk()
    open_with(talk, server(ehlo_name="news.example.org"), "220 hello", HELLO)

    assert talk.said[1] == "EHLO news.example.org"


def test_a_forged_name_is_refused() -> None:
    """No setting can make two commands of one."""
    forged = server(ehlo_name="x\r\nMAIL FROM:<y@example.org>")
    with pytest.raises(PermanentDeliveryError, match="control character"):
        open_with(Talk(), forged, "220 hello")


@pytest.mark.parametrize("code", [500, 502, 504, 550])
def test_a_server_that_knows_only_helo(code: int) -> None:
    """It gets HELO, and offers nothing (RFC 5321 section 3.2)."""
    talk = Talk()
    extensions = open_with(talk, server(), "220 old", f"{code} what?", "250 hello")

    assert talk.said == ["", EHLO, HELO]
    assert not extensions


def test_without_starttls_nothing_is_said() -> None:
    """A server that takes it away gets no mail in plain text instead."""
    for reply in ("250-mail.example.org|250 SIZE 1000", "502 what?"):
        talk = Talk()
        answers = ["220 hello", reply, *(["250 hello"] if reply[0] == "5" else [])]
        with pytest.raises(PermanentDeliveryError, match="does not offer STARTTLS"):
            open_with(talk, server("starttls"), *answers)
        assert talk.said[1:] == [EHLO, *([HELO] if reply[0] == "5" else [])]


@pytest.mark.parametrize(
    ("replies", "error", "words"),
    [
        (["421 busy"], TransientDeliveryError, "refused the connection for now: 421"),
        (["450 busy"], TransientDeliveryError, "refused the connection for now"),
        (["554 go away"], TurnedAwayError, "refused the connection: 554"),
        (["250 what?"], LostConnectionError, "out of turn"),
        (["354 what?"], LostConnectionError, "out of turn"),
        (["220 a", "421 busy"], TransientDeliveryError, "our greeting as"),
        (["220 a", "451 busy"], TransientDeliveryError, "our greeting as"),
        (["220 a", "354 what?"], LostConnectionError, "out of turn"),
        (["220 a", "502 a", "550 b"], PermanentDeliveryError, "our greeting as"),
        (["220 a", "502 a", "421 b"], TransientDeliveryError, "our greeting as"),
        (["220 a", HELLO, "454 later"], TransientDeliveryError, "STARTTLS for now"),
        (["220 a", HELLO, "554 never"], PermanentDeliveryError, "STARTTLS"),
        (["220 a", HELLO, "250 what?"], LostConnectionError, "out of turn"),
        (["220 a", HELLO, "220 go", "421 b"], TransientDeliveryError, "greeting"),
    ],
)
def test_refusals_of_the_opening(
    replies: list[str], error: type[DeliveryError], words: str
) -> None:
    """4xx may pass, 5xx needs somebody to act, and nonsense ends the connection."""
    with pytest.raises(DeliveryError, match=words) as raised:
        open_with(Talk(), server("starttls"), *replies)
    assert type(raised.value) is error
    assert raised.value.hint


LOGIN = "250-mail.example.org|250 AUTH PLAIN LOGIN"


def test_the_login_comes_under_tls_by_what_is_offered_there() -> None:
    """AUTH in plain text would not count, and is not needed."""
    talk = Talk()
    settings = server("starttls", username="news", password="s3cret")
    open_with(talk, settings, "220 a", HELLO, "220 go", LOGIN, "235 in")

    assert talk.said == ["", EHLO, "STARTTLS", TLS, EHLO, PLAIN_LOGIN]


def test_a_password_crosses_no_open_network() -> None:
    """Neither does a token; on this machine both may go."""
    for settings in (
        server(username="news", password="s3cret"),
        server(username="news", token_command="print-token"),
    ):
        talk = Talk()
        with pytest.raises(PermanentDeliveryError, match="unencrypted"):
            open_with(talk, settings, "220 a", LOGIN)
        assert talk.said == ["", EHLO]
    talk = Talk()
    local = server(username="news", password="s3cret")
    open_with(talk, local, "220 a", LOGIN, "235 in", is_local=True)

    assert talk.said[-1] == PLAIN_LOGIN


def test_a_token_without_a_user_name_is_not_passed_over() -> None:
    """Whoever asks for a login does not get a session without one."""
    talk = Talk()
    with pytest.raises(PermanentDeliveryError, match="needs a user name"):
        open_with(
            talk, server("tls", token_command="print-token"), "220 a",
            "250-mail.example.org|250 AUTH XOAUTH2",
        )  # fmt: skip
    assert talk.said == [TLS, "", EHLO]


def test_errors_say_what_to_do() -> None:
    """In words of their own where there are better ones."""
    assert "later" in refused(reply_of("451 x"), "it").hint
    assert "owner" in refused(reply_of("550 x"), "it").hint
    assert refused(reply_of("550 x"), "it", hint="Do so.").hint == "Do so."
