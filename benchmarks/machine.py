"""The machine that is measured on: what it is, and whether it is quiet."""

import os
import platform
import time
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")
_QUIET = 0.25
"""How much of one core others may use when a measurement begins."""


def busyness() -> float:
    """Give the seconds of processor time that the whole machine has used so far.

    What the host took for other virtual machines counts; interrupts do not, for they are
    nobody's in particular.
    """
    line = Path("/proc/stat").read_text("ascii").splitlines()[0]
    user, nice, system, _idle, _wait, _irq, _soft, stolen = map(int, line.split()[1:9])
    return (user + nice + system + stolen) * _TICK


def wait_until_quiet(patience: float) -> float:
    """Wait until others use next to nothing; give the share of a core they still use."""
    give_up = time.monotonic() + patience
    while True:
        before, began = busyness(), time.monotonic()
        time.sleep(1)
        used = (busyness() - before) / (time.monotonic() - began)
        if used < _QUIET or time.monotonic() > give_up:
            return used


def describe(folder: Path) -> str:
    """Say in a line what machine this is, and on which file system a run works."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GB of memory,"
        f" {platform.system()} {platform.release().partition('-')[0]},"
        f" Python {platform.python_version()}, files on {_file_system(folder)}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return " ".join(value.split())
    return platform.machine()


def _file_system(folder: Path) -> str:
    """Name the file system of a folder: on tmpfs an fsync costs nothing."""
    best, name = "", "an unknown file system"
    for line in Path("/proc/mounts").read_text("utf-8").splitlines():
        _device, place, kind, *_ = line.split()
        if folder.resolve().is_relative_to(place) and len(place) >= len(best):
            best, name = place, kind
    return name
