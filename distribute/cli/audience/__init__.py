"""``distribute audience``: the subscribers in and out."""

import click

from distribute.cli.audience import (
    exporting,
    forgetting,
    importing,
    people,
    suppressing,
)


@click.group("audience")
def command() -> None:
    """Import, export and list the subscribers, and keep people off the list."""


for each in (
    importing.import_,
    exporting.export,
    people.list_,
    people.add,
    people.remove,
    people.tag,
    suppressing.suppress,
    forgetting.forget,
):
    command.add_command(each)
