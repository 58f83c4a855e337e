"""Whether an issue with errors may go out: only where somebody says so, rule by rule."""

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

import click

from distribute.cli.invocation import say_aside
from distribute.cli.terminal.report import finding_line
from distribute.cli.terminal.words import counted
from distribute.editions.edition import Issue
from distribute.errors import CheckError
from distribute.finding import Finding

Function = TypeVar("Function", bound=Callable[..., object])


def force_option(function: Function) -> Function:
    """Let somebody send in spite of the errors of a rule."""
    return click.option(
        "--force",
        "forced",
        metavar="RULE",
        multiple=True,
        callback=_known,
        help="Send although `check` has errors of this rule; may be given again.",
    )(function)


def refuse(issue: Issue, obstacles: Sequence[Finding], forced: Collection[str]) -> None:
    """Raise `CheckError` if there are errors of other rules than the forced ones."""
    errors = [finding for finding in obstacles if finding.rule not in forced]
    if not errors:
        return
    rules = sorted({finding.rule for finding in errors})
    force = " ".join(f"--force {rule}" for rule in sorted({*rules, *forced}))
    raise CheckError(
        f"issue {issue.id} is not sent: {counted(len(errors), 'error')}",
        tuple(f"{finding}\n    {finding.hint}".rstrip() for finding in errors),
        hint=f"Mend them; or let them pass with {force}. "
        "A sending that was begun with --force goes on with the same --force.",
    )


def warn_of(
    issue: Issue, obstacles: Sequence[Finding], forced: Collection[str]
) -> None:
    """Say on stderr what would keep the issue from being sent to everybody."""
    errors = [finding for finding in obstacles if finding.rule not in forced]
    if errors:
        say_aside(
            f"distribute: `send` will refuse issue {issue.id}: {counted(len(errors), 'error')}"
        )
        for finding in errors:
            say_aside(finding_line(finding))


def _known(
    _ctx: click.Context, _option: click.Parameter, rules: tuple[str, ...]
) -> frozenset[str]:
    """Refuse rules that do not exist: who misspells one believes it to be forced."""
    if not rules:
        return frozenset()
    from distribute.cli.checking.explaining import rule_of  # loads the whole book

    return frozenset(rule_of(rule).id for rule in rules)
