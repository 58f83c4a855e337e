"""What holds for all tests."""

import os

import pytest
from hypothesis import settings

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
