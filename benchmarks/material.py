"""Make what is sent: the newsletters, their messages for the others, a key to sign with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from benchmarks.letters import mean_size, write_letters
from benchmarks.newsletter import Newsletter, Size


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to send, by size."""

    newsletters: Mapping[Size, Newsletter]
    letters: Mapping[Size, Path]
    """Folders with the same messages for the others; see `benchmarks.letters`."""
    octets: Mapping[Size, int]
    """Of a message, on the average over the languages."""
    key: Path
    """An RSA-2048 key in PEM."""


def make_material(folder: Path) -> Material:
    """Write everything below a folder, in place of what an earlier run left there."""
    newsletters, letters, octets = {}, {}, {}
    for size in Size:
        newsletters[size] = Newsletter(folder / f"newsletter-{size.name.lower()}", size)
        newsletters[size].prepare()
        letters[size] = folder / f"letters-{size.name.lower()}"
        messages = newsletters[size].previews()
        write_letters(messages, letters[size])
        octets[size] = mean_size(messages)
    return Material(newsletters, letters, octets, _make_key(folder / "key.pem"))


def _make_key(path: Path) -> Path:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem)
    return path
