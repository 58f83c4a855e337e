"""A copy of this process that does its share of a list of jobs.

Both take from one pile, we from its top and the twin from its bottom, so neither waits for
the other. As it is a fork, a job may be anything, a closure too; only what comes of it is
sent over. It ends when this process does. If it fails, that only costs time: what it
leaves undone is done here, and so is every complaint.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn, TypeVar

_Job = TypeVar("_Job")
_Done = TypeVar("_Done")

_FEWEST = 4
"""Jobs; for fewer, a copy is hardly ready before it is all over."""
_MOST_LOTS = 4096
"""Octets that any pipe holds before somebody reads."""
_ENDINGS = (signal.SIGINT, signal.SIGTERM)
_THREADS = "/proc/self/task"


def with_twin(do: Callable[[_Job], _Done], jobs: Sequence[_Job]) -> list[_Done]:
    """Do all jobs, as ``[do(job) for job in jobs]``, in two processes if that can be.

    Where the twin calls it, what `do` changes in memory is lost, and what it returns has
    to bear pickling. A job may be done twice, if the twin fails; the second time counts.
    What is raised comes from the first job of the list that fails.
    """
    done: Mapping[int, _Done] = {}
    if len(jobs) >= _FEWEST and can_fork():
        done = _done_by_two(lambda number: do(jobs[number]), len(jobs))
    return [done[n] if n in done else do(job) for n, job in enumerate(jobs)]


def can_fork() -> bool:
    """Tell whether a copy of this process would work, on a processor of its own.

    It has none of our other threads, and would wait for ever for what one of them holds;
    where this is not Linux, the system's own libraries may have some.
    """
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return False
    try:
        return len(os.listdir(_THREADS)) == 1  # noqa: PTH208 - only how many
    except OSError:
        return False


def _done_by_two(do: Callable[[int], _Done], count: int) -> Mapping[int, _Done]:
    """Do the jobs of these numbers, but for those that the twin took and did not do."""
    parent = os.getpid()
    size = -(-count // _MOST_LOTS)
    lots = [range(first, count)[:size] for first in range(0, count, size)]
    with _pile(len(lots)) as pile:
        share = _taken(pile, reversed(lots))
        with _twin(lambda: _done_for(parent, do, share)) as answer:
            done = {number: do(number) for number in _taken(pile, lots)}
            return done | _read(answer)


@contextmanager
def _pile(lots: int) -> Iterator[int]:
    """Open a pipe with an octet for every lot: who reads one may take a lot."""
    pile, top = os.pipe()
    try:
        os.write(top, bytes(lots))
        os.close(top)
        yield pile
    finally:
        os.close(pile)


def _taken(pile: int, lots: Iterable[Iterable[int]]) -> Iterator[int]:
    """Take lots, in this order, while there are any."""
    for lot in lots:
        if not os.read(pile, 1):
            return
        yield from lot


@contextmanager
def _twin(work: Callable[[], object]) -> Iterator[int]:
    """Have some work done by a copy of this process; gives the pipe for what comes of it.

    Nothing comes if the system has no room for another process. Signals wait until each
    of the two is ready for them.
    """
    answer, speech = os.pipe()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    try:
        twin = os.fork()
    except OSError:
        twin = -1
    if twin == 0:
        os.close(answer)  # or its speech would never break off when nobody listens
        _be_twin(work, speech, mask)
    try:
        os.close(speech)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        yield answer
    finally:
        os.close(answer)
        if twin > 0:
            _end(twin)


def _be_twin(work: Callable[[], object], speech: int, mask: Iterable[int]) -> NoReturn:
    """Work, say what came of it, and end here: nothing that the parent began goes on."""
    try:
        for each in _ENDINGS:
            signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        _fall_silent()
        gc.freeze()  # else looking for garbage would copy all that is shared
        _write(work(), speech)
    finally:
        os._exit(0)


def _fall_silent() -> None:
    """Leave all output to the parent, also what it has in store already."""
    with Path(os.devnull).open("w") as nowhere:
        for each in (1, 2):
            os.dup2(nowhere.fileno(), each)


def _done_for(
    parent: int, do: Callable[[int], _Done], numbers: Iterable[int]
) -> Mapping[int, _Done]:
    """Do what can be done, as long as there is somebody to do it for."""
    done = {}
    for number in numbers:
        if os.getppid() != parent:
            break
        with suppress(Exception):
            done[number] = do(number)
    return done


def _write(value: object, speech: int) -> None:
    import pickle  # most runs have no twin

    with open(speech, "wb") as place:
        pickle.dump(value, place, pickle.HIGHEST_PROTOCOL)


def _read(answer: int) -> dict[int, Any]:
    """Wait for what the twin has done; nothing if it was cut short."""
    import pickle

    try:
        with open(answer, "rb", closefd=False) as place:
            done: dict[int, Any] = pickle.load(place)  # noqa: S301 - our own copy
    except (EOFError, pickle.UnpicklingError):
        return {}
    return done


def _end(twin: int) -> None:
    """End it, whatever it does; there may be nothing left of it."""
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(twin, signal.SIGKILL)
        os.waitpid(twin, 0)
