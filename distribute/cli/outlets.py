"""Where messages go from here: the folder ``out/mail``, or the SMTP server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click

from distribute.campaign.campaign import Sink
from distribute.cli.newsletter import Newsletter
from distribute.config.settings import Settings
from distribute.errors import ConfigError
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


def _smtp_sink(settings: Settings) -> Sink:
    from distribute.sinks.pace import PacedSink
    from distribute.sinks.smtp import SmtpSink

    if settings.signs_dkim:
        click.echo(
            "distribute: [dkim] is not carried out by this version; "
            "let the server sign what it takes",
            err=True,
        )
    server = replace(settings.smtp, password=_password(settings))
    sink: Sink = SmtpSink(server)
    return PacedSink(sink, settings.rate) if settings.rate else sink


def _password(settings: Settings) -> str:
    """Read the SMTP password from where the settings say it is; never print it."""
    kind, _, name = settings.password_source.partition(":")
    if kind == "env":
        if not os.environ.get(name):
            raise ConfigError(
                (f"the environment variable {name} is empty",),
                hint="It holds the password; see [smtp] password_env.",
            )
        return os.environ[name]
    if kind == "file":
        path = settings.folder / name
        try:
            return path.read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                (f"{path}: the password cannot be read",),
                hint="It is named by [smtp] password_file; see that you may read it.",
            ) from error
    return ""
