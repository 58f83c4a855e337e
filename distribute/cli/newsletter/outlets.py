"""Where messages go from here: the folder ``out/mail``, or the SMTP servers."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from distribute.campaign.campaign import Sink
from distribute.campaign.run.pace import Pace, Throttle
from distribute.cli.invocation import say_aside
from distribute.cli.newsletter.credentials import smtp_password
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.config.outgoing import RelaySettings
from distribute.config.settings import Settings
from distribute.sinks.folder import FolderSink

if TYPE_CHECKING:
    from distribute.sinks.relays.relay import Station
    from distribute.sinks.smtp.server import SmtpServer

SINKS = ("file", "smtp")
_PATIENCE = 2.0
"""Seconds to go on trying one of several servers before the others take its place."""
_CLEAR = "\r\x1b[K"
"""Wipes out a line of the terminal that says how far a sending is."""


@contextmanager
def open_sink(newsletter: Newsletter, name: str) -> Iterator[Sink]:
    """Open ``out/mail`` or the SMTP servers, and close them at the end."""
    with open_outlet(newsletter.settings, name) as sink:
        yield sink


@contextmanager
def open_outlet(
    settings: Settings,
    name: str,
    *,
    paces: Mapping[str, Pace] = MappingProxyType({}),
    tell: Callable[[str], object] | None = None,
) -> Iterator[Sink]:
    """Do the same for whoever has the settings and needs no issues.

    `paces` are those of some of several servers, by name, instead of what the settings
    say. `tell` is told when one of them fails or works again; else it is on stderr.
    """
    sink: Sink = FolderSink(mail_place(settings))
    if name == "smtp":
        sink = _smtp_sink(settings, paces, tell or _note)
    try:
        yield sink
    finally:
        sink.close()


def mail_folder(newsletter: Newsletter) -> FolderSink:
    """Give the sink that writes files; it knows where it puts them."""
    return FolderSink(mail_place(newsletter.settings))


def mail_place(settings: Settings) -> Path:
    """Say where the sink that writes files puts them."""
    return settings.folder / "out" / "mail"


def pace_of(
    settings: Settings,
    name: str,
    bucket: Callable[[str, float], Throttle] | None = None,
) -> Pace:
    """Say how fast messages may go there; files are written as fast as they can be.

    `bucket` makes what keeps a rate, if others keep it as well; see `Pace`.
    """
    if name != "smtp":
        return Pace()
    rates = settings.rates
    if bucket is None:
        return Pace(rates.overall, rates.domains)
    if len(settings.relays) > 1:  # each keeps its own
        return Pace(0.0, rates.domains, bucket=bucket)
    relay = f"relay {settings.relays[0].name}"
    return Pace(rates.overall, rates.domains, bucket=bucket, name=relay)


def relay_paces(
    settings: Settings, bucket: Callable[[str, float], Throttle]
) -> Mapping[str, Pace]:
    """Say how fast each of several servers may be given messages by all together."""
    return {
        relay.name: Pace(relay.rate, bucket=bucket, name=f"relay {relay.name}")
        for relay in settings.relays
    }


def servers_of(settings: Settings) -> str:
    """Name the SMTP servers for people: ``a.example.org:587 and b.example.org:25``."""
    named = [f"{each.server.host}:{each.server.port}" for each in settings.relays]
    *others, last = named
    return f"{', '.join(others)} and {last}" if others else last


def _smtp_sink(
    settings: Settings, paces: Mapping[str, Pace], tell: Callable[[str], object]
) -> Sink:
    """Open the one server; or those that there are, each with its own pace."""
    servers = {relay: _server(settings, relay) for relay in settings.relays}
    if len(servers) == 1:
        from distribute.sinks.smtp.sink import SmtpSink

        (server,) = servers.values()
        return SmtpSink(server)
    from distribute.sinks.relays.sink import Relays

    patience = max(server.patience for server in servers.values())
    stations = [
        _station(relay.name, server, paces.get(relay.name) or Pace(relay.rate))
        for relay, server in servers.items()
    ]
    return Relays(stations, patience=patience, tell=tell)


def _server(settings: Settings, relay: RelaySettings) -> "SmtpServer":
    return replace(relay.server, password=smtp_password(settings.folder, relay))


def _station(name: str, server: "SmtpServer", pace: Pace) -> "Station":
    """Say how to come by one of several servers."""
    from distribute.sinks.relays.relay import Station
    from distribute.sinks.smtp.sink import SmtpSink

    server = replace(server, patience=min(server.patience, _PATIENCE))
    return Station(
        name=name, open=lambda selector: SmtpSink(server, selector), pace=pace
    )


def _note(line: str) -> None:
    """Say something in the middle of a sending."""
    say_aside(f"{_CLEAR}{line}" if sys.stderr.isatty() else line)
