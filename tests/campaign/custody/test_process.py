"""Processes can be told apart, and the dead from the living."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from distribute.campaign.custody import process
from distribute.campaign.custody.process import (
    has_ended,
    shares_our_memory,
    this_process,
)


def _someone_else() -> subprocess.Popen[bytes]:
    """Start a process that lives as long as its input."""
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)


def test_we_are_alive() -> None:
    """Whoever asks has not ended, and can be named to a person."""
    me = this_process()
    assert has_ended(me) is False
    assert str(me) == f"process {me.pid} on {me.host}"


def test_another_process_lives_until_it_ends() -> None:
    """A process is seen to run, and seen to have ended."""
    with _someone_else() as other:
        born = process._born(other.pid)
        seen = replace(this_process(), pid=other.pid, born=born)
        assert has_ended(seen) is False
        other.kill()
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
        assert has_ended(seen) is True, "killed, but not yet waited for"
    assert has_ended(seen) is True


def test_another_boot_is_over() -> None:
    """What ran before the machine was started anew has ended."""
    assert has_ended(replace(this_process(), boot="x")) is True


@pytest.mark.parametrize("field", ["host", "space"])
def test_elsewhere_nothing_can_be_seen(field: str) -> None:
    """Nothing is said of a process on another machine, or in another container."""
    me = this_process()
    elsewhere = replace(me, host="x") if field == "host" else replace(me, space="x")
    assert has_ended(elsewhere) is None


def test_where_the_system_tells_less_only_the_dead_are_certain() -> None:
    """Without a time of birth a free number is proof of the end, a used one of nothing."""
    with _someone_else() as other:
        plain = replace(this_process(), pid=other.pid, born="")
        assert has_ended(plain) is None
        other.kill()
    assert has_ended(plain) is True


@pytest.mark.parametrize("field", ["host", "boot"])
def test_memory_is_shared_until_the_machine_starts_anew(field: str) -> None:
    """What another process of this boot wrote is seen, whatever became of the disk."""
    me = this_process()
    assert shares_our_memory(replace(me, pid=1, born="1")) is bool(me.boot)
    another = replace(me, host="x") if field == "host" else replace(me, boot="x")
    assert not shares_our_memory(another)


def test_where_boots_have_no_name_memory_is_not_trusted() -> None:
    """Without a boot id nobody can tell that there was no power cut."""
    assert not shares_our_memory(replace(this_process(), boot=""))
