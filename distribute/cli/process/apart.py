"""Work done in a process of its own, so that what it needs of memory goes with it.

Rendering loads a dozen libraries, and Python gives none of their memory back; a sending
that takes hours has no use for it.
"""

import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, ParamSpec, TypeVar

from distribute.errors import DistributeError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_DONE, _BROKEN = 0, 1
_ENDINGS = (signal.SIGINT, signal.SIGTERM)


class ElsewhereError(Exception):
    """The cause of an exception that was raised in another process: its traceback."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


def apart(
    function: Callable[Arguments, Result],
    *args: Arguments.args,
    **kwargs: Arguments.kwargs,
) -> Result:
    """Call a function in a process of its own and give what it returns.

    What it raises is raised here, of the same type and with the same attributes. Both
    have to be picklable; the arguments need not be. The function must leave alone what
    is open here, such as the database. Where a process cannot be copied safely, this is
    an ordinary call. Raises `DistributeError` if the process is killed.
    """
    if not _can_fork():
        return function(*args, **kwargs)
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    try:
        child = os.fork()
        if not child:
            os.close(reading)
            _answer(writing, mask, lambda: function(*args, **kwargs))
        os.close(writing)
        result, error = _await(child, reading, mask)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    if error is not None:
        raise error
    answer: Result = result
    return answer


def _can_fork() -> bool:
    """Tell whether a copy of this process would work.

    A copy has one thread, and the locks that others held stay shut in it for ever. On
    macOS even the system's own libraries keep some.
    """
    forks = hasattr(os, "fork") and sys.platform != "darwin"
    return forks and threading.active_count() == 1


def _answer(writing: int, mask: Iterable[int], call: Callable[[], object]) -> NoReturn:
    """Be the child: make the call, send how it ended, and vanish without a trace.

    Whoever wants to stop the work stops the parent, which then ends this process. What
    the parent has begun is not ended here: no buffer is written, no database closed.
    """
    status = _BROKEN
    try:
        for number in _ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        with open(writing, "wb") as pipe:
            pipe.write(_outcome(call))
        status = _DONE
    finally:
        os._exit(status)


def _outcome(call: Callable[[], object]) -> bytes:
    """Make the call, and write down what it returned or raised."""
    try:
        return pickle.dumps((call(), None, ""))
    except Exception as error:  # noqa: BLE001 - it is raised again over there
        place = "".join(traceback.format_exception(error))
        return pickle.dumps((None, _taken_apart(error), place))


def _taken_apart(error: Exception) -> bytes:
    """Pickle an exception; one that cannot travel is named by one that can.

    By itself pickle makes an exception anew from its arguments, to which classes with
    keywords of their own object.
    """
    ours = isinstance(error, DistributeError)
    parts = (type(error), error.args, vars(error)) if ours else error
    try:
        content = pickle.dumps(parts)
        pickle.loads(content)  # noqa: S301 - written on the line above
    except Exception:  # noqa: BLE001 - whatever a strange class may raise
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return content


def _put_together(content: bytes, place: str) -> Exception:
    parts = pickle.loads(content)  # noqa: S301 - our own child wrote it
    error: Exception = parts
    if isinstance(parts, tuple):
        kind, args, attributes = parts
        error = kind.__new__(kind, *args)
        vars(error).update(attributes)
    error.__cause__ = ElsewhereError(place)
    return error


def _await(
    child: int, reading: int, mask: Iterable[int]
) -> tuple[Any, Exception | None]:
    """Read what the child sends, and see it off; whatever happens, it does not stay.

    Signals that would end this process have waited for it to be ready, as from now on.
    """
    try:
        with open(reading, "rb") as pipe:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            content = pipe.read()
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        _, status = os.waitpid(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    if ended != _DONE:
        how = f"by signal {-ended}" if ended < 0 else f"with status {ended}"
        raise DistributeError(
            f"a process that helps this one ended early, {how}",
            hint="See that there is enough memory, then run the same command again.",
        )
    result, error, place = pickle.loads(content)  # noqa: S301 - our own child wrote it
    return result, _put_together(error, place) if error else None
