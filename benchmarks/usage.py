"""How much processor time processes have used while they run."""

import os
from contextlib import suppress
from pathlib import Path

from benchmarks.processes import tree

_TICK = 1 / os.sysconf("SC_CLK_TCK")


def cpu_of(pid: int) -> float:
    """Give the seconds that one process has used so far; 0 if it is gone."""
    user, system, *_ = _ticks(pid)
    return (user + system) * _TICK


def cpu_of_tree(pid: int) -> float:
    """Give the seconds of a process, of those it has started, and of those that ended."""
    _, _, *ended = _ticks(pid)
    return sum(map(cpu_of, tree(pid))) + sum(ended) * _TICK


def _ticks(pid: int) -> tuple[int, int, int, int]:
    """Read user and system time of a process and of its ended children."""
    with suppress(OSError):
        said = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        user, system, ended, ended_system = said.rpartition(")")[2].split()[11:15]
        return int(user), int(system), int(ended), int(ended_system)
    return 0, 0, 0, 0
