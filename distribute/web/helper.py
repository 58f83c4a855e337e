"""A second process that renders the same list of posts from its other end.

Both look whether a rendering is kept already before they make it, so they meet where
their speeds let them, and neither has to know of the other. The helper is a fresh Python,
which works where a copy of this process would not, that is everywhere. It is killed when
this process is done, and ends by itself when this one dies. If it fails, that only costs
time: what it leaves undone is done here, and so is every complaint.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from distribute.render.manuscript import Manuscript
from distribute.render.surroundings import Surroundings
from distribute.web.cache.folder import Cache
from distribute.web.cache.renderings import Renderings

_START = "import sys; sys.path[:] = {path!r}; from {module} import main; main()"


class _Job(NamedTuple):
    manuscripts: Sequence[Manuscript]
    surroundings: Surroundings
    folder: Path


@contextmanager
def helped(
    manuscripts: Sequence[Manuscript], surroundings: Surroundings, folder: Path
) -> Iterator[None]:
    """Let another process render, last ones first, into the cache in a folder."""
    path = [place or str(Path.cwd()) for place in sys.path]
    code = _START.format(path=path, module=__name__)
    job = _Job(manuscripts, surroundings, folder.absolute())
    with subprocess.Popen(  # noqa: S603 - this very Python, with our own code
        [sys.executable, "-I", "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    ) as process:
        giver = Thread(target=_hand_over, args=(job, process), daemon=True)
        giver.start()
        try:
            yield
        finally:
            process.kill()
            giver.join()
            _close(process)


def is_possible() -> bool:
    """Tell whether there is a Python to start, and a processor to run it on."""
    if hasattr(os, "sched_getaffinity"):
        processors = len(os.sched_getaffinity(0))
    else:
        processors = os.cpu_count() or 1
    return bool(sys.executable) and processors > 1


def _hand_over(job: _Job, process: "subprocess.Popen[bytes]") -> None:
    """Give the job, and leave the pipe open: its end tells that this process has died."""
    with suppress(OSError):
        if process.stdin:
            pickle.dump(job, process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()


def _close(process: "subprocess.Popen[bytes]") -> None:
    """Drop what is still on its way to a process that is no more."""
    with suppress(OSError):
        if process.stdin:
            process.stdin.close()


def main() -> None:
    """Be the other process."""
    job: _Job = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent wrote it
    Thread(target=_end_with_parent, daemon=True).start()
    renderings = Renderings(job.surroundings, Cache(job.folder))
    for manuscript in reversed(job.manuscripts):
        if not renderings.digest_of(manuscript):
            renderings.make(manuscript)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)
