"""Which process this is, and whether another one still runs."""

import os
import platform
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process among all that ever ran, as far as the system can tell them apart.

    `boot`, `space` and `born` are empty where there is no ``/proc`` as Linux has it.
    """

    host: str
    boot: str
    """Changes when the machine starts anew."""
    space: str
    """Within which the process id means something: a container has one of its own."""
    pid: int
    born: str
    """When it began, in the system's own ticks."""

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"


def this_process() -> Process:
    """Describe the process that asks."""
    pid = os.getpid()
    host, boot, space = _surroundings()
    return Process(host=host, boot=boot, space=space, pid=pid, born=_born(pid))


def has_ended(process: Process) -> bool | None:
    """Tell whether a process has ended; `None` where that cannot be seen from here."""
    host, boot, space = _surroundings()
    if process.host != host:
        return None
    if process.boot != boot:
        return True
    if process.space != space:
        return None
    if process.born:
        return _born(process.pid) != process.born
    return True if _is_free(process.pid) else None


def shares_our_memory(process: Process) -> bool:
    """Tell whether all it wrote before it ended can still be read from here.

    What is not on the disk yet is in the memory of the system, so it takes the same
    machine, and that this has not been started anew since.
    """
    host, boot, _ = _surroundings()
    return process.host == host and bool(boot) and process.boot == boot


@cache
def _surroundings() -> tuple[str, str, str]:
    boot = _read(Path("/proc/sys/kernel/random/boot_id")).strip()
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return platform.node(), boot, space


def _born(pid: int) -> str:
    """Read field 22 of ``/proc/PID/stat``; empty for one that only waits to be buried.

    The fields are counted from the state, which follows the name in brackets.
    """
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 and fields[0] not in "ZX" else ""


def _is_free(pid: int) -> bool:
    """Tell whether no process has this id; on Windows a signal would end it."""
    if sys.platform == "win32":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", errors="replace")
    except OSError:
        return ""
