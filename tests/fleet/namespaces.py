"""Machines of one's own on this one: namespaces, each with a cable that can be pulled.

What runs here is reached by all of them at the `hub`; they do not reach one another.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Self

import pytest

_BLOCK = "198.18"
"""Where networks are tried out, and nobody really is (RFC 2544, appendix C.2.2)."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A namespace, at the other end of a cable."""

    name: str
    address: str
    cable: str
    """Its end of this side."""

    @property
    def before(self) -> tuple[str, ...]:
        """What stands before a command that is to run over there."""
        return (_ip_command(), "netns", "exec", self.name)

    def cut(self) -> None:
        """Pull the cable: what is sent is lost, and nobody hears of it."""
        _ip("link", "set", self.cable, "down")

    def join(self) -> None:
        """Plug it in again."""
        _ip("link", "set", self.cable, "up")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Have the cable pulled for a while."""
        self.cut()
        try:
            yield
        finally:
            self.join()


class Network:
    """The machines around this one."""

    def __init__(self) -> None:
        """Take addresses that nobody has; skips the test where that is not allowed."""
        check_allowed()
        self._number = _free_number()
        self.hub = f"{_BLOCK}.{self._number}.1"
        """The address of this machine, for all of them and for itself."""
        self.machines: list[Machine] = []
        _ip("addr", "add", f"{self.hub}/32", "dev", "lo")
        # Whoever is cut off is nowhere else: nothing goes to the world in their place.
        _ip("route", "add", "blackhole", self._all)

    @property
    def _all(self) -> str:
        return f"{_BLOCK}.{self._number}.0/24"

    def add(self) -> Machine:
        """Set up one more machine."""
        count = len(self.machines) + 2
        name = f"fleet{self._number}-{count}"
        address = f"{_BLOCK}.{self._number}.{count}"
        cable = f"fl{self._number}-{count}"
        _ip("netns", "add", name)
        machine = Machine(name, address, cable)
        self.machines.append(machine)
        _ip("link", "add", cable, "type", "veth", "peer", "name", "hub", "netns", name)
        _ip("addr", "add", self.hub, "peer", address, "dev", cable)
        _ip("link", "set", cable, "up")
        _ip("-n", name, "addr", "add", address, "peer", self.hub, "dev", "hub")
        _ip("-n", name, "link", "set", "lo", "up")
        _ip("-n", name, "link", "set", "hub", "up")
        return machine

    def close(self) -> None:
        """Take everything down again."""
        for machine in self.machines:
            with suppress(AssertionError):
                _ip("link", "del", machine.cable)
            _ip("netns", "del", machine.name)
        _ip("route", "del", "blackhole", self._all)
        _ip("addr", "del", f"{self.hub}/32", "dev", "lo")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def check_allowed() -> None:
    """Skip the test where nobody may set up machines like that."""
    if not shutil.which("ip"):
        pytest.skip("no ip command: Debian's package iproute2 is missing")
    if os.geteuid() != 0:
        pytest.skip("only root may set up network namespaces")
    name = f"fleet-try-{os.getpid()}"
    try:
        _ip("netns", "add", name)
        _ip("netns", "del", name)
    except AssertionError as error:
        pytest.skip(f"no network namespaces here: {error}")


def _free_number() -> int:
    """Find a network that nobody on this machine has."""
    taken = _ip("-o", "addr") + _ip("route", "show", "table", "all")
    start = os.urandom(1)[0]
    for step in range(256):
        number = (start + step) % 256
        if f"{_BLOCK}.{number}." not in taken:
            return number
    raise AssertionError("no network is free")


def _ip(*words: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own arguments
        [_ip_command(), *words], check=False, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr.strip()}"
    return done.stdout


def _ip_command() -> str:
    return shutil.which("ip") or "ip"
