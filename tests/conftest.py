"""What holds for all tests."""

import gc
import os
import sys

import pytest
from hypothesis import settings

# Hundreds of commands are started here, each in a Python of its own, and every worker reads
# all tests: where bytecode must not be kept (images of containers often say so), each of
# them would compile everything anew, which takes a third of their time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Thousands of tests are held in memory, none of which is ever garbage.
gc.set_threshold(20_000, 10, 10)

# A first example may import a library, and other work may keep the machine busy: how long
# an example takes says nothing about whether it is right.
#
# The same examples in every run: who changes a feed should not be stopped by a new example
# for the mails. `pytest --hypothesis-profile=explore` looks for examples never seen before.
settings.register_profile("explore", deadline=None)
settings.register_profile("same", deadline=None, derandomize=True)
settings.load_profile("same")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Have one process more than there are cores: many tests wait for a server.

    On two cores that is the difference between less than four minutes and more.
    """
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the collector of garbage look no more at what lives as long as the tests do."""
    gc.collect()
    gc.freeze()
