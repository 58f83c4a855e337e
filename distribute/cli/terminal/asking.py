"""Ask before something leaves that cannot be taken back."""

import sys
from collections.abc import Iterable

import click


class Declined(click.Abort):
    """Somebody was asked and said no; its text says what has not been done."""


def insist_on_yes(
    question: str, details: Iterable[str] = (), *, otherwise: str = "nothing was sent"
) -> None:
    """Ask, on stderr, below the details; raises `Declined` unless the answer is yes.

    Where nobody can be asked, as in cron, it is a mistake to have left out ``--yes``.
    """
    if not sys.stdin.isatty():
        raise click.UsageError(f"{question} Say --yes, for there is nobody to ask.")
    for line in details:
        click.echo(line, err=True)
    if not click.confirm(question, err=True):
        raise Declined(otherwise)
