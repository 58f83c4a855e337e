"""Say what an import did, or would do: for people in lines, for programs in JSON."""

from collections.abc import Iterator, Sequence

from distribute.audience.intake.report import Difference, ImportReport, Remark
from distribute.cli.audience.changed import said_of
from distribute.cli.invocation import Invocation
from distribute.cli.terminal.words import counted, many

_SHOWN = 50
"""Remarks, and differences, that are shown to people; programs get all there are."""
_USUAL = ("only_these", "no")
"""What most people want, and nobody has to be told of somebody new."""


def summary_of(report: ImportReport) -> str:
    """Say in one line what an import did."""
    chosen = f" ({report.chosen} as they chose themselves)" if report.chosen else ""
    return (
        f"{many(report.added)} added, {many(report.updated)} updated, "
        f"{many(report.unchanged)} unchanged{chosen}, {many(report.kept_out)} kept out, "
        f"{counted(report.folded, 'duplicate')}, {counted(report.bad, 'bad line')}"
    )


def remark_lines(report: ImportReport) -> Iterator[str]:
    """Say what is the matter with single lines of the files."""
    for remark in report.remarks[:_SHOWN]:
        address = f" {remark.address}:" if remark.address else ""
        yield f"{_place(remark)}: {remark.kind}:{address} {remark.reason}"
    yield from _rest(report.remarks, "remarks")


def difference_lines(report: ImportReport) -> Iterator[str]:
    """Say what would change: ``+`` for somebody new, ``~`` for somebody known."""
    for difference in report.differences[:_SHOWN]:
        yield f"{'+' if difference.is_new else '~'} {difference.address}"
        yield from _change_lines(difference)
    yield from _rest(report.differences, "differences")


def _change_lines(difference: Difference) -> Iterator[str]:
    for field, old, new in difference.changes:
        name, before, after = said_of(field, old, new)
        if not difference.is_new:
            yield f"    {name}: {before} -> {after}"
        elif field != "address" and (field, new) != _USUAL:
            yield f"    {name}: {after}"


def answer_with(
    invocation: Invocation, report: ImportReport, *, rehearsed: bool
) -> None:
    """Write all of it as JSON; what may be long comes at the end."""
    head = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "kept_out": report.kept_out,
        "folded": report.folded,
        "bad": report.bad,
        "chosen": report.chosen,
        "dry_run": rehearsed,
        "systems": list(report.systems),
        "unknown_columns": list(report.unknown_columns),
    }
    lists = {"remarks": map(_remark, report.remarks)}
    if rehearsed:
        lists["differences"] = map(_difference, report.differences)
    invocation.answer_many(head, **lists)


def _remark(remark: Remark) -> dict[str, object]:
    return {
        "file": remark.file,
        "line": remark.line,
        "kind": str(remark.kind),
        "address": remark.address,
        "reason": remark.reason,
    }


def _difference(difference: Difference) -> dict[str, object]:
    changes = {
        field: {"old": old, "new": new} for field, old, new in difference.changes
    }
    return {
        "file": difference.file,
        "line": difference.line,
        "address": difference.address,
        "is_new": difference.is_new,
        "changes": changes,
    }


def _place(remark: Remark) -> str:
    return f"{remark.file}:{remark.line}"


def _rest(items: Sequence[object], name: str) -> Iterator[str]:
    if len(items) > _SHOWN:
        yield f"… and {len(items) - _SHOWN} more {name}"
