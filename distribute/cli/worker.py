"""``distribute worker``: send what was handed over to workers, on this machine too."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import click

from distribute.audience.database.database import to_milliseconds
from distribute.cli.audience.choosing import settings_of
from distribute.cli.fleet.journal import Journal
from distribute.cli.fleet.server import server_of
from distribute.cli.invocation import (
    DONE,
    INTERRUPTED,
    Invocation,
    complain_aside,
    error_document,
    exit_status,
    json_option,
)
from distribute.cli.process.clock import running_clock
from distribute.cli.process.signals import heard
from distribute.config.settings import Settings
from distribute.config.values import parse_duration
from distribute.errors import DistributeError

if TYPE_CHECKING:
    from distribute.cli.fleet.meter import Meter
    from distribute.cli.fleet.working import Worker

_STOPPING = (
    "\ndistribute: stopping; the batch in hand is handed back (once more: at once)\n"
)


_SHORTEST = timedelta(seconds=2)


def duration(said: str) -> timedelta:
    """Read ``20s``."""
    try:
        found = parse_duration(said)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    if found < _SHORTEST:
        raise click.BadParameter(f"{said} is too short: 2s is the least")
    return found


@click.command("worker")
@click.option(
    "--connections",
    type=click.IntRange(1, 100),
    help="Connections to each relay from here; with 32 a message costs half of what it"
    " costs with 4, if the relay allows them.  [default: as in distribute.toml]",
)
@click.option(
    "--stalled-after",
    type=duration,
    default="20s",
    help="Without a sign of life for so long, a worker's batch goes on elsewhere. Say the"
    " same on all machines; below 5s the living may be taken for dead.  [default: 20s]",
)
@click.option(
    "--metrics",
    metavar="PORT",
    help="Show metrics for Prometheus there; HOST:PORT to others than this machine.",
)
@partial(json_option, prints="Tell what it does in JSON objects, one a line.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    connections: int | None,
    stalled_after: timedelta,
    metrics: str | None,
) -> None:
    """Send what was handed over to workers by `send ISSUE --workers`.

    Any number may run, on any machines with the same distribute.toml and keys; posts and
    templates are not needed. Ctrl-C and SIGTERM hand the batch in hand back. With --json
    it tells what it does in JSON objects, one a line.
    """
    invocation: Invocation = ctx.obj
    settings = _with_connections(settings_of(invocation), connections)
    server_of(settings)
    if not invocation.as_json:
        ctx.exit(_work(invocation, settings, stalled_after, metrics))
    try:
        status = _work(invocation, settings, stalled_after, metrics)
    except DistributeError as error:
        # One object a line to the end; the usual document has many.
        invocation.has_answered = True
        _journal(invocation).say(error.reason, error=error_document(error))
        complain_aside(error)
        status = exit_status(error)
    ctx.exit(status)


def _work(
    invocation: Invocation,
    settings: Settings,
    stalled_after: timedelta,
    metrics: str | None,
) -> int:
    """Work until somebody says stop; gives the exit status."""
    from distribute.cli.fleet.caretaker import member_here  # with psycopg
    from distribute.cli.fleet.meter import Meter
    from distribute.cli.fleet.working import Worker, rhythm_of

    journal = _journal(invocation)
    meter = Meter() if metrics is not None else None
    worker = Worker(
        settings, journal, member_here(os.getpid()), invocation.now, meter=meter
    )
    with (
        _metrics_shown(invocation, journal, worker, (metrics, meter)),
        heard("" if invocation.as_json else _STOPPING) as haste,
    ):
        is_clean = worker.work(haste, rhythm=rhythm_of(stalled_after))
    return DONE if is_clean else INTERRUPTED


@contextmanager
def _metrics_shown(
    invocation: Invocation,
    journal: Journal,
    worker: "Worker",
    shown: "tuple[str | None, Meter | None]",
) -> Iterator[None]:
    """Show metrics where somebody said, if anybody did."""
    where, meter = shown
    if where is None or meter is None:
        yield
        return
    from distribute.cli.fleet import metrics  # with prometheus_client

    try:
        endpoint = metrics.endpoint_named(where)
    except ValueError as error:
        raise click.UsageError(f"--metrics {where}: {error}") from error
    began = to_milliseconds(invocation.now) / 1000
    with metrics.shown(endpoint, meter, began, lambda: worker.connections) as port:
        journal.say(f"metrics at port {port}", port=port)
        yield


def _journal(invocation: Invocation) -> Journal:
    from distribute.cli.fleet.caretaker import member_here

    return Journal(
        member_here(os.getpid()).name,
        running_clock(invocation.now),
        as_json=invocation.as_json,
    )


def _with_connections(settings: Settings, connections: int | None) -> Settings:
    """Have so many to each relay, if somebody said how many."""
    if connections is None:
        return settings
    return replace(
        settings,
        relays=tuple(
            replace(relay, server=replace(relay.server, connections=connections))
            for relay in settings.relays
        ),
    )
