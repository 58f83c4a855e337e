"""Markdown tables of figures, and their place in the README."""

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.targets import Target

_VERDICTS = {None: "not measured", True: "met", False: "**not met**"}


def put_into_readme(path: Path, mark: str, text: str) -> None:
    """Put tables between the two marks in the README; `ValueError` without them."""
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    place = re.compile(f"(?<={re.escape(begin)}\n).*?(?={re.escape(end)})", re.DOTALL)
    readme = path.read_text("utf-8")
    if not place.search(readme):
        raise ValueError(f"{path} has no {begin} … {end} to put the tables into")
    path.write_text(place.sub(lambda _: text, readme), "utf-8")


def target_table(targets: Sequence[Target]) -> str:
    """Write what was asked and what was reached."""
    lines = [["ratio or figure", "asked", "reached", ""]]
    for target in targets:
        sign = "≤" if target.at_most else "≥"
        reached = number(target.reached, ".3g")
        asked = f"{sign} {target.asked:.3g} {target.unit}"
        verdict = _VERDICTS[target.met]
        lines.append([target.what, asked, f"{reached} {target.unit}", verdict])
    return table(lines)


def number(value: float | None, style: str) -> str:
    """Write a figure; a dash where nothing was measured."""
    return "–" if value is None else format(value, style)


def table(lines: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table; all columns but the first are numbers, to the right."""
    head, *rest = ("| " + " | ".join(line) + " |" for line in lines)
    rule = "|---|" + "--:|" * (len(lines[0]) - 1)
    return "\n".join((head, rule, *rest))
