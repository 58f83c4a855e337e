"""Start other programs, and measure what they spend; the one door to subprocess."""

import json
import os
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_LOOK = 0.05
"""Seconds between two looks at a process's memory; the kernel itself keeps its peak."""


class MeasurementError(Exception):
    """Something that was to be measured did not do what it should."""


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments, and what its environment needs besides ours."""

    arguments: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict)

    def start(
        self, *, output: IO[bytes] | int, errors: IO[bytes] | int
    ) -> "subprocess.Popen[bytes]":
        """Run it in the background; `MeasurementError` if there is no such program."""
        try:
            return subprocess.Popen(  # noqa: S603 - programs found or built by ourselves
                self.arguments,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env=os.environ | dict(self.environment),
            )
        except OSError as error:
            reason = f"{self.arguments[0]} cannot be run: {error.strerror}"
            raise MeasurementError(reason) from error

    def run(self) -> str:
        """Run it to its end and give what it wrote; `MeasurementError` if it failed."""
        return self.measure(timeout=600).output

    def measure(self, *, timeout: float, accepted: Collection[int] = (0,)) -> "Spent":
        """Run it to its end and see what it costs; it is killed after `timeout` seconds.

        Raises `MeasurementError` with its last words if its exit status is not accepted.
        """
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            began = time.monotonic()
            process = self.start(output=output, errors=errors)
            watch = _MemoryWatch(process.pid)
            alarm = threading.Timer(timeout, process.kill)
            alarm.start()
            usage = reap(process)
            seconds = time.monotonic() - began
            alarm.cancel()
            watch.end()
            if process.returncode not in accepted:
                said = _text(errors) or _text(output)
                raise MeasurementError(
                    f"{Path(self.arguments[0]).name} ended with {process.returncode}:"
                    f" {said[-600:]}"
                )
            return Spent(
                began=began,
                seconds=seconds,
                cpu=usage.ru_utime + usage.ru_stime,
                largest=watch.largest,
                together=watch.together,
                output=_text(output),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one run of a program took, its child processes included."""

    began: float
    """On the clock of `time.monotonic`, which is the same in every process."""
    seconds: float
    cpu: float
    """Seconds of processor time, user and system."""
    largest: int
    """Peak resident octets of its largest process."""
    together: int
    """Peak octets of all its processes, shared pages counted once (PSS, sampled)."""
    output: str

    @property
    def report(self) -> Mapping[str, object]:
        """The JSON document that it printed, if it did."""
        return json.loads(self.output) if self.output.startswith("{") else {}


def reap(process: "subprocess.Popen[bytes]") -> resource.struct_rusage:
    """Wait for the end of a process, and give what it and its children have used."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage


class _MemoryWatch:
    """Looks at the memory of a process and its children until told to end.

    ``ru_maxrss`` will not do: it starts from the memory of whoever started the process.
    """

    def __init__(self, pid: int) -> None:
        self.largest = 0
        self.together = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK):
            together = 0
            for pid in tree(self._pid):
                self.largest = max(self.largest, _memory(pid, "status", "VmHWM:"))
                together += _memory(pid, "smaps_rollup", "Pss:")
            self.together = max(self.together, together)


def tree(pid: int) -> Iterator[int]:
    """Yield a process and all that descend from it."""
    yield pid
    with suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
        for child in children.split():
            yield from tree(int(child))


def _memory(pid: int, file: str, label: str) -> int:
    """Read one line of a process's account of its memory, in octets; 0 if it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_text("ascii").splitlines():
            if line.startswith(label):
                return int(line.split()[1]) * 1024
    return 0


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace").strip()
