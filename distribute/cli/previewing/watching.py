"""Build again whenever something changed, and say each time what that was."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import click

from distribute.cli.invocation import Invocation, complain_aside, current_time
from distribute.cli.process.clock import Stopwatch
from distribute.config.settings import FILE_NAME, read_settings
from distribute.errors import ConfigError, DistributeError
from distribute.web.publish.publish import Published
from distribute.web.watch import watch_places

_LISTED = 10
"""How many files of a build are named."""


def keep_building(invocation: Invocation, build: Callable[[], Published]) -> None:
    """Build, and build again after every change, until a signal ends it.

    A post that cannot be read, settings that make no sense: whatever a build complains of
    is said, and the next change is waited for.
    """
    if invocation.as_json:
        raise click.UsageError(
            "--watch goes on for ever, and --json is one document: leave out one of them"
        )
    places = Places(invocation.folder)
    try:
        for changed in watch_places(places, ignored=[invocation.folder / "out"]):
            _build_once(invocation, build, places.shown(changed))
            if not changed:
                invocation.say("Watching for changes; Ctrl-C ends it.")
    except KeyboardInterrupt:
        invocation.say()


def describe(published: Published, seconds: float) -> str:
    """Say in one line what a build did and how long it took."""
    return (
        f"{len(published.written)} files written, {len(published.unchanged)} unchanged, "
        f"{len(published.removed)} removed, in {seconds:.2f} s"
    )


def _build_once(
    invocation: Invocation, build: Callable[[], Published], changed: Sequence[str]
) -> None:
    """Build by the clock of this moment; what goes wrong is said and no more."""
    invocation.now = current_time()
    watch = Stopwatch()
    name = ", ".join(changed[:3]) + (" …" if changed[3:] else "")
    try:
        published = build()
    except DistributeError as error:
        complain_aside(error)
        return
    except OSError as error:  # a file went while it was read
        complain_aside(DistributeError(f"{error.filename}: {error.strerror}"))
        return
    watch.stop()
    site = invocation.folder / "out" / "site"
    invocation.say(f"{name or site}: {describe(published, watch.seconds)}")
    if changed:
        for line in _names(published):
            invocation.say(f"    {line}")


def _names(published: Published) -> Sequence[str]:
    """Name the files that are new or gone; a page has not room for a thousand."""
    names = [*published.written, *(f"{path} (removed)" for path in published.removed)]
    more = [f"… and {len(names) - _LISTED} more"] if len(names) > _LISTED else []
    return [*names[:_LISTED], *more]


class Places:
    """Where the newsletter lies: its folder, and what its settings name elsewhere."""

    def __init__(self, folder: Path) -> None:
        """Raise `ConfigError` where there is no newsletter at all."""
        self._folder = folder
        self._known = frozenset({folder})
        if not (folder / FILE_NAME).exists():
            read_settings(folder)

    def __call__(self) -> frozenset[Path]:
        """Read the settings again; while they make no sense, the places of before hold."""
        with suppress(ConfigError):
            settings = read_settings(self._folder)
            named = (self._folder, settings.posts, settings.authors)
            self._known = frozenset(filter(None, named))
        return self._known

    def shown(self, paths: Sequence[Path]) -> list[str]:
        """Write paths as seen from the newsletter's folder, if they lie in it."""
        home = self._folder.resolve()
        return [
            path.relative_to(home).as_posix()
            if path.is_relative_to(home)
            else str(path)
            for path in paths
        ]
