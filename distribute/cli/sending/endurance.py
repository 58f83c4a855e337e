"""How long a sending on one machine bears that its database is away: till it is back."""

import sys
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from distribute.audience.database.database import is_begun, place_of
from distribute.audience.database.place import Place, PostgresUrl
from distribute.campaign.run.run import Haste
from distribute.cli.invocation import say_aside
from distribute.cli.process.patience import Patience
from distribute.errors import AwayError

_GLANCE = "connect_timeout=2"
"""Seconds that somebody who wants it to end may wait for the answer of a server."""


def endurance(place: Place, haste: Callable[[], Haste]) -> Patience:
    """Make what waits for a database that is away, until somebody wants it to end.

    What is in a file is never away; that somebody else writes to it is another thing.
    """
    return Patience(
        lambda: haste() is not Haste.NONE,
        _tell,
        farewell=0.0,
        bears=AwayError,
        look=lambda: is_begun(_at_a_glance(place_of(place))),
    )


def _at_a_glance(place: Place) -> Place:
    """Say where it is, for whoever does not wait long for an answer."""
    if not isinstance(place, PostgresUrl) or "connect_timeout=" in place.url:
        return place
    mark = "&" if urlsplit(place.url).query else "?"
    return replace(place, url=f"{place.url}{mark}{_GLANCE}")


def _tell(words: str) -> None:
    """Say it below what may be drawn on a terminal."""
    below = "\n" if sys.stderr.isatty() else ""
    say_aside(f"{below}distribute: {words}")
