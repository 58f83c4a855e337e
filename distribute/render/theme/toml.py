"""Where things stand in a TOML file of a theme, and how its mistakes are told together."""

import re
from collections.abc import Mapping, Sequence

from distribute.errors import RenderError

_SECTION = re.compile(r"\s*\[([\w.-]+)\]")
_ENTRY = re.compile(r"\s*([\w-]+)\s*=")


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
