"""Where the measured mail goes: Postfix's smtp-sink, and the fast one of our own."""

import json
import os
import re
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.processes import Command, MeasurementError, reap

_PATIENCE = 5.0
"""Seconds until a sink must have answered."""
_COUNTED = re.compile(r"mesg=(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What has arrived at a sink."""

    messages: int
    cpu: float
    """Seconds of processor time that the sink has used."""
    octets: int = 0
    """Of all messages; 0 where the sink does not say."""
    first: float = 0
    """When the first message had arrived, by `time.monotonic`; 0 if it cannot say."""
    last: float = 0
    """When the last one had."""

    @property
    def span(self) -> float:
        """Seconds from the first message to the last."""
        return self.last - self.first


class Sink(ABC):
    """A sink that runs on a port of its own while the `with` lasts."""

    def __init__(self, command: Command) -> None:
        self._output = os.memfd_create("what the sink says")
        self._process = command.start(output=self._output, errors=subprocess.DEVNULL)
        self.port = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.returncode is None:
            self._process.kill()
            reap(self._process)
        os.close(self._output)

    def stop(self) -> Count:
        """End it, and give its count."""
        if self._dead():
            raise MeasurementError("the sink ended before it was told to")
        self._process.terminate()
        usage = reap(self._process)
        return self._count(self._said(), usage.ru_utime + usage.ru_stime)

    @abstractmethod
    def _count(self, said: str, cpu: float) -> Count:
        """Read its count out of what it said; `cpu` is what it took, in seconds."""

    def _said(self) -> str:
        size = os.fstat(self._output).st_size
        return os.pread(self._output, size, 0).decode("ascii")

    def _dead(self) -> bool:
        """Tell whether it has ended by itself: its port was taken, for one."""
        return self._process.poll() is not None


class FastSink(Sink):
    """The sink in ``sink.c``, which may answer late."""

    def __init__(self, program: Path, delay_ms: int) -> None:
        super().__init__(Command((program, str(delay_ms))))
        give_up = time.monotonic() + _PATIENCE
        while not self._said().endswith("\n"):
            if self._dead() or time.monotonic() > give_up:
                raise MeasurementError("the fast sink does not start")
            time.sleep(0.005)
        self.port = int(self._said())

    def _count(self, said: str, cpu: float) -> Count:
        return Count(cpu=cpu, **json.loads(said.splitlines()[1]))


class PostfixSink(Sink):
    """Postfix's smtp-sink with its running counter on, which costs it little."""

    def __init__(self, program: Command) -> None:
        port = _free_port()
        rights = ("-u", "nobody") if os.getuid() == 0 else ()
        super().__init__(
            Command(
                (*program.arguments, "-c", *rights, f"127.0.0.1:{port}", "512"),
                program.environment,
            )
        )
        give_up = time.monotonic() + _PATIENCE
        while not _greets(port):
            if self._dead() or time.monotonic() > give_up:
                raise MeasurementError("smtp-sink does not start")
            time.sleep(0.01)
        if self._dead():
            raise MeasurementError("another program listens where smtp-sink should")
        self.port = port

    def _count(self, said: str, cpu: float) -> Count:
        counted = _COUNTED.findall(said[-200:])
        return Count(messages=int(counted[-1]) if counted else 0, cpu=cpu)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            return connection.recv(512).startswith(b"220")
    except OSError:
        return False
