"""Look how far workers are with an issue: once, or on and on (``status --watch``)."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import chain, repeat
from time import monotonic, sleep
from typing import TYPE_CHECKING, Protocol

import click

from distribute.audience.database.database import PATIENCE, explained, place_of
from distribute.audience.database.place import PostgresUrl
from distribute.audience.database.postgres.connection import open_server
from distribute.campaign.fleet.overview import Lookout
from distribute.campaign.fleet.progress import Overview
from distribute.cli.fleet.limits import Limit
from distribute.cli.fleet.picture import Frame, Line, Painter, notice
from distribute.cli.fleet.steering import never_handed_over
from distribute.cli.fleet.view import (
    overview_document,
    overview_line,
)
from distribute.cli.invocation import Invocation
from distribute.cli.process.clock import running_clock
from distribute.cli.terminal.words import duration
from distribute.errors import BusyError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_REFRESHED = 1.0
"""Seconds between two looks on a terminal."""
_REPORTED = 5.0
"""Seconds between two looks elsewhere, each of which is a line."""
_AWAY = (1.0, 2.0, 5.0)
"""Seconds before the next look while the database is away; the last one stays."""


@contextmanager
def lookout(
    invocation: Invocation, url: PostgresUrl, issue: str, limits: Sequence[Limit] = ()
) -> Iterator[Callable[[], Sequence[Overview]]]:
    """Open the database, and give what looks at an issue, by its id.

    A connection that is lost is made again at the next look.
    """
    place = place_of(url)
    with explained(url), ExitStack() as stack:
        server = place if isinstance(place, PostgresUrl) else url
        connection = open_server(server, PATIENCE)
        stack.callback(connection.close)
        clock = running_clock(invocation.now)
        domains = {each.domain: each.per_second for each in limits if each.domain}
        look = Lookout(
            connection, f"issue-{issue}", clock, monotonic, domains=domains
        ).look

        def looked() -> Sequence[Overview]:
            with explained(url):
                return look()

        yield looked


def look_once(
    invocation: Invocation, url: PostgresUrl, issue: str, limits: Sequence[Limit] = ()
) -> Sequence[Overview]:
    """Say how far workers are with an issue; nothing if they never had it."""
    with lookout(invocation, url, issue, limits) as look:
        return look()


def keep_looking(
    invocation: Invocation,
    url: PostgresUrl,
    issue: str,
    limits: Sequence[Limit] = (),
) -> None:
    """Show how far they are until all is done or cancelled, or somebody presses Ctrl-C.

    A database that does not answer is waited for. For programs there is one document, at
    the end; the lines go to standard error then. Raises `PlanError` if workers never had
    anything of the issue.
    """
    with lookout(invocation, url, issue, limits) as look:
        seen = look()
        if not seen:
            raise never_handed_over(invocation, issue)
        try:
            with _board(invocation, limits) as board:
                seen = _follow(look, seen, board)
        except KeyboardInterrupt:
            invocation.say()
    documents = [overview_document(overview) for overview in seen]
    invocation.answer({"issue": issue, "with_workers": documents})


def _follow(
    look: Callable[[], Sequence[Overview]], seen: Sequence[Overview], board: "_Board"
) -> Sequence[Overview]:
    """Look again and again until all is over; gives what was seen last."""
    waits = chain(_AWAY, repeat(_AWAY[-1]))
    while True:
        board.show(seen)
        if all(overview.handed.is_over for overview in seen):
            return seen
        sleep(board.pause)
        while True:
            try:
                seen = look()
            except BusyError as error:
                board.tell(error.reason)
                sleep(next(waits))
            else:
                waits = chain(_AWAY, repeat(_AWAY[-1]))
                break


class _Board(Protocol):
    """Where it is shown."""

    pause: float
    """Seconds between two looks."""

    def show(self, overviews: Sequence[Overview]) -> None:
        """Show how far it is."""
        ...

    def tell(self, trouble: str) -> None:
        """Say why nothing can be seen."""
        ...


@contextmanager
def _board(invocation: Invocation, limits: Sequence[Limit]) -> Iterator[_Board]:
    """Draw on a terminal; write lines elsewhere."""
    is_terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    if invocation.as_json or not is_terminal:
        yield _Lines(invocation)
        return
    from rich.live import Live

    with Live(auto_refresh=False) as live:
        yield _Screen(invocation, limits, live)


class _Window(Protocol):
    """The part of `rich.live.Live` that is drawn on."""

    @property
    def console(self) -> "Console": ...

    def update(self, renderable: "Text", *, refresh: bool) -> None: ...


class _Screen:
    """Draws all of it over and over."""

    pause = _REFRESHED

    def __init__(
        self, invocation: Invocation, limits: Sequence[Limit], window: _Window
    ) -> None:
        self._painter = Painter(command=invocation.command, limits=limits)
        self._window = window
        self._clock = running_clock(invocation.now)
        self._seen: Sequence[Overview] = ()
        self._seen_at = 0

    def show(self, overviews: Sequence[Overview]) -> None:
        """Draw it."""
        self._seen, self._seen_at = overviews, self._clock()
        self._draw([])

    def tell(self, trouble: str) -> None:
        """Say why nothing can be seen, above what was seen last and how old that is."""
        ago = duration((self._clock() - self._seen_at) / 1000)
        words = f"{trouble}; trying again. What follows was seen {ago} ago."
        self._draw(list(notice(words, self._frame())))

    def _frame(self) -> Frame:
        width, height = self._window.console.size
        frame = Frame(width=width, height=height)
        is_plain = self._written("".join(frame.bar)) != "".join(frame.bar)
        return replace(frame, bar=("#", ".")) if is_plain else frame

    def _draw(self, lines: list[Line]) -> None:
        """Draw what was seen last, below some lines."""
        from rich.text import Text

        frame = self._frame()
        for overview in self._seen:
            left = replace(frame, height=frame.height - len(lines))
            lines += [*self._painter.paint(overview, self._seen_at, left), Line("")]
        styled = [
            Text(self._written(text), "bold" if is_strong else "")
            for text, is_strong in lines
        ]
        drawn = Text("\n", no_wrap=True, overflow="crop").join(styled)
        self._window.update(drawn, refresh=True)

    def _written(self, text: str) -> str:
        """Leave out what the terminal has no characters for."""
        encoding = self._window.console.encoding
        return text.encode(encoding, "replace").decode(encoding)


class _Lines:
    """Writes a line each time."""

    pause = _REPORTED

    def __init__(self, invocation: Invocation) -> None:
        self._clock = running_clock(invocation.now)
        self._is_aside = invocation.as_json

    def show(self, overviews: Sequence[Overview]) -> None:
        """Write them."""
        for overview in overviews:
            click.echo(overview_line(overview, self._clock()), err=self._is_aside)

    def tell(self, trouble: str) -> None:
        """Write it."""
        click.echo(f"{trouble}; trying again", err=self._is_aside)
