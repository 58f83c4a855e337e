"""Garbage is looked for seldom while sending, and as before afterwards."""

import gc

import pytest

from distribute.cli.frugal import little_collecting


def test_collecting_is_as_before_afterwards() -> None:
    """Also when the sending failed; cycles made meanwhile are found then."""
    before = gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()
    with pytest.raises(RuntimeError), little_collecting():
        assert gc.get_threshold()[0] > before[0][0]
        assert gc.isenabled()
        raise RuntimeError
    assert (gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()) == before
