"""Messages that are signed on their way out."""

import subprocess
from pathlib import Path

import pytest

from distribute.campaign.message.dkim import DkimKey, dns_record
from tests.cli.conftest import ISSUE, NOW, act
from tests.dkim_verifiers import ask_dkimpy
from tests.faults.server import FaultServer
from tests.scenarios.office import Office


@pytest.mark.parametrize("kind", ["RSA", "ED25519"])
def test_messages_are_signed(office: Office, server: FaultServer, kind: str) -> None:
    """``[dkim]`` signs what is sent, and what is written to files the same."""
    key = office.folder / "s1.pem"
    make_key(kind, key)
    with (office.folder / "distribute.toml").open("a", encoding="utf-8") as settings:
        settings.write(
            '[dkim]\ndomain = "lights-out.example.org"\n'
            'keys = [{ selector = "s1", file = "s1.pem" }]\n'
        )
    assert office.send("--limit", "3").status == 0
    record = {"s1._domainkey.lights-out.example.org": public_record(key)}
    messages = list(server.record.messages.values())
    assert ask_dkimpy(messages, record) == [{"s1"}] * 3


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read"), (b"not a key", "not a private key")],
)
def test_a_key_that_is_none_is_named(
    office: Office, server: FaultServer, content: bytes | None, words: str
) -> None:
    """Exit status 2, the file, and the next step, before anything is sent."""
    if content is not None:
        (office.folder / "s1.pem").write_bytes(content)
    with (office.folder / "distribute.toml").open("a", encoding="utf-8") as settings:
        settings.write(
            '[dkim]\ndomain = "lights-out.example.org"\n'
            'keys = [{ selector = "s1", file = "s1.pem" }]\n'
        )
    answer = act(office, "send", ISSUE, "--sink", "smtp", "--yes")
    assert answer.status == 2
    said, hint = answer.err.splitlines()
    assert f"{office.folder / 's1.pem'}: " in said
    assert words in said
    assert hint
    assert server.record.count == 0
    make_key("ED25519", office.folder / "s1.pem")
    later = str(int(NOW) + 86_400)
    send = ("send", ISSUE, "--sink", "smtp", "--yes", "--limit", "1")
    assert act(office, *send, now=later).status == 0
    (message,) = server.record.messages.values()
    assert b"\r\nDate: Sat, 07 Nov 2026 21:20:00 +0000\r\n" in message


def make_key(kind: str, path: Path) -> None:
    """Make a private key as the hint of the program says."""
    command = ["openssl", "genpkey", "-algorithm", kind, "-out", str(path)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own


def public_record(path: Path) -> str:
    """Write the DNS record of a key."""
    return dns_record(DkimKey("s1", path.read_bytes()))
