"""Pages written in a second process: the same ones, and nothing left of it afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from distribute.campaign.campaign import Batch, Outcome
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.message.links import Links
from distribute.campaign.run.ahead import Ahead, ahead
from distribute.campaign.run.feed import Feed
from distribute.errors import (
    AudienceError,
    DistributeError,
    LockedError,
    SourceError,
    TransientDeliveryError,
)
from tests.campaign.actors import START
from tests.campaign.mailings import BEGAN, feed_of, names_of, put_on_list, try_to_send

HERE = 500
PEOPLE = HERE + 1600
PATIENCE = 60.0
NEEDS_PROC = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="needs /proc to find child processes"
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a list of some thousand people."""
    path = tmp_path_factory.mktemp("ahead") / "distribute.db"
    put_on_list(path, [f"reader{number:05}" for number in range(PEOPLE)])
    put_on_list(path, ["nobody\x01"], languages="en")
    put_on_list(path, ["otto"], languages="de", only_these=True)
    return path


def elsewhere(feed: Feed) -> Generator[Batch, None, None]:
    """Have all but the first few batches of a feed made elsewhere."""
    return Ahead(feed, meanwhile=HERE).batches()


def children() -> set[int]:
    """Find the processes that this one has started."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(pid) for task in tasks for pid in task.read_text().split()}


def eventually(condition: Callable[[], bool]) -> bool:
    """Wait until something is true; false if it does not come true."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def is_running(pid: int) -> bool:
    """Tell whether a process runs, and does not merely wait to be buried."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def test_the_batches_are_the_very_same(database: Path) -> None:
    """Parcels, choices, those passed over and those refused, in the same order."""
    feed = feed_of(database)
    assert [*elsewhere(feed)] == [*feed.batches()]


@NEEDS_PROC
def test_it_is_over_when_the_batches_are(database: Path) -> None:
    """No process is left behind."""
    before = children()
    batches = elsewhere(feed_of(database))
    first = next(batches)
    assert len(children() - before) == 1
    assert len(names_of([first, *batches])) == PEOPLE
    assert children() == before


@NEEDS_PROC
@pytest.mark.parametrize("pages", [1, 2, 3])
def test_it_is_over_when_somebody_stops_reading(database: Path, pages: int) -> None:
    """While it starts, while it works, and while it waits for the pipe."""
    before = children()
    with closing(elsewhere(feed_of(database))) as batches:
        assert len([*islice(batches, pages)]) == pages
    assert children() == before


@NEEDS_PROC
def test_it_does_not_mind_signals_and_ends_with_its_parent(database: Path) -> None:
    """Ctrl-C and SIGTERM are for the sender to judge; one that is killed judges nothing."""
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.campaign.mailings import feed_of\n"
        "from distribute.campaign.run.ahead import Ahead\n"
        "batches = Ahead(feed_of(Path(sys.argv[1])), meanwhile=500).batches()\n"
        "for _ in range(2): next(batches)\n"
        "print('reads', flush=True)\n"
        "sys.stdin.read()\n"
    )
    path = os.pathsep.join(place or str(Path.cwd()) for place in sys.path)
    with subprocess.Popen(  # noqa: S603 - this very Python, with the script above
        [sys.executable, "-c", script, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": path},
    ) as sender:
        assert sender.stdout is not None
        assert sender.stdout.readline() == b"reads\n"
        listed = Path(f"/proc/{sender.pid}/task/{sender.pid}/children").read_text()
        (writer,) = map(int, listed.split())
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(writer, number)
        time.sleep(0.1)
        assert is_running(writer)
        assert os.getpgid(writer) != os.getpgid(sender.pid)
        sender.kill()
        assert eventually(lambda: not is_running(writer))


@NEEDS_PROC
def test_a_writer_that_is_killed_is_an_error_that_says_what_to_do(
    database: Path,
) -> None:
    """By the system for want of memory, say: no batch is taken for the last one."""
    before = children()
    batches = elsewhere(feed_of(database))
    next(batches)
    (writer,) = children() - before
    os.kill(writer, signal.SIGKILL)
    with pytest.raises(
        TransientDeliveryError, match=r"ended too early \(-9\)"
    ) as raised:
        names_of(batches)
    assert "again" in raised.value.hint
    assert children() == before


@dataclass(frozen=True)
class Fails:
    """A link that cannot be made for one person; a mistake of whoever calls."""

    error: BaseException

    def by_key(self) -> Callable[[str], Links]:
        return self.link

    def link(self, key: str) -> Links:
        if key.startswith(f"reader{HERE + 1200:05}"):
            raise self.error
        return Links("https://news.example.org/u/x", "https://news.example.org/p/x")


@dataclass(frozen=True)
class Breaks:
    """Makes an error where it is called: not every error can be pickled."""

    number: int

    def by_key(self) -> Callable[[str], Links]:
        return self.link

    def link(self, key: str) -> Links:
        errors: list[Callable[[], BaseException]] = [
            lambda: AudienceError("no such table", hint="Restore a copy."),
            lambda: LockedError("taken", holder="another", hint="Wait."),
            lambda: SourceError("torn", path=Path("a.md"), line=7, hint="Mend it."),
            lambda: ZeroDivisionError("division by zero"),
            lambda: UnicodeEncodeError("ascii", "é", 0, 1, "not in range"),
        ]
        return Fails(errors[self.number]()).link(key)


@pytest.mark.parametrize("number", range(3))
def test_an_error_there_is_raised_here(database: Path, number: int) -> None:
    """With its type, its words and all it knows, after what was made before it."""
    feed = feed_of(database, links=Breaks(number))
    with pytest.raises(DistributeError) as expected:
        names_of(feed.batches())
    batches = elsewhere(feed)
    made = [*islice(batches, (HERE + 1200) // 500)]
    with pytest.raises(DistributeError) as raised:
        next(batches)
    assert made == [*islice(feed.batches(), len(made))]
    assert type(raised.value) is type(expected.value)
    assert str(raised.value) == str(expected.value)
    assert vars(raised.value) == vars(expected.value)


@pytest.mark.parametrize("number", [3, 4])
def test_a_mistake_there_says_where_it_was(database: Path, number: int) -> None:
    """An error that is not ours comes with the traceback of the other process."""
    with pytest.raises((ZeroDivisionError, UnicodeEncodeError)) as raised:
        names_of(elsewhere(feed_of(database, links=Breaks(number))))
    assert "test_ahead" in raised.value.__notes__[0]


def test_short_lists_and_slow_paces_need_no_other_process(database: Path) -> None:
    """The feed itself is given back."""
    feed = feed_of(database)
    assert ahead(feed, worth_it=PEOPLE + 3) is feed
    assert isinstance(ahead(feed, worth_it=PEOPLE + 2), Ahead)
    slow = feed_of(database, page=60)
    assert ahead(slow) is slow


def test_what_becomes_due_again_is_looked_up_here(tmp_path: Path) -> None:
    """Each page of it has to be claimed before the next, so nobody reads ahead."""
    database = tmp_path / "distribute.db"
    put_on_list(database, ["ada", "bo"])
    feed = feed_of(database)
    with SqliteLedger(database, "smtp") as ledger, ledger.lock("issue-5", BEGAN):
        ledger.started("issue-5", BEGAN)
        ledger.use("issue-5")
        try_to_send(
            ledger, feed.batches(), at=START, outcome=Outcome.DEFERRED, due=START + 5
        )
        supply = Ahead(feed)
        assert supply.next_due() == START + 5
        assert names_of(supply.due(START + 5)) == ["ada", "bo"]
        assert names_of(supply.batches()) == []


def test_large_messages_are_not_copied_for_every_reader(database: Path) -> None:
    """What an edition's messages share is there once, as it is without the other process."""
    batches = elsewhere(feed_of(database, size=120_000))
    *_, batch = islice(batches, HERE // 500 + 1)
    pieces = [piece for parcel in batch.parcels for piece in parcel.message.pieces]
    large = {id(piece) for piece in pieces if len(piece) > 10_000}
    assert sum(map(len, pieces)) > 500 * 120_000
    assert len(large) <= len(batch.parcels[0].message.pieces)
    batches.close()


def test_a_folder_of_ones_own_does_not_hide_the_package(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files beside a newsletter may be called what they like."""
    for name in ("distribute", "pickle", "sqlite3"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong one')\n")
    monkeypatch.chdir(tmp_path)
    assert len(names_of(elsewhere(feed_of(database)))) == PEOPLE
