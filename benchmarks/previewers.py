"""Programs that show a changed post in the browser: ours, Hugo's server and Jekyll's."""

import http.client
import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Protocol

from benchmarks.archive import Text
from benchmarks.builders import Builder, Hugo, Jekyll, Ours
from benchmarks.ours import distribute
from benchmarks.processes import Command, MeasurementError

_PATIENCE = 120.0
"""Seconds in which a server has to show something."""
_STEP = 0.002
"""Seconds between two looks at a page that nobody tells us about."""


class Previewer(Protocol):
    """A program, and how long a change takes until it is seen."""

    @property
    def builder(self) -> Builder:
        """What writes the posts, and has a folder for them."""
        ...

    @property
    def name(self) -> str:
        """What it is called, with its version."""
        ...

    def command(self, port: int) -> Command:
        """Give what serves at a port."""
        ...

    def page(self, text: Text) -> str:
        """Give the path at which a post is seen."""
        ...

    def wait(self, port: int, page: str, words: str) -> float:
        """Wait until a page shows these words.

        Gives the instant, by `time.monotonic`, at which the first octets of that
        page were there.
        """
        ...


class OurPreview:
    """Our own, which tells the browser by itself."""

    def __init__(self, builder: Ours) -> None:
        self.builder = builder

    @property
    def name(self) -> str:
        """Give ours."""
        return self.builder.name

    def command(self, port: int) -> Command:
        """Serve the latest issue, in five languages."""
        plain = distribute(self.builder.folder)
        words = [word for word in plain.arguments if word != "--json"]
        options = ("preview", "--serve", "--port", str(port))
        return Command((*words, *options), plain.environment)

    def page(self, _text: Text) -> str:
        """Show the gallery, which has all editions in it."""
        return "/"

    def wait(self, port: int, page: str, words: str) -> float:
        """Wait for news as a browser does, and load the page then."""
        version = "0"
        while True:
            at, shown = _get(port, page)
            if words in shown:
                return at
            found = re.search(r'(?:since=|data-version=")(\d+)', shown)
            version = found[1] if found else version
            _get(port, f"/events?since={version}")


class PolledPreview:
    """Another's, looked at again and again: no browser could know sooner."""

    def __init__(self, builder: Hugo | Jekyll) -> None:
        self.builder = builder

    @property
    def name(self) -> str:
        """Give the builder's."""
        return f"{self.builder.name}, its server"

    def command(self, port: int) -> Command:
        """Serve with what each does by itself when a file changes."""
        plain = self.builder.command
        program, *_ = plain.arguments
        where = ("--port", str(port))
        if isinstance(self.builder, Hugo):
            source = ("--source", self.builder.folder, "--bind", "127.0.0.1")
            return Command((program, "server", "--quiet", *source, *where))
        options = ("--quiet", "--host", "127.0.0.1", *where, *plain.arguments[3:])
        return Command((program, "serve", *options), plain.environment)

    def page(self, text: Text) -> str:
        """Show the post's own page."""
        return "/" + self.builder.page(text).removesuffix("index.html")

    def wait(self, port: int, page: str, words: str) -> float:
        """Look until it is there."""
        give_up = time.monotonic() + _PATIENCE
        while time.monotonic() < give_up:
            at, shown = _get(port, page)
            if words in shown:
                return at
            time.sleep(_STEP)
        raise MeasurementError(f"{self.name} never showed the change")


@contextmanager
def at_work(previewer: Previewer, page: str, words: str) -> Iterator[int]:
    """Run its server while the block runs, once a page is there; gives the port."""
    port = _free_port()
    process = previewer.command(port).start(
        output=subprocess.DEVNULL, errors=subprocess.DEVNULL
    )
    try:
        _until_there(process, port, page, words)
        yield port
    finally:
        process.terminate()
        process.wait()


def editions_in(output: str) -> int:
    """Count the editions that one of our previews tells of."""
    (issue,) = json.loads(output)["issues"]
    return len(issue["editions"])


def _until_there(
    process: "subprocess.Popen[bytes]", port: int, page: str, words: str
) -> None:
    give_up = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise MeasurementError(f"it ended with {process.returncode}")
        if words in _get(port, page)[1]:
            return
        time.sleep(0.05)
    raise MeasurementError("it never showed its first page")


def _get(port: int, path: str) -> tuple[float, str]:
    """Load a page; gives when its first octets came. Nothing where nobody answers."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    with closing(line):
        try:
            line.request("GET", path)
            response = line.getresponse()
            at = time.monotonic()
            return at, response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return time.monotonic(), ""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return int(port)
