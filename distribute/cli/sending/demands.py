"""What `send` can be told, and what of it cannot be meant together."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TypedDict

import click

NEW = "new"
"""Instead of an issue: whatever is due."""


class Options(TypedDict):
    """What stands behind ``distribute send ISSUE``."""

    sink: str
    yes: bool
    digest: str | None
    segment: str | None
    at: str | None
    no_wait: bool
    limit: int | None
    due: bool
    wait: timedelta
    on_uncertain: str | None
    only: str | None
    lang: str | None
    dry_run: bool
    late: str | None
    corrections: tuple[str, ...]
    forced: frozenset[str]
    workers: bool


def refuse_contradictions(issue: str, options: Options) -> None:
    """Refuse what cannot be meant together; raises `click.UsageError`."""
    said = next(_contradictions(issue, options), None)
    if said is not None:
        raise click.UsageError(said)


def _contradictions(issue: str, options: Options) -> Iterator[str]:
    """Say what contradicts what, the plainest first."""
    if options["lang"] is not None and options["only"] is None:
        yield "--lang goes with --only"
    if options["no_wait"] and options["at"] is None:
        yield "--no-wait goes with --at"
    for name in _with_no_workers(issue, options):
        yield f"--workers does not go with {name}"
    alone = _about_one_sending(options)
    if options["at"] is not None and (alone or options["dry_run"]):
        yield f"--at does not go with {(*alone, '--dry-run')[0]}"
    if options["late"] is not None and options["corrections"]:
        yield "--late does not go with --correction"
    yield from _with_no_issue(issue, options)


def _about_one_sending(options: Options) -> list[str]:
    """Name what is said about one issue that is sent now."""
    given = {
        "--plan": options["digest"],
        "--limit": options["limit"],
        "--only": options["only"],
        "--late": options["late"],
        "--correction": options["corrections"] or None,
    }
    return [name for name, value in given.items() if value is not None]


def _with_no_workers(issue: str, options: Options) -> list[str]:
    """Name what is said about a sending by this process, though others are to do it."""
    if not options["workers"]:
        return []
    given = {
        "--only": options["only"] is not None,
        "--limit": options["limit"] is not None,
        "--due": options["due"],
        "--dry-run": options["dry_run"] and issue != NEW,
    }
    return [name for name, is_given in given.items() if is_given]


def _with_no_issue(issue: str, options: Options) -> Iterator[str]:
    """Say what is not about every issue, if all that are due are meant."""
    if issue != NEW:
        return
    names = _about_one_sending(options)
    names += ["--at"] * (options["at"] is not None)
    names += ["--segment"] * (options["segment"] is not None)
    for name in names:
        yield f"`send new` does not go with {name}: it is about every issue"
