"""Values on the command line that click does not know by itself."""

from datetime import timedelta

import click

from distribute.config.values import parse_duration


def duration(_ctx: click.Context, _option: click.Parameter, text: str) -> timedelta:
    """Read a span of time as the settings have it: ``90s``, ``5m``, ``48h``, ``2d``."""
    try:
        return parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
