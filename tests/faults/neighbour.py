"""The same server as a process of its own, which shares nothing with the sender."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.fault import Manners, from_json, to_json
from tests.faults.record import Record
from tests.faults.server import serving


class Neighbour:
    """Tells a server in another process what to do; see `FaultServer`."""

    def __init__(self, process: subprocess.Popen[str], record: Record) -> None:
        self._process = process
        self.record = record
        self.port = int(self._answer())

    def behave(self, manners: Manners) -> None:
        """Change manners, for connections to come."""
        self._tell(to_json(manners))

    def down(self) -> None:
        """Close the port and break all connections."""
        self._tell("down")

    def up(self) -> None:
        """Listen again, on the same port."""
        self._tell("up")

    def _tell(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        assert self._answer() == "done"

    def _answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@contextmanager
def next_door(
    path: Path, manners: Manners | None = None, *, host: str = "127.0.0.1"
) -> Iterator[Neighbour]:
    """Run a server in a process of its own; its record is in the file `path`."""
    process = subprocess.Popen(  # noqa: S603 - this very package
        [
            sys.executable,
            "-m",
            "tests.faults",
            str(path),
            to_json(manners or Manners()),
            host,
        ],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Neighbour(process, Record(path))
    finally:
        process.communicate(timeout=60)  # the end of its input is the end of it


def serve(path: Path, manners: Manners, host: str) -> None:
    """Serve, and do what standard input says, until it ends."""
    with serving(path, manners, host=host) as server:
        say(str(server.port))
        for line in sys.stdin:
            match line.strip():
                case "down":
                    server.down()
                case "up":
                    server.up()
                case changed:
                    server.behave(from_json(changed))
            say("done")


def say(answer: str) -> None:
    """Answer in one line."""
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()
