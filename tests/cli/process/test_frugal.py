"""Garbage is looked for seldom, and never given up."""

import atexit
import gc
import sys

import pytest

from distribute.cli.process.frugal import collect_seldom, little_collecting
from tests.processes import Scene, said


def fail_meanwhile(usual: int) -> None:
    """See that collections are rare, though not given up, and end with an error."""
    with little_collecting():
        assert gc.get_threshold()[0] > usual
        assert gc.isenabled()
        raise RuntimeError


def as_before() -> None:
    """Send, where nobody else has set anything aside."""
    before = gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()
    assert before[2] == 0
    with pytest.raises(RuntimeError):
        fail_meanwhile(before[0][0])
    assert (gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()) == before


def set_aside() -> None:
    """Send, where somebody has set everything aside."""
    gc.freeze()
    before = gc.get_threshold(), gc.get_freeze_count()
    with pytest.raises(RuntimeError):
        fail_meanwhile(before[0][0])
    assert gc.get_threshold() == before[0]
    assert gc.get_freeze_count() >= before[1]


@pytest.mark.parametrize("scene", [as_before, set_aside])
def test_collecting_is_as_before_afterwards(scene: Scene) -> None:
    """Also when the sending failed; cycles made meanwhile are found then."""
    assert said(scene) == ""


def end_frugally() -> None:
    """End, and tell last of all whether there is nothing left to look through."""
    atexit.register(lambda: sys.stdout.write(str(gc.get_freeze_count() > 0)))
    collect_seldom()


def test_nothing_is_looked_through_at_the_end() -> None:
    """The system takes back all at once."""
    assert said(end_frugally) == "True"


def test_a_command_collects_seldom() -> None:
    """Whatever it does, cycles are found in the end."""
    before = gc.get_threshold()
    try:
        collect_seldom()
        assert gc.get_threshold()[0] > before[0]
        assert gc.get_threshold()[1:] == before[1:]
        assert gc.isenabled()
    finally:
        gc.set_threshold(*before)
        atexit.unregister(gc.freeze)
