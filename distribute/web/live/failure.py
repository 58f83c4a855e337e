"""The page that is shown where a preview cannot be made: what is wrong, and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from distribute.web.live.page import live_script
from distribute.web.preview.tool import ENGLISH, tool

_AROUND = 3
"""Lines shown above and below the one that is wrong."""
_LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why there is no preview."""

    reason: str
    hint: str = ""
    path: Path | None = None
    line: int = 0
    """From 1; 0 where the whole file is meant, or none."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One line of the file."""

    number: int
    text: str
    is_it: bool


def failure_page(failures: Sequence[Failure], version: int) -> str:
    """Write the page; it waits for something newer than `version`.

    Made with our own templates alone: the newsletter's may be what is broken.
    """
    script, policy = live_script()
    return tool().render(
        "preview/failure.html",
        ENGLISH,
        {
            "failures": [(each, _excerpt(each)) for each in failures],
            "version": version,
            "script": script,
            "policy": policy,
        },
    )


def _excerpt(failure: Failure) -> list[Excerpt]:
    """Read the lines around the place; none if nobody can."""
    if failure.path is None or not failure.line:
        return []
    try:
        text = failure.path.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return []
    lines = text.splitlines()
    first = max(failure.line - _AROUND, 1)
    last = min(failure.line + _AROUND, len(lines))
    return [
        Excerpt(number, lines[number - 1][:_LONGEST], number == failure.line)
        for number in range(first, last + 1)
    ]
