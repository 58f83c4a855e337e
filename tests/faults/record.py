"""What a server of ours heard: one line each in a file that only grows.

A line is written before the reply that it is about, so whatever the client has been told
is in the file, whichever process is killed when.
"""

import base64
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal["kept", "swallowed", "refused", "cut", "problem", "connected"]


class Heard(NamedTuple):
    """One line of the record."""

    kind: Kind
    """``kept``: 250 follows. ``swallowed``: it is here whole, and no answer was given.
    ``cut``: the connection ended inside it. ``problem``: a breach of the protocol."""
    connection: int
    at: float
    """Seconds by `time.monotonic`, which is the same for all processes of a machine."""
    address: str = ""
    size: int = 0
    digest: str = ""
    text: str = ""
    """Base64 of a message that is kept whole; the sentence of a problem."""


class Recorder:
    """Writes the record; safe to call from several threads."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(
        self,
        kind: Kind,
        connection: int,
        address: str = "",
        content: bytes = b"",
        text: str = "",
    ) -> None:
        """Write one line; it outlives the process on return."""
        digest = sha256(content).hexdigest()[:16] if content else ""
        heard = Heard(
            kind, connection, time.monotonic(), address, len(content), digest, text
        )
        os.write(self._file, json.dumps(heard).encode() + b"\n")

    def close(self) -> None:
        """Write no more."""
        os.close(self._file)


class Record:
    """Reads what a server wrote down."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lines(self) -> Iterator[Heard]:
        """Give everything, in order; also while it is being written."""
        with self.path.open(encoding="utf-8") as file:
            for line in file:
                if line.endswith("\n"):
                    yield Heard(*json.loads(line))

    def addresses(self, *kinds: Kind) -> Counter[str]:
        """Count by address how often it is there."""
        return Counter(heard.address for heard in self.lines() if heard.kind in kinds)

    @property
    def arrived(self) -> Counter[str]:
        """Who has the message, and how many of them; nobody may have two."""
        return self.addresses("kept", "swallowed")

    @property
    def count(self) -> int:
        """How many messages have arrived."""
        return self.arrived.total()

    @property
    def problems(self) -> list[str]:
        """The breaches of the protocol."""
        return [heard.text for heard in self.lines() if heard.kind == "problem"]

    @property
    def connections(self) -> int:
        """How many there have been."""
        return sum(heard.kind == "connected" for heard in self.lines())

    @property
    def messages(self) -> dict[str, bytes]:
        """Give the messages by address, of a server that keeps them."""
        return {
            heard.address: base64.b64decode(heard.text)
            for heard in self.lines()
            if heard.kind in {"kept", "swallowed"}
        }
