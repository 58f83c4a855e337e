"""Garbage is looked for seldom while sending, and as before afterwards."""

import gc

import pytest

from distribute.cli.frugal import little_collecting


def fail_meanwhile(usual: int) -> None:
    """See that collections are rare, though not given up, and end with an error."""
    with little_collecting():
        assert gc.get_threshold()[0] > usual
        assert gc.isenabled()
        raise RuntimeError


def test_collecting_is_as_before_afterwards() -> None:
    """Also when the sending failed; cycles made meanwhile are found then."""
    before = gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()
    with pytest.raises(RuntimeError):
        fail_meanwhile(before[0][0])
    assert (gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()) == before
