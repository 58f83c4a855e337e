"""What holds for all tests."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from tests.postgres import Options, Server, shared

# Hundreds of commands are started here, each in a Python of its own, and every worker reads
# all tests: where bytecode must not be kept (images of containers often say so), each of
# them would compile everything anew, which takes a third of their time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A shell has what runs in the background ignore Ctrl-C, and all that is started by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests choose where the state of a newsletter is kept."""
    parser.addoption(
        "--store",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="run the tests over files of SQLite, or over a PostgreSQL of their own",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Have the tests use what was chosen."""
    config.addinivalue_line("markers", "sqlite_only(reason): is about SQLite itself")
    if config.getoption("store") == "postgresql":
        from tests import placed

        config.pluginmanager.register(placed)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give the PostgreSQL that all tests share, made when the first one asks for it.

    Whoever stops or pauses a server wants one of its own: `own_postgres`.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with shared(folder) as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """Give a database of one's own, with all tables and nothing in them."""
    from tests.placement import house

    name = f"t{os.urandom(6).hex()}"
    yield postgres.new_database(name, like=house(postgres))
    postgres.drop(name)


@pytest.fixture
def empty_postgres_url(postgres: Server) -> Iterator[str]:
    """Give a database of one's own, without any table."""
    name = f"t{os.urandom(6).hex()}"
    yield postgres.new_database(name)
    postgres.drop(name)


@pytest.fixture(scope="module")
def make_postgres(postgres: Server) -> Iterator[Callable[[Options], Server]]:
    """Give what makes servers of one's own, which run till the module is over."""
    made: list[Server] = []

    def make(options: Options) -> Server:
        made.append(postgres.sibling(options))
        return made[-1]

    yield make
    for server in made:
        server.end()


@pytest.fixture(scope="module")
def _module_postgres(make_postgres: Callable[[Options], Server]) -> Server:
    return make_postgres(Options())


@pytest.fixture
def own_postgres(_module_postgres: Server) -> Server:
    """Give a server to this module alone, which runs: it may be stopped and paused."""
    _module_postgres.resume()
    if not _module_postgres.is_running:
        _module_postgres.start()
    return _module_postgres


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Have two processes more than there are cores: many tests wait for a server.

    On two cores that is the difference between less than four minutes and more.
    """
    return (os.cpu_count() or 1) + 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the real posts, which take long to prepare for the tests of a module.

    What is left at the end is shared among all workers, and each would prepare it anew.
    """
    items.sort(key=lambda item: not item.nodeid.startswith("tests/corpus/"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the collector of garbage look no more at what lives as long as the tests do."""
    gc.collect()
    gc.freeze()
