"""The command line, called in this process or as one of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

import distribute
from distribute.cli import group
from tests.sharing import sharing

NOW = "1794000000"  # 2026-11-06T21:20:00Z, the evening of the sample's latest issue


@dataclass(frozen=True)
class Answer:
    """What a call printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout; fails if there is anything else."""
        return json.loads(self.out)


def call(*arguments: str | Path, now: str = NOW) -> Answer:
    """Run ``distribute`` in this process, with a fixed clock."""
    runner = CliRunner(env={"SOURCE_DATE_EPOCH": now})
    with sharing():
        result = runner.invoke(group, [str(each) for each in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def start(
    *arguments: str | Path,
    before: tuple[str, ...] = (),
    cwd: Path | None = None,
    env: Mapping[str, str] = {},
) -> subprocess.Popen[str]:
    """Start ``distribute`` as a process of its own; `before` is what starts it."""
    return _start("-m", "distribute", *arguments, before=before, cwd=cwd, env=env)


def _start(
    *arguments: str | Path,
    before: tuple[str, ...] = (),
    cwd: Path | None,
    env: Mapping[str, str],
) -> subprocess.Popen[str]:
    there = Path(distribute.__file__).parents[1]
    paths = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(there))))
    return subprocess.Popen(  # noqa: S603 - our own arguments
        [*before, sys.executable, *map(str, arguments)],
        env={**os.environ, "SOURCE_DATE_EPOCH": NOW, "PYTHONPATH": paths, **env},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def start_all(
    calls: Iterable[Sequence[str | Path]], *, cwd: Path, env: Mapping[str, str]
) -> subprocess.Popen[str]:
    """Start one process that makes several calls, one after the other."""
    words = [[str(word) for word in call] for call in calls]
    program = (
        "from distribute.cli import group\n"
        f"for words in {words!r}:\n"
        "    if status := group(words, standalone_mode=False):\n"
        "        raise SystemExit(status)\n"
    )
    return _start("-c", program, cwd=cwd, env=env)


def finish(process: subprocess.Popen[str]) -> Answer:
    """Wait for a process to end by itself."""
    out, err = process.communicate(timeout=120)
    return Answer(process.returncode, out, err)
