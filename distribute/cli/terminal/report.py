"""Values into lines for people and into JSON for programs."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from distribute.cli.invocation import say_aside
from distribute.editions.edition import Edition, Issue
from distribute.finding import Finding, Severity
from distribute.render.characters import clean
from distribute.render.text.width import display_width

if TYPE_CHECKING:  # else a build would load all about sending
    from distribute.campaign.campaign import Receipt

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def headline(finding: Finding) -> str:
    """Write a finding as ``path:line:column: severity: message [rule]``."""
    return clean(str(finding)).replace(
        f" {finding.severity}: ",
        f" {click.style(finding.severity, fg=COLOURS[finding.severity])}: ",
        1,
    )


def finding_line(finding: Finding) -> str:
    """Write a finding in a line, and what to do next in another."""
    line = headline(finding)
    return f"{line}\n    {finding.hint}" if finding.hint else line


def mention(obstacles: Sequence[Finding]) -> None:
    """Warn, whatever the command, that the posts are not all there."""
    if obstacles:
        errors = "1 error" if len(obstacles) == 1 else f"{len(obstacles)} errors"
        say_aside(f"distribute: {errors} in the posts; `distribute check` lists them")


def list_out(obstacles: Sequence[Finding]) -> None:
    """Say on stderr what each of them is."""
    for finding in obstacles:
        say_aside(finding_line(finding))


def edition_document(edition: Edition) -> dict[str, object]:
    """Write an edition with every decision and its reason."""
    return {
        "language": edition.language.tag,
        "title": edition.title,
        "path": str(edition.post.path),
        "url": edition.url,
        "published": edition.published.isoformat(),
        "updated": edition.updated.isoformat(),
        "authors": [author.name for author in edition.authors],
        "decisions": [
            {"field": d.field, "value": d.value, "reason": d.reason}
            for d in edition.decisions
        ],
    }


def issue_document(issue: Issue) -> dict[str, object]:
    """Write an issue with its editions, keyed by language."""
    editions = {
        language.tag: edition_document(edition)
        for language, edition in issue.editions.items()
    }
    return {"id": issue.id, "number": issue.number, "editions": editions}


def receipt_document(receipt: "Receipt") -> dict[str, object]:
    """Write how a delivery ended."""
    return {
        "outcome": str(receipt.outcome),
        "code": receipt.code,
        "enhanced": receipt.enhanced,
        "text": receipt.text,
        "stage": str(receipt.stage),
    }


def receipt_line(receipt: "Receipt") -> str:
    """Write how a delivery ended, with the server's words, in one line."""
    return ": ".join(filter(None, [receipt.outcome, server_words(receipt)]))


def server_words(receipt: "Receipt") -> str:
    """Give code and words of the server in one line; empty if it said nothing."""
    words = f"{receipt.code or ''} {receipt.enhanced} {receipt.text}".split()
    return " ".join(words)


def table(rows: Sequence[Sequence[str]], *, head: Sequence[str]) -> Iterable[str]:
    """Lay out cells in columns, each as wide on a terminal as its widest cell."""
    lines = [head, *rows]
    widths = [max(map(display_width, column)) for column in zip(*lines, strict=True)]
    for row in lines:
        cells = (
            cell + " " * (size - display_width(cell))
            for cell, size in zip(row, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()
