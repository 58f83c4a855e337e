"""``distribute resume``: have workers go on with an issue that was paused."""

import click

from distribute.cli.fleet.steering import (
    Deed,
    Helm,
    at_the_helm,
    nothing_to,
    sink_option,
)
from distribute.cli.invocation import Invocation, json_option
from distribute.cli.process.clock import running_clock


@click.command("resume")
@click.argument("issue")
@sink_option
@json_option
@click.pass_obj
def command(invocation: Invocation, /, issue: str, sink: str | None) -> None:
    """Have workers go on with ISSUE, which somebody has paused, or an alarm.

    See first that what the alarm said is put right: `distribute status ISSUE` shows it.
    """
    with at_the_helm(invocation, issue, sink) as helm:
        if all(handed.is_over for handed in helm.campaigns):
            again = helm.command("send {issue} --workers")
            hint = f"{again} hands over whoever has got nothing yet."
            raise nothing_to("go on with", helm, hint=hint)
        helm.answer(_resume(helm))


def _resume(helm: Helm) -> list[Deed]:
    from distribute.campaign.fleet import control

    now = running_clock(helm.invocation.now)()
    done = []
    for handed in helm.campaigns:
        if handed.is_over:
            continue
        resumed = control.resume(helm.connection, handed.number, now=now)
        state = control.state_of(helm.connection, handed.number)
        words = "goes on" if resumed else "was not paused"
        if resumed and handed.alarm:
            words += f"; the alarm was: {handed.alarm}"
        done.append(Deed(handed, str(state), words))
    return done
