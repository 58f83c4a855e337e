"""What one call of the command line is about: folder, clock, output; and how it fails."""

import json
import os
import shlex
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click

from distribute.errors import (
    BusyError,
    CheckError,
    DistributeError,
    LockedError,
    PlanDriftError,
    RenderError,
    SegmentError,
    SourceError,
    TransientDeliveryError,
)

DONE, FAILED, USAGE, LOCKED, DRIFTED, UNCERTAIN, INTERRUPTED = 0, 1, 2, 3, 4, 5, 75

Function = TypeVar("Function", bound=Callable[..., object])


@dataclass(slots=True)
class Invocation:
    """The folder to work on, the instant that counts as now, and how to answer."""

    folder: Path
    """It need not exist yet: `demo` and `init` make it."""
    as_json: bool
    now: datetime
    has_answered: bool = False
    """Whether the one JSON document has been printed, or begun."""

    def answer(self, document: object) -> None:
        """Print the one JSON document, if that is what was asked for."""
        if self.as_json:
            self.has_answered = True
            _print(document)

    def answer_many(
        self, head: Mapping[str, object], **lists: Iterable[object]
    ) -> None:
        """Print one document with lists at its end, which may be of any length.

        What breaks a list off stands behind it, as the document's error.
        """
        self.has_answered = True
        text = json.dumps(dict(head), ensure_ascii=False, indent=2)
        click.echo(text.removesuffix("}").rstrip(), nl=False)
        comma = "," if head else ""
        for name, items in lists.items():
            click.echo(f'{comma}\n  "{name}": [', nl=False)
            _print_items(items)
            comma = ","
        click.echo("\n}")

    def catch_up(self) -> None:
        """Read the clock anew, after what may have taken long; it never goes back."""
        self.now = max(self.now, current_time())

    def command(self, words: str) -> str:
        """Write a command that goes on with this newsletter, to be typed as it is."""
        if self.folder == Path():
            return f"`distribute {words}`"
        return f"`distribute -C {shlex.quote(str(self.folder))} {words}`"

    def say(self, line: str = "") -> None:
        """Print a line for people; nothing when JSON was asked for."""
        if not self.as_json:
            click.echo(line)


def current_time() -> datetime:
    """Read the clock, or ``SOURCE_DATE_EPOCH``, which makes a run repeatable."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(
            f"SOURCE_DATE_EPOCH={epoch!r} is not a number of seconds since 1970"
        ) from error


def json_option(
    function: Function, prints: str = "Print one JSON document."
) -> Function:
    """Let ``--json`` stand behind the command as well as before it."""
    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=_turn_on_json,
        help=prints,
    )(function)


def complain(error: DistributeError, *, as_json: bool) -> None:
    """Say what went wrong and what to do next."""
    if as_json:
        _print({"error": error_document(error)})
    complain_aside(error)


def complain_aside(error: DistributeError) -> None:
    """Say it to people alone, where an answer comes besides."""
    say_aside(f"distribute: {error}")


def say_aside(line: str) -> None:
    """Print a line on stderr; that nobody reads it there is no reason to fail."""
    with suppress(OSError):
        click.echo(line, err=True)


def misused(error: click.ClickException) -> None:
    """Give programs the document of a usage error; click has words for people."""
    reason = error.format_message()
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        reason = "Missing command."
    document = {"kind": "UsageError", "reason": reason}
    if isinstance(error, click.UsageError) and error.ctx:
        document["hint"] = f"Try '{error.ctx.command_path} --help' for help."
    _print({"error": document})


def defective(error: Exception) -> None:
    """Give programs the document of what should never happen."""
    hint = (
        "This is a defect of distribute. Please report it with what stands on stderr."
    )
    _print(
        {"error": {"kind": type(error).__name__, "reason": f"{error}", "hint": hint}}
    )


def error_document(error: DistributeError) -> dict[str, object]:
    """Write an error for programs; `line` counts from 1, 0 means the whole file."""
    document: dict[str, object] = {"kind": type(error).__name__, "reason": error.reason}
    if isinstance(error, SourceError | RenderError) and error.path is not None:
        document |= {"path": str(error.path), "line": error.line}
    if isinstance(error, SegmentError):
        document |= {"text": error.text, "column": error.column}
    if isinstance(error, CheckError):
        document["problems"] = list(error.problems)
    return document | ({"hint": error.hint} if error.hint else {})


def exit_status(error: DistributeError) -> int:
    """Give the exit status that stands for an error."""
    match error:
        case CheckError():
            return FAILED
        case LockedError():
            return LOCKED
        case PlanDriftError():
            return DRIFTED
        case TransientDeliveryError() | BusyError():
            return INTERRUPTED
        case _:
            return USAGE


def _print(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _print_items(items: Iterable[object]) -> None:
    comma = ""
    try:
        for item in items:
            line = json.dumps(item, ensure_ascii=False)
            click.echo(f"{comma}\n    {line}", nl=False)
            comma = ","
    except DistributeError as error:
        said = json.dumps(error_document(error), ensure_ascii=False)
        click.echo(f'\n  ],\n  "error": {said}\n}}')
        raise
    click.echo("\n  ]", nl=False)


def _turn_on_json(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    if value and isinstance(ctx.obj, Invocation):
        ctx.obj.as_json = True
