"""SCRAM-SHA-256: prove to know a password, and make the server prove it too."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.errors import PermanentDeliveryError
from distribute.sinks.smtp.scram import LEAST_ROUNDS, MOST_ROUNDS, Scram

NONCE = "rOprNGfwEbeRWgbNEkqO"
PENCIL = "pencil"
FULL_NONCE = NONCE + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
SERVER_FIRST = f"r={FULL_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"


def scram(username: str = "user", password: str = PENCIL) -> Scram:
    """Begin an exchange with the nonce of the standard's example."""
    return Scram(username, password, nonce=NONCE)


def test_the_example_of_the_standard() -> None:
    """RFC 7677 section 3, to the letter."""
    client = scram()

    assert client.first() == b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
    assert client.proof(SERVER_FIRST.encode()) == (
        f"c=biws,r={FULL_NONCE},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=".encode()
    )
    client.verify(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")


@dataclass
class Server:
    """The other side, as RFC 5802 section 3 has it: it keeps no password."""

    stored_key: bytes
    server_key: bytes
    salt: bytes
    rounds: int

    @classmethod
    def knowing(cls, password: str, salt: bytes, rounds: int) -> "Server":
        """Derive what a server keeps."""
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)
        client_key = hmac.new(salted, b"Client Key", "sha256").digest()
        return cls(
            hashlib.sha256(client_key).digest(),
            hmac.new(salted, b"Server Key", "sha256").digest(),
            salt,
            rounds,
        )

    def log_in(self, client: Scram) -> str:
        """Play an exchange to its end; gives the name that logged in."""
        bare = client.first().removeprefix(b"n,,")
        name, nonce = bare.decode().removeprefix("n=").split(",r=")
        salt = b64encode(self.salt).decode()
        first = f"r={nonce}server,s={salt},i={self.rounds}".encode()
        final = client.proof(first)
        without, _, proof = final.rpartition(b",p=")
        assert without == f"c=biws,r={nonce}server".encode()
        signed = b",".join((bare, first, without))
        signature = hmac.new(self.stored_key, signed, "sha256").digest()
        pairs = zip(b64decode(proof), signature, strict=True)
        key = bytes(a ^ b for a, b in pairs)
        if hashlib.sha256(key).digest() != self.stored_key:
            client.verify(b"e=invalid-proof")
        ours = hmac.new(self.server_key, signed, "sha256").digest()
        client.verify(b"v=" + b64encode(ours))
        return name.replace("=2C", ",").replace("=3D", "=")


NAMES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=12)


@given(NAMES, NAMES, st.binary(min_size=1, max_size=20))
@settings(max_examples=30, deadline=None)
def test_both_sides_agree(name: str, password: str, salt: bytes) -> None:
    """Whatever is in name and password; the server gets the name and never the other."""
    server = Server.knowing(password, salt, LEAST_ROUNDS)

    assert server.log_in(scram(name, password)) == name


def test_both_sides_agree_on_a_password_beyond_ascii() -> None:
    """It is prepared as RFC 4013 says: composed, without soft hyphens."""
    server = Server.knowing("Käse\N{KEY}", b"salt", LEAST_ROUNDS)

    assert server.log_in(scram("ü", "Ka\u0308\u00adse\N{KEY}")) == "ü"


def test_another_implementation_agrees() -> None:
    """The one of the package scramp, on the server's side."""
    scramp = pytest.importorskip("scramp")
    mechanism = scramp.ScramMechanism("SCRAM-SHA-256")
    kept = mechanism.make_auth_info("p=n,cil é", iteration_count=5000)
    server = mechanism.make_server(lambda _: kept)
    client = scram("us=er,", "p=n,cil é")
    server.set_client_first(client.first().decode())
    final = client.proof(server.get_server_first().encode())
    server.set_client_final(final.decode())

    client.verify(server.get_server_final().encode())


def test_a_wrong_password_is_refused() -> None:
    """And the error says what the server says."""
    server = Server.knowing("pencil", b"salt", LEAST_ROUNDS)
    with pytest.raises(PermanentDeliveryError, match="invalid-proof"):
        server.log_in(scram(password="crayon"))


def test_a_server_that_does_not_know_the_password_is_found_out() -> None:
    """It could let us in all the same, to read what we send."""
    server = Server.knowing("pencil", b"salt", LEAST_ROUNDS)
    server.server_key = b"?" * 32
    with pytest.raises(PermanentDeliveryError, match="does not prove"):
        server.log_in(scram())


@pytest.mark.parametrize(
    "first",
    [
        "",
        "r=,s=,i=",
        SERVER_FIRST.removeprefix("r="),
        SERVER_FIRST.replace(NONCE, "another"),
        SERVER_FIRST.replace(FULL_NONCE, NONCE),
        SERVER_FIRST.replace(FULL_NONCE, NONCE.lower() + "x"),
        SERVER_FIRST.replace(FULL_NONCE, FULL_NONCE + "\0"),
        SERVER_FIRST.replace(FULL_NONCE, FULL_NONCE + "é"),
        SERVER_FIRST.replace("W22ZaJ0SNY7soEsUEjb6gQ==", ""),
        SERVER_FIRST.replace("W22Z", "W22"),
        SERVER_FIRST.replace("W22Z", "W2_Z"),
        SERVER_FIRST.replace("gQ==", "gQ="),
        SERVER_FIRST.replace("gQ==", "gQ==gQ=="),
        "m=must-know," + SERVER_FIRST,
        f"s=W22Z,r={FULL_NONCE},i=4096",
        f"r={FULL_NONCE},s=W22Z",
        *(SERVER_FIRST.replace("4096", rounds) for rounds in (
            "", "0", "1", "-4096", "+4096", "04096", "4096.0", "4095", "1000001",
            "1000000000", "9" * 5000, "٤٠٩٦", " 4096", "4096\n",
        )),
    ],
)  # fmt: skip
def test_a_first_message_that_is_none_ends_the_login(first: str) -> None:
    """Before anything that the password went into is sent."""
    with pytest.raises(PermanentDeliveryError, match="SCRAM-SHA-256 failed"):
        scram().proof(first.encode())


def test_bytes_that_are_no_text_end_the_login() -> None:
    """SCRAM is written in UTF-8."""
    with pytest.raises(PermanentDeliveryError, match="UTF-8"):
        scram().proof(b"r=\xff")


def test_what_may_follow_is_passed_over_but_signed() -> None:
    """Extensions of the standard come behind the number of rounds (RFC 5802 section 5.1)."""
    plain, extended = scram(), scram()

    assert plain.proof(SERVER_FIRST.encode()) != extended.proof(
        f"{SERVER_FIRST},x=1".encode()
    )


@pytest.mark.parametrize("rounds", [LEAST_ROUNDS, MOST_ROUNDS])
def test_the_bounds_themselves_are_allowed(rounds: int) -> None:
    """A strict server may ask for as many as a million."""
    assert scram().proof(SERVER_FIRST.replace("4096", str(rounds)).encode())


@pytest.mark.parametrize(
    "final",
    [
        b"", b"v=", b"v=6rri", b"v=!", b"v", b"x=1", b"\xff",
        b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=",
        b"v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        b" v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        b"e=other-error", b"e=", b"e=\0",
    ],
)  # fmt: skip
def test_a_final_message_that_proves_nothing_ends_the_login(final: bytes) -> None:
    """Only the right signature does."""
    client = scram()
    client.proof(SERVER_FIRST.encode())
    with pytest.raises(PermanentDeliveryError):
        client.verify(final)


def test_nothing_is_proved_before_the_first_message() -> None:
    """An empty signature is not taken for the right one."""
    with pytest.raises(PermanentDeliveryError, match="did not prove"):
        scram().verify(b"v=")


@pytest.mark.parametrize(
    "make", [lambda: scram("a\0"), lambda: scram(password="\x07é")]
)
def test_a_credential_that_cannot_be_prepared_is_not_shown(
    make: Callable[[], Scram],
) -> None:
    """The error says which of them, and what else would do."""
    with pytest.raises(PermanentDeliveryError, match=r"\[smtp\] cannot be used") as it:
        make()
    assert "\x07" not in str(it.value)
    assert "PLAIN" in it.value.hint
