"""Write a feed's pages in a second process, while this one sends those before.

One process alone would spend a quarter of its time on what is each reader's own in a small
message, a third of that on signing links. The other one is a fresh Python that gets the
feed by a pipe and gives pages by another; it is never further ahead than the pipe and one
page. It shares nothing with this process, for a connection to SQLite must not be carried
into a fork; it minds no signal, and ends when this process closes the pipe or dies.
"""

import gc
import pickle
import signal
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader, BytesIO, FileIO
from pathlib import Path
from traceback import format_exc
from typing import NamedTuple

from distribute.campaign.campaign import Batch
from distribute.campaign.run.feed import PAGE, Feed
from distribute.campaign.run.page import Page
from distribute.campaign.run.supply import Supply
from distribute.errors import DistributeError, TransientDeliveryError

WORTH_IT = 10_000
"""For fewer people another process is hardly ready before it is all over."""
MEANWHILE = 6000
"""So many are written to here while the other process starts."""

_PIPE = 1 << 20
"""Octets that wait in the pipe: about a page of small messages."""
_LENGTH = 8
_START = "import sys; sys.path[:] = {path!r}; from {module} import main; main()"


def ahead(feed: Feed, *, worth_it: int = WORTH_IT) -> Supply:
    """Let another process write a feed's pages, where that is worth it.

    It is not for short lists, nor at a slow pace, which asks for small pages.
    """
    feed = feed.from_first()
    is_worth_it = feed.page >= PAGE and feed.has(worth_it)
    return Ahead(feed) if is_worth_it and sys.executable else feed


class Ahead:
    """Gives the batches of a feed, all but the first few written elsewhere."""

    def __init__(self, feed: Feed, *, meanwhile: int = MEANWHILE) -> None:
        """Take a feed, and how many to write to here while the other process starts."""
        self._feed = feed
        self._meanwhile = meanwhile
        self.due = feed.due
        self.next_due = feed.next_due

    def batches(self) -> Generator[Batch, None, None]:
        """Give the batches of the feed, in its order; raises what it raises.

        The other process is over when this iterator is, or is closed.
        """
        here, there = self._feed.split(self._meanwhile)
        with _elsewhere(there) as pages:
            yield from here.batches()
            yield from map(there.desk().batch, pages)


class _Failure(NamedTuple):
    """What ended the work there; exceptions of ours take more than pickle gives them."""

    kind: type[BaseException]
    args: tuple[object, ...]
    attributes: dict[str, object]
    trace: str

    def error(self) -> BaseException:
        error = self.kind.__new__(self.kind, *self.args)
        error.args = self.args
        vars(error).update(self.attributes)
        if not isinstance(error, DistributeError):
            error.add_note(f"In the process that writes messages:\n{self.trace}")
        return error


@contextmanager
def _elsewhere(feed: Feed) -> Generator[Iterator[Page], None, None]:
    """Start the other process, which finds the very package that runs here."""
    path = [place or str(Path.cwd()) for place in sys.path]
    code = _START.format(path=path, module=__name__)
    with subprocess.Popen(  # noqa: S603 - this very Python, with our own code
        [sys.executable, "-I", "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pipesize=_PIPE,
        process_group=0,
    ) as process:
        try:
            _hand_over(feed, process)
            yield _pages(process)
        finally:
            process.kill()


def _hand_over(feed: Feed, process: "subprocess.Popen[bytes]") -> None:
    """Give the feed to the process; if that is dead, reading from it will tell."""
    if process.stdin is None:
        return
    with suppress(BrokenPipeError):
        process.stdin.write(pickle.dumps(feed, pickle.HIGHEST_PROTOCOL))
    with suppress(BrokenPipeError):
        process.stdin.close()


def _pages(process: "subprocess.Popen[bytes]") -> Iterator[Page]:
    buffer = bytearray(_PIPE)  # used over and over: large blocks come and go dearly
    while size := _receive(process, buffer):
        with memoryview(buffer)[:size] as frame:
            made: Page | _Failure = pickle.loads(frame)  # noqa: S301 - made by our code
        if isinstance(made, _Failure):
            raise made.error()
        yield made


def _receive(process: "subprocess.Popen[bytes]", buffer: bytearray) -> int:
    """Read one page into a buffer that grows as needed; its size is 0 at the end."""
    pipe = process.stdout
    if not isinstance(pipe, BufferedReader):
        return 0
    head = pipe.read(_LENGTH)
    size = int.from_bytes(head, "big")
    if size > len(buffer):
        buffer.extend(bytes(size - len(buffer)))
    with memoryview(buffer)[:size] as frame:
        received = pipe.readinto(frame) if size else 0
    if len(head) < _LENGTH or received < size:
        raise TransientDeliveryError(
            f"the process that writes messages ended too early ({process.wait()})",
            hint="Nothing is lost. Run the same command again to go on.",
        )
    return size


def main() -> None:
    """Be the other process: read a feed, write its pages."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    pipe = FileIO(sys.stdout.fileno(), "wb", closefd=False)
    sys.stdout = sys.stderr
    gc.disable()  # nothing here makes cycles, and each round takes time
    feed: Feed = pickle.load(sys.stdin.buffer)  # noqa: S301 - made by our own code
    with suppress(BrokenPipeError):
        _send_all(pipe, _made(feed))


def _send_all(pipe: FileIO, pages: Iterable["Page | _Failure"]) -> None:
    buffer = BytesIO()
    for made in pages:
        buffer.seek(_LENGTH)
        pickle.dump(made, buffer, pickle.HIGHEST_PROTOCOL)
        size = buffer.tell() - _LENGTH
        with buffer.getbuffer() as frame:
            frame[:_LENGTH] = size.to_bytes(_LENGTH, "big")
            _send(pipe, frame[: _LENGTH + size])
    _send(pipe, memoryview(bytes(_LENGTH)))


def _made(feed: Feed) -> Iterator[Page | _Failure]:
    try:
        yield from feed.pages()
    except Exception as error:  # noqa: BLE001 - it is raised where the pages are used
        yield _Failure(type(error), error.args, vars(error), format_exc())


def _send(pipe: FileIO, rest: memoryview) -> None:
    while rest:
        rest = rest[pipe.write(rest) :]
