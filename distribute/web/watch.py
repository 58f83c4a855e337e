"""Notice that something changed in the folders of a newsletter; the one door to watchfiles.

Changes are handed over when the folders have been quiet for a moment, so that a file which
an editor is still writing is one change and not five.
"""

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

QUIET = 80
"""Milliseconds without another change, after which changes are handed over."""
_STEP = 20
"""Milliseconds in which changes are gathered."""
_PATIENCE = 50
"""How often more may follow before changes are handed over nevertheless."""

_NOT_OURS = frozenset({"node_modules", "__pycache__"})
_PASSING = re.compile(
    r"""~$ | ^[#.] | ^4913$ | ___jb_(tmp|old)___$   # what editors leave for a moment
      | \.(tmp|bak|sw[a-z]|part|crdownload)$
      | \.db(-wal|-shm|-journal)?$ | \.pyc$         # subscribers are no part of the site
    """,
    re.VERBOSE,
)


def watch_places(
    places: Callable[[], Collection[Path]],
    *,
    ignored: Collection[Path] = (),
    quiet: int = QUIET,
) -> Iterator[tuple[Path, ...]]:
    """Hand over what has changed at these places, again and again; paths are absolute.

    The first time there is nothing to hand over yet, but from then on nothing is missed:
    that is the moment for the first look. Places are folders, with all that is below them,
    or files. Hidden files, those that editors make for a moment, databases, and whatever
    lies below `ignored` do not count. `places` is asked again after each change; where it
    names others, or one of them comes into being, watching begins anew. Changes are handed
    over after so many milliseconds of `quiet`.

    Raises `KeyboardInterrupt` when a signal asks for the end.
    """
    out_of_sight = tuple(path.resolve() for path in ignored)
    while True:
        watched = _Places(frozenset(path.resolve() for path in places()), out_of_sight)
        for changed in watched.changes(quiet):
            yield changed
            if not watched.are(places()):
                break


def counts(path: Path, folder: Path, ignored: Collection[Path] = ()) -> bool:
    """Tell whether a change of this path below a folder may change the site.

    >>> counts(Path("news/posts/a.md"), Path("news"), [Path("news/out")])
    True
    >>> counts(Path("news/out/site/index.html"), Path("news"), [Path("news/out")])
    False
    >>> counts(Path("news/.git/index"), Path("news"))
    False
    """
    if any(path.is_relative_to(each) for each in ignored):
        return False
    parts = path.relative_to(folder).parts
    hidden = any(part[0] == "." or part in _NOT_OURS for part in parts)
    return not hidden and not _PASSING.search(path.name)


class _Places:
    """Places as they are at one time: some are watched, others can only be looked at."""

    def __init__(self, places: frozenset[Path], ignored: Collection[Path]) -> None:
        self._places, self._ignored = places, ignored
        there = {place for place in places if place.is_dir()}
        self._folders = {place for place in there if not there & {*place.parents}}
        self._apart = {place for place in places if not self._is_below(place)}

    def are(self, places: Collection[Path]) -> bool:
        """Tell whether these places are the same, and to be watched in the same way."""
        now = frozenset(path.resolve() for path in places)
        return now == self._places and not any(path.is_dir() for path in self._apart)

    def changes(self, quiet: int) -> Iterator[tuple[Path, ...]]:
        """Hand over nothing at first, then what has changed."""
        from watchfiles import watch

        is_first = True
        changed: set[Path] = set()
        batches, seen = 0, _look(self._apart)
        for found in watch(
            *self._folders,
            watch_filter=lambda _, name: self._counts(Path(name)),
            step=min(_STEP, quiet),
            rust_timeout=quiet,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            before, seen = seen, _look(self._apart)
            changed |= {path for path in seen if seen[path] != before[path]}
            changed |= {Path(name) for _, name in found}
            batches += bool(changed)
            if is_first or (changed and not found) or batches > _PATIENCE:
                yield () if is_first else tuple(sorted(changed))
                changed, batches, is_first = set(), 0, False

    def _is_below(self, place: Path) -> bool:
        return any(place.is_relative_to(folder) for folder in self._folders)

    def _counts(self, path: Path) -> bool:
        above = [folder for folder in self._folders if path.is_relative_to(folder)]
        return any(counts(path, folder, self._ignored) for folder in above)


def _look(files: Collection[Path]) -> dict[Path, tuple[int, int] | None]:
    """Take down when each file was changed and how long it is; nothing if there is none."""
    return {path: _stamp(path) for path in files}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
