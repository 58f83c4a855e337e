"""The plugin behind ``pytest --store postgresql``; see `tests.placement`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from distribute.audience.database import database
from distribute.campaign.run import ahead
from tests.placement import MADE, Placement, follow
from tests.postgres import Server

_PLACEMENT = pytest.StashKey[Placement]()


def pytest_configure(config: pytest.Config) -> None:
    """Let go silently of connections that a test leaves open, as SQLite does."""
    config.addinivalue_line(
        "filterwarnings", "ignore:.*was deleted while still open:ResourceWarning"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what is about SQLite itself."""
    for item in items:
        if marker := item.get_closest_marker("sqlite_only"):
            reason = f"only with SQLite: {marker.args[0]}"
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session", autouse=True)
def placement(
    postgres: Server,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> Iterator[Placement]:
    """Have every file of SQLite replaced that is opened from now on."""
    made = tmp_path_factory.mktemp("places")
    placement = pytestconfig.stash[_PLACEMENT] = Placement(postgres, made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "place_of", placement.place_of)
        patch.setattr(ahead, "_START", ahead._START)
        follow(ahead)
        patch.setenv(MADE, f"{postgres.folder}{os.pathsep}{made}")
        there = str(Path(__file__).parent / "elsewhere")
        patch.setenv("PYTHONPATH", there)
        patch.syspath_prepend(there)  # many hand on the path that they have
        yield placement
    del pytestconfig.stash[_PLACEMENT]  # its server is about to end


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Remove the databases of a test when it is over."""
    yield
    if placement := item.config.stash.get(_PLACEMENT, None):
        placement.release(getattr(item, "funcargs", {}).get("tmp_path"))
