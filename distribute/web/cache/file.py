"""One file in which a run leaves what the next one would else have to find out again.

It holds JSON under its own digest and the version of what wrote it: a file that was cut
short, garbled, or written by another version holds nothing. It may vanish any time.
"""

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path


def recall(path: Path, version: str) -> object:
    """Read what a run of the same version left; `None` if there is nothing whole."""
    try:
        head, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return json.loads(body) if head == _head(body, version) else None


def remember(path: Path, version: str, value: object) -> None:
    """Leave something for the next run, in one step; a disk that fails is no harm."""
    body = json.dumps(value, sort_keys=True).encode("ascii")
    waiting = path.with_name(f".{path.name}-{os.getpid()}.tmp")
    with suppress(OSError):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            waiting.write_bytes(_head(body, version) + b"\n" + body)
            waiting.replace(path)
        finally:
            waiting.unlink(missing_ok=True)


def _head(body: bytes, version: str) -> bytes:
    return f"{version} {sha256(body).hexdigest()}".encode()
