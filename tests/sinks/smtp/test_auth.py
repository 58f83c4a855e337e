"""Logging in, held without a network: the mechanisms, their choice, and foul servers."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.errors import (
    DeliveryError,
    LostConnectionError,
    PermanentDeliveryError,
    TransientDeliveryError,
)
from distribute.sinks.smtp.auth import MECHANISMS, authenticate
from distribute.sinks.smtp.server import SmtpServer
from tests.sinks.smtp.dialogues import Talk
from tests.sinks.smtp.logins import CHALLENGE, PROOF, asked, encoded, log_in, server


def test_plain_comes_in_one_line() -> None:
    """RFC 4616, in UTF-8."""
    talk = Talk()
    log_in(talk, server("tim", "tänstaaftan"), ["LOGIN", "PLAIN"], "235 in")

    assert talk.said == [
        f"AUTH PLAIN {encoded(chr(0) + 'tim' + chr(0) + 'tänstaaftan')}"
    ]


def test_plain_is_repeated_for_a_server_that_asks_for_it() -> None:
    """Some do not see what came with AUTH; nobody is answered a third time."""
    talk = Talk()
    log_in(talk, server(), ["PLAIN"], "334 ", "235 in")
    answer = encoded("\0user\0pencil")

    assert talk.said == [f"AUTH PLAIN {answer}", answer]
    with pytest.raises(PermanentDeliveryError, match="asks for more"):
        log_in(Talk(), server(), ["PLAIN"], "334 ", "334 ")


def test_a_line_that_would_be_too_long_waits_to_be_asked_for() -> None:
    """512 octets are the limit of a command (RFC 5321), not of an answer (RFC 4954)."""
    for length, at_once in ((366, True), (367, False)):
        talk = Talk()
        replies = ["235 in"] if at_once else ["334 ", "235 in"]
        log_in(talk, server("user", "x" * length), ["PLAIN"], *replies)
        answer = encoded(f"\0user\0{'x' * length}")
        line = f"AUTH PLAIN {answer}"
        assert (len(line) + 2 <= 512) is at_once
        assert talk.said == ([line] if at_once else ["AUTH PLAIN", answer])


def test_login_gives_name_then_password() -> None:
    """Whatever the prompts are called, or however they are garbled."""
    for prompts in (
        ["VXNlcm5hbWU6", "UGFzc3dvcmQ6"],
        ["Username:", "\ufffd"],
        ["", ""],
    ):
        talk = Talk()
        replies = [f"334 {prompt}" for prompt in prompts]
        log_in(talk, server(), ["LOGIN"], *replies, "235 in")
        assert talk.said == ["AUTH LOGIN", encoded("user"), encoded("pencil")]


@pytest.mark.parametrize(
    ("settings", "offered", "mechanism"),
    [
        (server(), ["LOGIN", "PLAIN", "SCRAM-SHA-256"], "SCRAM-SHA-256"),
        (server(), ["LOGIN", "SCRAM-SHA-1", "PLAIN", "XOAUTH2"], "PLAIN"),
        (server(), ["LOGIN", "CRAM-MD5"], "LOGIN"),
        (server(auth="login"), MECHANISMS, "LOGIN"),
        (server(auth="Plain"), MECHANISMS, "PLAIN"),
        (server(auth="scram-sha-256"), MECHANISMS, "SCRAM-SHA-256"),
        (server(auth="PLAIN", token_command="print-token"), MECHANISMS, "PLAIN"),
    ],
)
def test_the_strongest_is_chosen_or_what_the_settings_say(
    settings: SmtpServer, offered: Sequence[str], mechanism: str
) -> None:
    """In the order in which a password is best kept."""
    talk = Talk()
    with pytest.raises(DeliveryError):
        log_in(talk, settings, offered, "535 no")
    assert talk.said[0].split()[1] == mechanism


@pytest.mark.parametrize(
    ("settings", "offered", "words"),
    [
        (server(), [], "SCRAM-SHA-256 or PLAIN or LOGIN, no login at all"),
        (server(), ["GSSAPI", "CRAM-MD5"], "only CRAM-MD5, GSSAPI"),
        (server(auth="PLAIN"), ["LOGIN"], "does not offer AUTH PLAIN, only LOGIN"),
        (
            server(token_command="x"),
            ["PLAIN"],
            "does not offer AUTH XOAUTH2, only PLAIN",
        ),
        (server(auth="NTLM"), MECHANISMS, "'NTLM' is no way to log in"),
        (server(auth="XOAUTH2"), MECHANISMS, "command that prints a token"),
        (server("", token_command="x"), MECHANISMS, "needs a user name"),
    ],
)
def test_without_a_way_to_log_in_nothing_is_said(
    settings: SmtpServer, offered: Sequence[str], words: str
) -> None:
    """The error says what is asked for and what there is."""
    talk = Talk()
    with pytest.raises(PermanentDeliveryError, match=words):
        log_in(talk, settings, offered)
    assert talk.said == []


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ("535 5.7.8 wrong", PermanentDeliveryError),
        ("534 5.7.9 too weak", PermanentDeliveryError),
        ("454 4.7.0 later", TransientDeliveryError),
        ("421 busy", TransientDeliveryError),
        ("250 what?", LostConnectionError),
        ("354 what?", LostConnectionError),
    ],
)
@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "PLAIN", "LOGIN"])
def test_a_refused_login(
    mechanism: str, reply: str, error: type[DeliveryError]
) -> None:
    """4xx may pass, 5xx needs another password; the password is not shown."""
    with pytest.raises(DeliveryError, match=reply[:3]) as raised:
        log_in(Talk(), server(auth=mechanism), MECHANISMS, reply)
    assert type(raised.value) is error
    assert "pencil" not in str(raised.value)


@pytest.mark.parametrize("mechanism", MECHANISMS[:3])
@pytest.mark.parametrize(
    "settings",
    [server("a\0b"), server(password="a\0b"), server(password="pencil\udcff")],
)
def test_credentials_that_would_fall_apart_are_not_sent(
    mechanism: str, settings: SmtpServer
) -> None:
    """Nor shown: NUL separates them, and what is not Unicode has no octets."""
    made = SmtpServer(
        host="x", username=settings.username, password=settings.password, auth=mechanism
    )
    talk = Talk()
    with pytest.raises(PermanentDeliveryError, match=r"of \[smtp\]") as raised:
        log_in(talk, made, MECHANISMS)
    assert talk.said == []
    assert "pencil" not in str(raised.value)


@given(st.lists(st.sampled_from(["334", "334 ", CHALLENGE, PROOF]), min_size=9))
@settings(max_examples=100, deadline=None)
@pytest.mark.parametrize("mechanism", MECHANISMS[:3])
def test_a_server_cannot_keep_a_login_going(mechanism: str, replies: list[str]) -> None:
    """However often it asks, after a few answers it is over."""
    talk = Talk()
    left = iter(replies)
    with pytest.raises(PermanentDeliveryError):
        talk.answer(
            authenticate(server(auth=mechanism), MECHANISMS), lambda _: next(left)
        )
    assert len(talk.said) <= 4


@given(st.lists(st.text(max_size=20) | st.binary(max_size=20).map(repr), max_size=4))
@settings(max_examples=100, deadline=None)
@pytest.mark.parametrize("mechanism", MECHANISMS[:3])
def test_any_words_lead_to_an_end(mechanism: str, words: list[str]) -> None:
    """Whatever a server asks for, the login ends, or is refused with an error of ours."""
    questions = iter(words)

    def answer(_: str) -> str:
        text = next(questions, None)
        return "535 no" if text is None else asked(text)

    with pytest.raises(DeliveryError):
        Talk().answer(authenticate(server(auth=mechanism), MECHANISMS), answer)
