"""``distribute pause``: have workers begin nothing more of an issue."""

import click

from distribute.cli.fleet.steering import (
    Deed,
    Helm,
    at_the_helm,
    nothing_to,
    sink_option,
)
from distribute.cli.invocation import Invocation, json_option


@click.command("pause")
@click.argument("issue")
@sink_option
@json_option
@click.pass_obj
def command(invocation: Invocation, /, issue: str, sink: str | None) -> None:
    """Have workers begin nothing more of ISSUE, until `distribute resume`.

    What they have in hand they give back within seconds; nothing is lost by that, and
    nobody gets it twice.
    """
    with at_the_helm(invocation, issue, sink) as helm:
        if all(handed.is_over for handed in helm.campaigns):
            raise nothing_to("pause", helm, hint="Workers do nothing about it.")
        done = _pause(helm)
        helm.answer(done)
        if any(deed.handed.state != deed.state for deed in done):
            invocation.say(
                "Batches in hand are given back within seconds; "
                f"{helm.command('resume {issue}')} goes on."
            )


def _pause(helm: Helm) -> list[Deed]:
    from distribute.campaign.fleet import control

    done = []
    for handed in helm.campaigns:
        if handed.is_over:
            continue
        words = "was paused already"
        if handed.alarm:
            words += f", by alarm: {handed.alarm}"
        if control.pause(helm.connection, handed.number):
            words = "is paused"
        done.append(Deed(handed, "paused", words))
    return done
