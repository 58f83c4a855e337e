"""``distribute check --fix``: show what can be mended, ask, and write it."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path, PurePath

import click

from distribute.checks.mend.mend import Look, Mended, mend
from distribute.checks.mend.text import Text
from distribute.checks.report import Report
from distribute.checks.rulebook import RULEBOOK
from distribute.cli.invocation import Invocation
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.terminal.words import counted
from distribute.editions.edition import Edition
from distribute.errors import SourceError
from distribute.finding import Finding
from distribute.posts.source import parse_post
from distribute.render.characters import clean
from distribute.render.content.content import read_tree
from distribute.render.content.surroundings import Surroundings, surroundings_of
from distribute.render.tree import walk

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True, slots=True)
class Change:
    """One file to be written anew."""

    path: PurePath
    before: bytes
    mended: Mended

    def diff(self) -> Iterator[str]:
        """Give the lines of a unified diff."""
        old = Text.of(self.before)
        yield from unified_diff(
            old.lines if old else (),
            self.mended.text.lines,
            f"{self.path}",
            f"{self.path} (mended)",
            lineterm="",
        )


def changes_for(newsletter: Newsletter, report: Report) -> tuple[Change, ...]:
    """Work out what can be mended of what a report lists; nothing is written."""
    surroundings = surroundings_of(newsletter.publication, newsletter.issues)
    editions = {edition.post.path: edition for edition in newsletter.editions}
    wanted: dict[PurePath, list[Finding]] = {}
    for finding in report.findings:
        rule = RULEBOOK.get(finding.rule)
        if rule is not None and rule.mended and finding.path in editions:
            wanted.setdefault(finding.path, []).append(finding)
    changes = (
        _change(editions[path], found, surroundings) for path, found in wanted.items()
    )
    return tuple(change for change in changes if change is not None)


def carry_out(
    invocation: Invocation, changes: Iterable[Change], *, yes: bool
) -> tuple[Change, ...]:
    """Show the changes, ask unless told not to, and write them; gives what was written.

    Raises `SourceError` if a file has become another in the meantime.
    """
    changes = tuple(changes)
    for change in changes:
        for line in change.diff():
            invocation.say(_coloured(line))
    if not changes or not (yes or _agreed(changes)):
        return ()
    for change in changes:
        _write(change)
    return changes


def mended_words(changes: Sequence[Change]) -> str:
    """Say how much there is: ``1 finding in 1 file``."""
    findings = sum(len(change.mended.done) for change in changes)
    return f"{counted(findings, 'finding')} in {counted(len(changes), 'file')}"


def mended_document(changes: Iterable[Change]) -> list[Mapping[str, object]]:
    """List what was mended, for programs."""
    return [
        {"path": str(change.path), "rule": finding.rule, "line": finding.line}
        for change in changes
        for finding in change.mended.done
    ]


def _change(
    edition: Edition, findings: list[Finding], surroundings: Surroundings
) -> Change | None:
    """Mend one post; `None` if there is nothing that can be proved."""
    path = edition.post.path
    data = Path(path).read_bytes()
    text = Text.of(data)
    if text is None:
        return None

    def look(at: Text) -> Look:
        post = parse_post(at.data, path)
        reading = read_tree(replace(edition, post=post), surroundings)
        words = "".join(node.text for node in walk(reading.written))
        return Look((*post.findings, *reading.findings), words)

    try:
        mended = mend(text, findings, look)
    except SourceError:
        return None
    return Change(path, data, mended) if mended.done else None


def _agreed(changes: tuple[Change, ...]) -> bool:
    question = f"Mend {mended_words(changes)}?"
    if not sys.stdin.isatty():
        raise click.UsageError(f"{question} Say --yes, for there is nobody to ask.")
    return click.confirm(question, err=True)


def _write(change: Change) -> None:
    """Put a file in the place of the old one, whole or not at all, as its owner had it."""
    path = Path(change.path).resolve()
    if path.read_bytes() != change.before:
        raise SourceError(
            "was changed in the meantime; it is left as it is",
            path=change.path,
            hint="Run the command again.",
        )
    unfinished = path.with_name(f".{path.name}.mended")
    try:
        with unfinished.open("wb") as file:
            file.write(change.mended.text.data)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, unfinished)
        with suppress(PermissionError):
            owner = path.stat()
            os.chown(unfinished, owner.st_uid, owner.st_gid)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _coloured(line: str) -> str:
    return click.style(clean(line), fg=_COLOURS.get(line[:1]))
