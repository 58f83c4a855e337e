"""A list of jobs is done by two processes as it would be by one.

A copy is only made where there is a single thread, which the process that runs tests may
not be: so each scene is played in a process of its own.
"""

import atexit
import json
import os
import pickle
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from distribute.web.twin import can_fork, with_twin
from tests.processes import PATIENCE, Scene, is_alive, play, said, wait_until

JOBS = range(200)
LAST = JOBS[-1]
AFTER = "played"
"""What a scene that comes to its end says last."""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2,
    reason="copies are made on Linux, with two processors",
)


def _told(scene: Scene) -> Sequence[int]:
    """Play a scene that says in JSON by which process each job was done."""
    processes: Sequence[int] = json.loads(said(scene))
    return processes


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value))


def _by_whom(number: int) -> int:
    """Take a moment, as work does, and tell which process this was."""
    time.sleep(0.002 + number * 0)
    return os.getpid()


def shared() -> None:
    """Share jobs; see that nothing of it is left."""
    before = os.listdir("/proc/self/fd")  # noqa: PTH208 - only their number
    done = with_twin(_by_whom, JOBS)
    assert len(os.listdir("/proc/self/fd")) == len(before)  # noqa: PTH208
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert done[0] == os.getpid()
    _say(done)


def test_two_processes_take_from_both_ends() -> None:
    """We from the top, the twin from the bottom; they meet where each has done its part.

    A busy machine may hold one of them up until the other has done all: so it may be
    tried again.
    """
    parts: list[int] = []
    while not any(
        part in range(len(JOBS) // 10, len(JOBS) * 9 // 10) for part in parts
    ):
        assert len(parts) < 8, parts
        done = _told(shared)
        assert len(done) == len(JOBS)
        parts.append(done.count(done[0]))
        assert done[: parts[-1]] == [done[0]] * parts[-1]
        assert len(set(done)) <= 2


def many() -> None:
    """Share more jobs than a pipe has room for."""
    jobs = range(100_000)
    assert with_twin(str, jobs) == list(map(str, jobs))
    _say([])


def test_any_number_of_jobs_can_be_shared() -> None:
    """Many small ones are taken in lots; what comes of them is in order."""
    assert _told(many) == []


def with_one_processor() -> None:
    """Be on one processor only."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    assert not can_fork()
    _say(with_twin(_by_whom, JOBS))


def with_a_thread() -> None:
    """Have another thread, which might hold anything."""
    waiting = threading.Event()
    threading.Thread(target=waiting.wait, daemon=True).start()
    assert not can_fork()
    _say(with_twin(_by_whom, JOBS))


def with_few_jobs() -> None:
    """Have hardly anything to do."""
    assert can_fork()
    _say(with_twin(_by_whom, JOBS[:3]))


def without_room() -> None:
    """Be somebody who must not have more processes."""
    if os.getuid() == 0:  # whom such limits do not bind
        os.setuid(54321)
    resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
    with pytest.raises(BlockingIOError):
        os.fork()
    _say(with_twin(_by_whom, JOBS))


@pytest.mark.parametrize(
    "scene", [with_one_processor, with_a_thread, with_few_jobs, without_room]
)
def test_where_there_can_be_no_twin_all_is_done_here(
    scene: Scene,
) -> None:
    """On one processor, beside another thread, for next to nothing, without room."""
    assert len(set(_told(scene))) == 1


def killed() -> None:
    """Lose the twin in the middle of its work, as if memory had run out."""
    here = os.getpid()

    def do(number: int) -> int:
        if os.getpid() != here and number == LAST - 20:
            os.kill(os.getpid(), signal.SIGKILL)
        return _by_whom(number)

    _say(with_twin(do, JOBS))


def tongue_tied() -> None:
    """Have a twin that cannot say what came of its work."""
    here = os.getpid()

    def do(number: int) -> Callable[[], int]:
        maker = _by_whom(number)
        return (lambda: maker) if maker != here else time.thread_time_ns

    with pytest.raises((AttributeError, pickle.PicklingError)):
        pickle.dumps(do)
    assert with_twin(do, JOBS) == [time.thread_time_ns] * len(JOBS)
    _say([here] * len(JOBS))


@pytest.mark.parametrize("scene", [killed, tongue_tied])
def test_what_a_lost_twin_has_done_is_done_again(scene: Scene) -> None:
    """Nothing is missing in the end, and all of it was made here."""
    done = _told(scene)
    assert len(done) == len(JOBS)
    assert len(set(done)) == 1


def failing() -> None:
    """Have jobs that fail, all of them among those of the twin."""
    here = os.getpid()
    tried: list[int] = []

    def do(number: int) -> int:
        tried.append(number)
        if number in {LAST, LAST - 3, LAST - 9}:
            raise ZeroDivisionError(number, os.getpid())
        return _by_whom(number)

    with pytest.raises(ZeroDivisionError) as caught:
        with_twin(do, JOBS)
    assert caught.value.args == (LAST - 9, here)
    assert caught.value.__traceback__ is not None
    assert tried[-1] == LAST - 9
    _say(tried)


def test_what_is_raised_comes_from_here() -> None:
    """It is that of the first job that fails; what the others made was not lost for it."""
    tried = _told(failing)
    assert len(tried) < len(JOBS)
    assert tried == sorted(tried)


def speaking() -> None:
    """Have something to say that is not written yet, and things to do at the end."""
    atexit.register(_say, AFTER)
    sys.stdout.write("before")
    with_twin(_said_by_whom, JOBS)


def _said_by_whom(number: int) -> int:
    _say(f"job {number}.")
    return _by_whom(number)


def test_nothing_is_said_twice() -> None:
    """The twin has a copy of what waits to be written and to be done, and does neither."""
    spoken = said(speaking)
    assert spoken.count("before") == spoken.count(AFTER) == spoken.count("job 0.") == 1
    assert spoken.count(f"job {LAST}.") == 0


def working(folder: str, seconds: str) -> None:
    """Work, and let every process leave its mark for every job that it began."""

    def do(number: int) -> None:
        (Path(folder) / f"{os.getpid()}-{number}").touch()
        time.sleep(float(seconds))

    with_twin(do, JOBS)
    _say(AFTER)


def working_when_told(folder: str, go: str) -> None:
    """Do the same; whatever is begun is ended only once there is a file `go`."""

    def do(number: int) -> None:
        (Path(folder) / f"{os.getpid()}-{number}").touch()
        while not Path(go).exists():
            time.sleep(0.01)

    with_twin(do, JOBS)
    _say(AFTER)


def _marks(folder: Path) -> dict[int, int]:
    """Tell the processes that work, and how much each has begun."""
    processes = [int(path.name.partition("-")[0]) for path in folder.iterdir()]
    return {each: processes.count(each) for each in processes}


@pytest.mark.parametrize(
    ("end", "to_both"),
    [(signal.SIGINT, True), (signal.SIGINT, False), (signal.SIGKILL, False)],
)
def test_the_twin_ends_when_its_original_does(
    tmp_path: Path, end: signal.Signals, *, to_both: bool
) -> None:
    """Ctrl-C, which the terminal tells both; a signal to one; and without any warning."""
    with play(working, tmp_path, 0.1) as process:
        wait_until(lambda: len(_marks(tmp_path)) == 2)
        if to_both:
            os.killpg(process.pid, end)
        else:
            process.send_signal(end)
        out, err = process.communicate(timeout=PATIENCE)
    (twin,) = _marks(tmp_path).keys() - {process.pid}
    wait_until(lambda: not is_alive(twin))
    assert sum(_marks(tmp_path).values()) < len(JOBS)
    assert out == ""
    assert err.count("KeyboardInterrupt\n") == (end == signal.SIGINT)


def test_a_twin_alone_can_be_ended(tmp_path: Path) -> None:
    """Whoever sends it away has only made it all take longer."""
    marks, go = tmp_path / "marks", tmp_path / "go"
    marks.mkdir()
    with play(working_when_told, marks, go) as process:
        wait_until(lambda: len(_marks(marks)) == 2)
        (twin,) = _marks(marks).keys() - {process.pid}
        os.kill(twin, signal.SIGTERM)
        wait_until(lambda: not is_alive(twin))
        go.touch()
        out, err = process.communicate(timeout=PATIENCE)
    assert (out, err) == (f'"{AFTER}"', "")
    assert _marks(marks)[process.pid] == len(JOBS)
