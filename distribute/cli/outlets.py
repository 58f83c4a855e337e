"""Where messages go from here: the folder ``out/mail``, or the SMTP server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from distribute.campaign.campaign import Sink
from distribute.campaign.pace import Pace
from distribute.cli.credentials import smtp_password
from distribute.cli.newsletter import Newsletter
from distribute.config.settings import Settings
from distribute.sinks.folder import FolderSink

SINKS = ("file", "smtp")


@contextmanager
def open_sink(newsletter: Newsletter, name: str) -> Iterator[Sink]:
    """Open ``out/mail`` or the SMTP server, and close it at the end."""
    with open_outlet(newsletter.settings, name) as sink:
        yield sink


@contextmanager
def open_outlet(settings: Settings, name: str) -> Iterator[Sink]:
    """Do the same for whoever has the settings and needs no issues."""
    sink: Sink = FolderSink(mail_place(settings))
    if name == "smtp":
        sink = _smtp_sink(settings)
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


def pace_of(settings: Settings, name: str) -> Pace:
    """Say how fast messages may go there; files are written as fast as they can be."""
    if name == "smtp":
        return Pace(settings.rates.overall, settings.rates.domains)
    return Pace()


def _smtp_sink(settings: Settings) -> Sink:
    from distribute.sinks.smtp.sink import SmtpSink

    return SmtpSink(replace(settings.smtp, password=smtp_password(settings)))
