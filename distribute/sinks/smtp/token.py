"""Access tokens for XOAUTH2, from a command that knows how to get one."""

import re
import shlex
from collections.abc import Callable
from pathlib import PurePath
from time import monotonic
from typing import TYPE_CHECKING

from distribute.errors import (
    DeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
)

if TYPE_CHECKING:
    from subprocess import CompletedProcess

_PATIENCE = 30.0
_FRESH = 300.0
"""Seconds for which a token is used again. Most live for an hour."""
_TOKEN = re.compile(r"[!-~]{1,8000}")
"""In fact one of RFC 6750 section 2.1; this much keeps it from ending its field."""
_TRY_LATER = 75
"""EX_TEMPFAIL of ``sysexits.h``."""
_MOST_WORDS = 200


class Tokens:
    """Keeps the token of a command, so that not every connection runs it.

    Lives as long as the settings it belongs to. Tokens are never shown or logged.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[str, float]] = {}

    def get(self, command: str) -> str:
        """Give a token; waits for the command if there is none that is fresh.

        The command runs without a shell and prints the token in its first line. Raises
        `TransientDeliveryError` if it takes too long or says so with exit status 75, and
        `PermanentDeliveryError` for all else that goes wrong with it.
        """
        token, until = self._kept.get(command, ("", 0.0))
        if not token or self._clock() >= until:
            token = _run(command)
            self._kept[command] = token, self._clock() + _FRESH
        return token

    def forget(self, token: str) -> None:
        """Do not give a token again that was refused."""
        self._kept = {
            command: kept for command, kept in self._kept.items() if kept[0] != token
        }


def _run(command: str) -> str:
    words = _words(command)
    name = PurePath(words[0]).name
    done = _carry_out(words, name)
    if done.returncode:
        raise _failed(name, done)
    first, *_ = done.stdout.decode("utf-8", "replace").splitlines() or [""]
    token = first.strip()
    if not _TOKEN.fullmatch(token):
        raise PermanentDeliveryError(
            f"token_command: {name} did not print a token in its first line",
            hint="Run it by hand and see; what it prints is not shown here.",
        )
    return token


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise _unusable(f"cannot be split into words: {error}") from None
    if not words or not words[0]:
        raise _unusable("is empty")
    return words


def _carry_out(words: list[str], name: str) -> "CompletedProcess[bytes]":
    import subprocess

    try:
        return subprocess.run(  # noqa: S603 - the user's own command, without a shell
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TransientDeliveryError(
            f"token_command: {name} gave no token within {_PATIENCE:.0f} seconds",
            hint="Run it by hand; it must not ask anything.",
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise _unusable(f"cannot be run: {name}: {reason}") from None


def _failed(name: str, done: "CompletedProcess[bytes]") -> DeliveryError:
    lines = done.stderr.decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    shown = "".join(c if c.isprintable() else "\ufffd" for c in last)[:_MOST_WORDS]
    reason = f"token_command: {name} failed with status {done.returncode}"
    if shown:
        reason += f": {shown}"
    if done.returncode == _TRY_LATER or done.returncode < 0:
        return TransientDeliveryError(reason, hint="Run the same command again later.")
    return PermanentDeliveryError(reason, hint="Run it by hand and see.")


def _unusable(reason: str) -> PermanentDeliveryError:
    return PermanentDeliveryError(
        f"token_command {reason}",
        hint="Correct it in [smtp]: a program and its arguments, without a shell.",
    )
