"""The option ``--segment``, which chooses some of the people on the list."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from distribute.audience.segment.segment import Segment, parse_segment
from distribute.campaign.plan.among import Among, within
from distribute.config.settings import Settings

Function = TypeVar("Function", bound=Callable[..., object])


def segment_option(function: Function) -> Function:
    """Let ``--segment`` say who is meant; the command gets the text, or `None`."""
    return click.option(
        "--segment",
        metavar="SEGMENT",
        help="Only such people: 'lang:pt tag:press joined>2026-01-01'.",
    )(function)


def segment_named(settings: Settings, text: str | None) -> Segment | None:
    """Read what somebody typed; its days are those of the newsletter's time zone.

    Raises `SegmentError`. An empty text is a mistake, never everybody.
    """
    return None if text is None else parse_segment(text, settings.rules.zone)


def among_named(settings: Settings, text: str | None) -> Sequence[Among]:
    """Narrow a campaign to what somebody typed; not at all if nobody did."""
    segment = segment_named(settings, text)
    return () if segment is None else (within(segment),)
