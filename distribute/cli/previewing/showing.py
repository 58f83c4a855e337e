"""``preview --serve``: show an issue in the browser, and anew whenever something is saved."""

import webbrowser
from collections.abc import Sequence
from pathlib import Path

from distribute.cli.invocation import Invocation, complain_aside, current_time
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.previewing.gallery import house_of
from distribute.cli.previewing.retained import Retained
from distribute.cli.previewing.watching import Places
from distribute.cli.process.clock import Stopwatch
from distribute.cli.terminal.report import list_out
from distribute.errors import DistributeError, RenderError, SourceError
from distribute.finding import Finding
from distribute.web.live.failure import Failure, failure_page
from distribute.web.live.server import serving
from distribute.web.live.showing import Showing
from distribute.web.preview.gallery import write_gallery
from distribute.web.watch import watch_places

_QUIET = 15
"""Milliseconds without another change: who looks on wants to see it at once, and what an
editor had not yet written to its end is shown right in the next moment."""


def keep_showing(
    invocation: Invocation, issue: str, *, port: int | None, opens: bool
) -> None:
    """Serve the preview until a signal ends it.

    What cannot be shown is said in the browser and on the terminal, and the next change is
    waited for. Raises `DistributeError` if there is no newsletter, or the port is taken.
    """
    places = Places(invocation.folder)
    out = invocation.folder / "out"
    studio = _Studio(invocation, issue)
    folder = out / "preview"
    try:
        with serving(folder, studio.showing, port) as address:
            for changed in watch_places(places, ignored=[out], quiet=_QUIET):
                studio.make(changed, places.shown(changed))
                if not changed:
                    invocation.say(f"{address}  Ctrl-C ends it.")
                    if opens:
                        webbrowser.open(address)
                    opens = False
    except KeyboardInterrupt:
        invocation.say()


class _Studio:
    """Makes one preview after the other, and says how it went."""

    def __init__(self, invocation: Invocation, issue: str) -> None:
        self.showing = Showing()
        self._invocation, self._issue = invocation, issue
        self._retained = Retained()
        self._shown: frozenset[Path] = frozenset()
        """The posts of the issue that was shown last."""

    def make(self, changed: Sequence[Path], names: Sequence[str]) -> None:
        """Make the preview as the folder is now; what is wrong becomes a page."""
        self._invocation.now = current_time()
        watch = Stopwatch()
        try:
            failures = self._make(frozenset(changed))
        except DistributeError as error:
            complain_aside(error)
            failures = [_failure_of(error, self._invocation.folder)]
        except OSError as error:  # a file went while it was read
            reason = f"{error.filename}: {error.strerror}"
            complain_aside(DistributeError(reason))
            failures = [Failure(reason=reason)]
        version = self.showing.version + 1
        self.showing.show(failure_page(failures, version) if failures else "")
        watch.stop()
        if changed and not failures:
            name = ", ".join(names[:3]) + (" …" if names[3:] else "")
            self._invocation.say(f"{name}: shown anew in {watch.seconds:.2f} s")

    def _make(self, changed: frozenset[Path]) -> list[Failure]:
        """Write the gallery; gives why a post that somebody looks at is not in it."""
        newsletter = Newsletter(self._invocation.folder)
        of_interest = self._shown | changed
        obstacles = [
            finding
            for finding in newsletter.obstacles
            if Path(finding.path).resolve() in of_interest
        ]
        if obstacles:
            list_out(obstacles)
            return [_failure_of_finding(finding) for finding in obstacles]
        self._retained.take_up(newsletter)
        issue = newsletter.issue(self._issue)
        house = house_of(newsletter, self._invocation)
        write_gallery([self._retained.room(newsletter, issue, house)], house)
        newsletter.assets.keep()
        newsletter.known_posts.keep()
        posts = (edition.post.path for edition in issue.editions.values())
        self._shown = frozenset(Path(path).resolve() for path in posts)
        return []


def _failure_of(error: DistributeError, folder: Path) -> Failure:
    """Say what is wrong, with the place in the file where it has one."""
    place: tuple[Path | None, int] = (None, 0)
    if isinstance(error, SourceError | RenderError) and error.path is not None:
        path = Path(error.path)
        place = (path if path.exists() else folder / path, error.line)
    return Failure(reason=error.reason, hint=error.hint, path=place[0], line=place[1])


def _failure_of_finding(finding: Finding) -> Failure:
    return Failure(
        reason=finding.message,
        hint=finding.hint,
        path=Path(finding.path),
        line=finding.line,
    )
