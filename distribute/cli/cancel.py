"""``distribute cancel``: take an issue back from workers."""

import click

from distribute.cli.audience.choosing import settings_of
from distribute.cli.fleet.server import server_of
from distribute.cli.fleet.steering import at_the_helm, nothing_to, sink_option
from distribute.cli.invocation import DONE, INTERRUPTED, Invocation, json_option


@click.command("cancel")
@click.argument("issue")
@sink_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_context
def command(ctx: click.Context, /, issue: str, sink: str | None, *, yes: bool) -> None:
    """Take ISSUE back from workers: whoever has got nothing yet gets nothing from them.

    What they have in hand they give back within seconds, and this waits for it. Whoever
    was not tried can be sent it later, as if nothing had been handed over.
    """
    invocation: Invocation = ctx.obj
    server_of(settings_of(invocation))
    from distribute.cli.fleet.cancelling import Cancelling  # with psycopg

    with at_the_helm(invocation, issue, sink) as helm:
        cancelling = Cancelling(helm)
        if not cancelling.is_to_do:
            if cancelling.is_done_before:
                cancelling.report()
                ctx.exit(DONE)
            raise nothing_to("cancel", helm, hint="Everybody has had their turn.")
        if not yes:
            cancelling.ask()
            invocation.catch_up()
        is_over = cancelling.carry_out()
        cancelling.report()
    ctx.exit(DONE if is_over else INTERRUPTED)
