"""Where messages go from here: the folder ``out/mail``, or the SMTP server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

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
    sink: Sink = mail_folder(newsletter)
    if name == "smtp":
        sink = _smtp_sink(newsletter.settings)
    try:
        yield sink
    finally:
        sink.close()


def mail_folder(newsletter: Newsletter) -> FolderSink:
    """Give the sink that writes files; it knows where it puts them."""
    return FolderSink(newsletter.folder / "out" / "mail")


def pace_of(settings: Settings, name: str) -> Pace:
    """Say how fast messages may go there; files are written as fast as they can be."""
    if name == "smtp":
        return Pace(settings.rates.overall, settings.rates.domains)
    return Pace()


def _smtp_sink(settings: Settings) -> Sink:
    from distribute.sinks.smtp.sink import SmtpSink

    return SmtpSink(replace(settings.smtp, password=smtp_password(settings)))
