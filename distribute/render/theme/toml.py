"""Where things stand in a TOML file of a theme, and how its mistakes are told together."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from distribute.errors import RenderError

_SECTION = re.compile(r"\s*\[\s*([\w.-]+)\s*\]")
_ENTRY = re.compile(r"""\s*["']?([\w.-]+)["']?\s*=""")
_PLACE = re.compile(r"\(at line (\d+), column \d+\)")


def read_toml(toml: str, *, path: PurePath, hint: str) -> dict[str, Any]:
    """Read a file; raises `RenderError` with the line of its mistake, and the hint."""
    try:
        return tomllib.loads(toml)
    except (ValueError, RecursionError) as error:
        place = _PLACE.search(str(error))
        raise RenderError(
            f"not valid TOML: {_PLACE.sub('', str(error)).strip()}",
            path=path,
            line=int(place[1]) if place else 0,
            hint=hint,
        ) from error


def line_of(key: str, lines: Mapping[str, int]) -> int:
    """Find the line of a dotted key, or else of the table that it is in; 0 without one."""
    while key not in lines and "." in key:
        key = key.rpartition(".")[0]
    return lines.get(key, 0)


def lines_of_keys(toml: str) -> Mapping[str, int]:
    """Find the line of each dotted key; good for plain TOML, as it is in a theme."""
    lines: dict[str, int] = {}
    section = ""
    for number, line in enumerate(toml.split("\n"), start=1):
        if header := _SECTION.match(line):
            section = f"{header[1]}."
            lines[header[1]] = number
        elif entry := _ENTRY.match(line):
            lines[f"{section}{entry[1]}"] = number
    return lines


def raise_together(problems: Sequence[RenderError]) -> None:
    """Raise all problems as one error, in the order of files and lines; or do nothing."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        in_order = sorted(
            problems, key=lambda each: (str(each.path), each.line, str(each))
        )
        raise RenderError("\n".join(map(str, in_order)))
