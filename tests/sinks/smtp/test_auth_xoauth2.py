"""Logging in with XOAUTH2, held without a network: a token from a command, or refused."""

import json
import shlex
import sys
from pathlib import Path

import pytest

from distribute.errors import (
    DeliveryError,
    LostConnectionError,
    PermanentDeliveryError,
    TransientDeliveryError,
)
from distribute.sinks.smtp.auth import MECHANISMS
from tests.sinks.smtp.dialogues import Talk
from tests.sinks.smtp.logins import asked, encoded, log_in, server


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
