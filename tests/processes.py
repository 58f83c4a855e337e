"""Functions of tests, played in a process of their own: one thread, and nobody else's."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE = 60
"""Seconds that another process may take for what takes it less than one."""

Scene = Callable[..., None]


def play(scene: Scene, *arguments: object) -> "subprocess.Popen[str]":
    """Play a function of a module; it gets its arguments as text."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r});"
        f"from {scene.__module__} import {scene.__name__} as scene;"
        "scene(*sys.argv[1:])"
    )
    return subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def said(scene: Scene, *arguments: object) -> str:
    """Play a scene to its end, without a complaint, and give what it wrote."""
    with play(scene, *arguments) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    return out


def is_alive(process: int) -> bool:
    """Tell whether a process still runs; only where there is ``/proc``."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # gone before, or meanwhile
        return False
    return state != "Z"


def wait_until(holds: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait for something that another process brings about; `patience` is in seconds."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
