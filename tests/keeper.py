"""Who uses a server of PostgreSQL, which processes are its, and who ends it at last.

Run as a program it waits until nobody uses a server any more, whether they said so or were
killed; then it ends the server and removes its folder. It needs nothing but Python.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_USERS = "users"
PAUSE = 0.005
"""Seconds between two looks at a process."""


def use(folder: Path) -> int:
    """Use the server of a folder, till what is given back is closed or the process ends.

    Raises `FileNotFoundError` if it is gone or just being removed.
    """
    descriptor = os.open(folder / _USERS, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        (folder / _USERS).stat()  # who ends it removes this first
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def watch(folder: Path) -> int:
    """Use a folder as the first one, and have it removed when nobody does any more."""
    (folder / _USERS).touch()
    descriptor = use(folder)
    subprocess.run(  # noqa: S603 - this very file
        [sys.executable, "-I", "-S", __file__, str(folder)],
        cwd="/", check=True, timeout=60, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return descriptor


def postmaster_of(data: Path) -> int | None:
    """Give the server's first process, if it runs: it works in its data folder."""
    try:
        first, *_ = (data / "postmaster.pid").read_text().splitlines()
        at = Path(f"/proc/{int(first)}/cwd").readlink()
    except (OSError, ValueError):
        return None
    return int(first) if at == data else None


def signal_all(data: Path, number: signal.Signals) -> None:
    """Signal the server's first process, then all its others; none if it does not run."""
    postmaster = postmaster_of(data)
    if postmaster is None:
        return
    for process in (postmaster, *_children_of(postmaster)):
        with suppress(ProcessLookupError):
            os.kill(process, number)


def end(data: Path, number: signal.Signals, patience: float) -> None:
    """Tell the server to end, and wait so many seconds for it; then it is killed."""
    postmaster = postmaster_of(data)
    if postmaster is None:
        return
    os.kill(postmaster, number)
    deadline = time.monotonic() + patience
    while postmaster_of(data) is not None or _is_alive(postmaster):
        if time.monotonic() > deadline:
            signal_all(data, signal.SIGKILL)
            raise TimeoutError(f"the server in {data} did not end")
        time.sleep(PAUSE)


def _children_of(parent: int) -> Iterator[int]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state = stat.read_text().rpartition(")")[2].split()
            if int(state[1]) == parent:
                yield int(stat.parent.name)


def _is_alive(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def _keep(folder: Path) -> None:
    """Wait until nobody uses it, and remove it."""
    descriptor = os.open(folder / _USERS, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    (folder / _USERS).unlink()
    signal_all(folder / "data", signal.SIGCONT)
    with suppress(TimeoutError):
        end(folder / "data", signal.SIGQUIT, 20.0)
    shutil.rmtree(folder)


if __name__ == "__main__":
    # Nobody's child, and deaf to the keyboard: it outlives the tests to tidy up.
    if os.fork() == 0:
        os.setsid()
        _keep(Path(sys.argv[1]))
