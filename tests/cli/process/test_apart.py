"""Work in a process of its own: the same results and errors, and no memory kept."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from distribute.cli.process.apart import ElsewhereError, apart
from distribute.errors import ConfigError, DistributeError, RenderError, SourceError


def failing(error: Exception) -> None:
    """Raise what is given."""
    raise error


def test_result() -> None:
    """What the function returns arrives, from another process."""
    parent = os.getpid()

    def work(a: int, *, b: str) -> tuple[int, list[int | str]]:
        return os.getpid(), [a, b] * 100_000

    process, sums = apart(work, 1, b="é")
    assert process != parent
    assert sums == [1, "é"] * 100_000


def test_arguments_as_they_are() -> None:
    """Arguments may be anything, even what cannot be pickled; changes stay over there."""
    changed: list[int] = []
    lock = threading.Lock()

    def work(lock: threading.Lock) -> int:
        with lock:
            changed.append(1)
        return len(changed)

    assert apart(work, lock) == 1
    assert changed == []


@pytest.mark.parametrize(
    "error",
    [
        RenderError("no such text", path=Path("a/b.html"), line=7, hint="Mend it."),
        ConfigError(("one", "two"), hint="three"),
        KeyError("k"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
        SourceError("odd", path=Path("p.md"), line=3),
        FileNotFoundError(2, "missing", "post.md"),
    ],
)
def test_errors(error: Exception) -> None:
    """An exception keeps its type, what it says, and all its attributes."""
    with pytest.raises(type(error)) as caught:
        apart(failing, error)
    assert type(caught.value) is type(error)
    assert str(caught.value) == str(error)
    assert vars(caught.value) == vars(error)
    assert isinstance(caught.value.__cause__, ElsewhereError)
    assert "in failing" in str(caught.value.__cause__)


def test_strange_errors() -> None:
    """An exception that cannot travel is named at least."""

    class LocalError(Exception):
        """Nobody else can import it."""

    with pytest.raises(RuntimeError, match="LocalError: why not"):
        apart(failing, LocalError("why not"))


def test_result_that_cannot_travel() -> None:
    """A result that cannot be pickled is an error, not a silence."""
    with pytest.raises(Exception, match="pickle"):
        apart(lambda: threading.Lock())


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "by signal 9"),
        (lambda: os._exit(3), "with status 3"),
        (lambda: sys.exit(4), "with status 1"),
    ],
)
def test_early_end(program: Callable[[], None], words: str) -> None:
    """A process that dies is reported, with what to do."""
    with pytest.raises(DistributeError, match=words) as caught:
        apart(program)
    assert "memory" in caught.value.hint


def test_nothing_left_behind() -> None:
    """Neither a process nor an open pipe stays, whether it went well or not."""
    open_files = Path("/proc/self/fd")
    if not open_files.exists():
        pytest.skip("this system has no /proc")
    before = len(list(open_files.iterdir()))
    assert apart(int, "7") == 7
    with pytest.raises(ValueError, match="x"):
        apart(int, "x")
    with pytest.raises(DistributeError):
        apart(os._exit, 1)
    assert len(list(open_files.iterdir())) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_beside_other_threads() -> None:
    """Beside another thread the call is an ordinary one, for locks may be held."""
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert apart(os.getpid) == os.getpid()
    finally:
        done.set()
        thread.join()


def test_interrupted() -> None:
    """Ctrl-C ends the waiting at once, and the other process with it."""
    program = (
        "import os, signal, sys, time\n"
        "from distribute.cli.process.apart import apart\n"
        "def work():\n"
        "    print(os.getpid(), flush=True)\n"
        "    os.kill(os.getppid(), signal.SIGINT)\n"
        "    time.sleep(60)\n"
        "try:\n"
        "    apart(work)\n"
        "except KeyboardInterrupt:\n"
        "    sys.exit(75)\n"
    )
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - the program above
        [sys.executable, "-c", program], capture_output=True, timeout=50
    )
    assert done.returncode == 75
    assert time.monotonic() - began < 30
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


def test_interrupted_at_once() -> None:
    """Also Ctrl-C that comes before the waiting has begun leaves no process behind.

    With one processor, and another process busy on it, the child is often the first.
    """
    program = (
        "import os, signal, sys, time\n"
        "from distribute.cli.process.apart import apart\n"
        "if hasattr(os, 'sched_setaffinity'):\n"
        "    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "this, busy = os.getpid(), os.fork()\n"
        "while not busy:\n"
        "    if os.getppid() != this:\n"
        "        os._exit(0)\n"
        "def work():\n"
        "    os.kill(os.getppid(), signal.SIGINT)\n"
        "    time.sleep(60)\n"
        "for _ in range(20):\n"
        "    try:\n"
        "        apart(work)\n"
        "    except KeyboardInterrupt:\n"
        "        pass\n"
        "os.kill(busy, signal.SIGKILL)\n"
        "os.waitpid(busy, 0)\n"
        "try:\n"
        "    os.waitpid(-1, os.WNOHANG)\n"
        "except ChildProcessError:\n"
        "    print('nobody')\n"
    )
    done = subprocess.run(  # noqa: S603 - the program above
        [sys.executable, "-c", program], capture_output=True, timeout=50
    )
    assert (done.stdout, done.stderr) == (b"nobody\n", b"")


def test_output_once() -> None:
    """What was printed before and not yet written out is written once."""
    program = (
        "from distribute.cli.process.apart import apart\n"
        "print('before')\n"
        "apart(int)\n"
        "print('after')\n"
    )
    printed = subprocess.check_output([sys.executable, "-c", program], timeout=60)  # noqa: S603 - ours
    assert printed == b"before\nafter\n"


def test_memory_goes_with_it() -> None:
    """What the work needed of memory is not kept here."""
    program = (
        "from distribute.cli.process.apart import apart\n"
        "def peak():\n"
        "    status = open('/proc/self/status').read()\n"
        "    return int(status.partition('VmHWM:')[2].split()[0])\n"
        "def work():\n"
        "    return len(b'x' * 64_000_000) and peak()\n"
        "print(apart(work), peak())\n"
    )
    if not Path("/proc/self/status").exists():
        pytest.skip("this system has no /proc")
    printed = subprocess.check_output([sys.executable, "-c", program], timeout=60)  # noqa: S603 - ours
    of_child, own = map(int, printed.split())
    assert of_child > own + 50_000
