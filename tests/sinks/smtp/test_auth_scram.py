"""Logging in with SCRAM, held without a network: whoever proves nothing is refused."""

from base64 import b64decode

import pytest

from distribute.errors import PermanentDeliveryError
from distribute.sinks.smtp.auth import MECHANISMS
from distribute.sinks.smtp.server import fresh_nonce
from tests.sinks.smtp.dialogues import Talk
from tests.sinks.smtp.logins import (
    CHALLENGE,
    FULL_NONCE,
    NONCE,
    PROOF,
    asked,
    encoded,
    log_in,
    server,
)

SCRAM_FIRST = f"AUTH SCRAM-SHA-256 {encoded(f'n,,n=user,r={NONCE}')}"
SCRAM_FINAL = encoded(
    f"c=biws,r={FULL_NONCE},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
)


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


def test_nonces_are_never_the_same() -> None:
    """And fit into a message of SCRAM: printable, without a comma, 144 bits."""
    nonces = {fresh_nonce() for _ in range(100)}

    assert len(nonces) == 100
    assert all(len(b64decode(nonce, validate=True)) == 18 for nonce in nonces)
