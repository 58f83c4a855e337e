"""Logging in, held without a network: every mechanism, and servers that play foul."""

import json
import shlex
import sys
from base64 import b64decode, b64encode
from collections.abc import Sequence
from pathlib import Path

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
from distribute.sinks.smtp.server import SmtpServer, fresh_nonce
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


SCRAM_FIRST = f"AUTH SCRAM-SHA-256 {encoded(f'n,,n=user,r={NONCE}')}"
SCRAM_FINAL = encoded(
    f"c=biws,r={FULL_NONCE},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
)
CHALLENGE = asked(f"r={FULL_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
PROOF = asked("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")


def test_scram_sha_256() -> None:
    """The exchange of RFC 7677, with the empty line that acknowledges the proof."""
    talk = Talk()
    log_in(talk, server(), ["SCRAM-SHA-256"], CHALLENGE, PROOF, "235 in")

    assert talk.said == [SCRAM_FIRST, SCRAM_FINAL, ""]


@pytest.mark.parametrize("replies", [["235 in"], [CHALLENGE, "235 in"]])
def test_whoever_lets_us_in_without_a_proof_is_not_trusted(replies: list[str]) -> None:
    """It may be anybody: nothing is sent there."""
    with pytest.raises(PermanentDeliveryError, match="does not prove"):
        log_in(Talk(), server(), MECHANISMS, *replies)


@pytest.mark.parametrize(
    "replies",
    [
        ["334 !!!"],
        ["334 r=plain,s=W22Z,i=4096"],
        ["334 W22"],
        ["334 W22Z W22Z"],
        ["334 W22Z\ufffd"],
        ["334"],
        ["334 ="],
        [CHALLENGE[:20] + "!" + CHALLENGE[20:]],
        [asked(f"r=another{FULL_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")],
        [asked(f"r={FULL_NONCE},i=4096")],
        [asked(f"r={FULL_NONCE},s=W22Z,i=0")],
        [asked(f"r={FULL_NONCE},s=W22Z,i=1000000000")],
        [CHALLENGE, "334"],
        [CHALLENGE, "334 !!!"],
        [CHALLENGE, asked("v=AAAA")],
        [CHALLENGE, asked("e=invalid-proof")],
        [CHALLENGE, CHALLENGE],
        [CHALLENGE, PROOF, PROOF],
    ],
)
def test_garbage_ends_a_login_with_scram(replies: list[str]) -> None:
    """At once, and for good: a server that does this needs somebody to look at it."""
    talk = Talk()
    with pytest.raises(PermanentDeliveryError) as raised:
        log_in(talk, server(), MECHANISMS, *replies)
    assert len(talk.said) == len(replies)
    assert raised.value.hint
    assert "pencil" not in str(raised.value)


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


def test_nonces_are_never_the_same() -> None:
    """And fit into a message of SCRAM: printable, without a comma, 144 bits."""
    nonces = {fresh_nonce() for _ in range(100)}

    assert len(nonces) == 100
    assert all(len(b64decode(nonce, validate=True)) == 18 for nonce in nonces)


def printing(*tokens: str, counter: Path | None = None) -> str:
    """Write a command that prints these tokens, one each time it runs."""
    path = str(counter or "")
    program = (
        "import sys, pathlib\n"
        f"path, tokens = {path!r}, {tokens!r}\n"
        "runs = 0\n"
        "if path:\n"
        "    file = pathlib.Path(path)\n"
        "    runs = len(file.read_text()) if file.exists() else 0\n"
        "    file.write_text('x' * (runs + 1))\n"
        "print(tokens[min(runs, len(tokens) - 1)])"
    )
    return shlex.join([sys.executable, "-c", program])


def bearer(token: str) -> str:
    """Write what XOAUTH2 says."""
    return encoded(f"user=user\x01auth=Bearer {token}\x01\x01")


def test_xoauth2() -> None:
    """One line with the token, which needs no password."""
    talk = Talk()
    settings = server(password="", token_command=printing("ya29.x"))
    log_in(talk, settings, MECHANISMS, "235 in")

    assert talk.said == [f"AUTH XOAUTH2 {bearer('ya29.x')}"]


def test_a_long_token_waits_to_be_asked_for() -> None:
    """Most are longer than a command may be."""
    token = "x" * 2000
    talk = Talk()
    log_in(talk, server(token_command=printing(token)), ["XOAUTH2"], "334 ", "235 in")

    assert talk.said == ["AUTH XOAUTH2", bearer(token)]


def test_a_stale_token_is_made_anew_once(tmp_path: Path) -> None:
    """On the same connection: it may have run out since another connection used it."""
    runs = tmp_path / "runs"
    settings = server(token_command=printing("old", "new", counter=runs))
    log_in(Talk(), settings, MECHANISMS, "235 in")
    again = Talk()
    log_in(again, settings, MECHANISMS, "535 5.7.8 run out", "235 in")
    last = Talk()
    log_in(last, settings, MECHANISMS, "235 in")

    assert again.said == [f"AUTH XOAUTH2 {bearer(token)}" for token in ("old", "new")]
    assert last.said == again.said[1:]
    assert runs.read_text() == "xx"


def test_a_refused_token_is_explained() -> None:
    """The server's JSON is put in words, and acknowledged with an empty line."""
    told = json.dumps({"status": "401", "schemes": "bearer mac", "scope": "mail\x1b"})
    talk = Talk()
    with pytest.raises(PermanentDeliveryError, match=r"535 5\.7\.8 no") as raised:
        log_in(
            talk, server(token_command=printing("s3cret")), ["XOAUTH2"],
            asked(told), "535 5.7.8 no",
        )  # fmt: skip
    assert talk.said == [f"AUTH XOAUTH2 {bearer('s3cret')}", ""]
    assert "(status 401, schemes bearer mac, scope mail)" in str(raised.value)
    assert "token_command" in raised.value.hint
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    "reply",
    ["334", "334 !!!", asked("no JSON"), asked("[1]"), asked("[" * 2000),
     asked('{"a": ' * 300), asked('"\\ud800"'), "334 /w==", asked(f'{{"n": {"9" * 2900}}}')],
)  # fmt: skip
def test_an_explanation_may_be_garbage(reply: str) -> None:
    """The refusal stands all the same, and stays short."""
    with pytest.raises(PermanentDeliveryError, match="refused the token") as raised:
        log_in(
            Talk(), server(token_command=printing("x")), ["XOAUTH2"], reply, "535 no"
        )
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize(
    ("replies", "error"),
    [
        (["454 later"], TransientDeliveryError),
        (["334 ", "421 later"], TransientDeliveryError),
        (["334 ", "334 "], PermanentDeliveryError),
        (["250 what?"], LostConnectionError),
    ],
)
def test_other_ends_of_a_login_with_a_token(
    replies: list[str], error: type[DeliveryError]
) -> None:
    """As with a password."""
    with pytest.raises(DeliveryError) as raised:
        log_in(Talk(), server(token_command=printing("x")), ["XOAUTH2"], *replies)
    assert type(raised.value) is error
