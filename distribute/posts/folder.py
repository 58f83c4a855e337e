"""Which files of a folder are posts, and why the others are not."""

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from distribute.errors import SourceError
from distribute.finding import Finding, Severity
from distribute.posts.filename import suffix_of


@dataclass(frozen=True, slots=True)
class Listing:
    """The posts of a folder: where they lie, and how findings shall print that."""

    files: tuple[tuple[Path, PurePath], ...]
    findings: tuple[Finding, ...]


def list_posts(folder: Path, *, shown: PurePath, suffixes: Collection[str]) -> Listing:
    """Find the posts in a folder and below, in the order of their paths.

    Jekyll's rules: names that begin with ``.``, ``_`` or ``#``, or end in ``~``, are not
    posts, save for the folder ``_posts``. Links that lead out of the folder, and links to
    folders, are not followed. Names are never matched as shell patterns.

    Raises `SourceError` if the folder itself cannot be read.
    """
    root = _real_folder(folder, shown)
    files: list[tuple[Path, PurePath]] = []
    findings: list[Finding] = []
    for entry, place in _walk(root, shown):
        path = Path(entry.path)
        if _is_plainly_post(entry, suffixes):
            files.append((path, place))
            continue
        problem = _problem_with(path, root, suffixes)
        if problem is not None:
            findings.append(_finding(problem, place))
        elif _is_named_like_post(path.name, suffixes) and not _is_folder(path):
            files.append((path, place))
    return Listing(tuple(files), tuple(findings))


@dataclass(frozen=True, slots=True)
class _Problem:
    rule: str
    severity: Severity
    message: str
    hint: str = ""


_PERMIT = "See that you may read it, or move it away."
_LINKED_FOLDER = _Problem(
    "post-passed-over",
    Severity.WARNING,
    "not read: links to folders are not followed",
    "Move the folder here if its posts should be read.",
)


def _real_folder(folder: Path, shown: PurePath) -> Path:
    try:
        root = folder.resolve(strict=True)
        next(root.iterdir(), None)
    except (OSError, RuntimeError) as error:
        raise SourceError(
            f"the folder of posts cannot be read: {_words(error)}",
            path=shown,
            hint="Set newsletter.posts in distribute.toml to the folder of the posts.",
        ) from error
    return root


def _walk(root: Path, shown: PurePath) -> Iterator[tuple[os.DirEntry[str], PurePath]]:
    """Yield everything below a folder, save what lies in folders passed over or linked.

    In the order of their paths, each with the path that is shown.
    """
    pending = _entries(str(root), shown)
    while pending:
        entry, place = pending.pop()
        yield entry, place
        if _leads_on(entry):
            pending += _entries(entry.path, place)


def _entries(folder: str, shown: PurePath) -> list[tuple[os.DirEntry[str], PurePath]]:
    """List a folder, last name first; one that cannot be read is empty.

    `_problem_with_folder` says so then.
    """
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name, reverse=True)
    except OSError:
        return []
    return [(entry, shown / _printable(entry.name)) for entry in listed]


def _leads_on(entry: os.DirEntry[str]) -> bool:
    try:
        is_folder = entry.is_dir(follow_symlinks=False)
    except OSError:
        return False
    return is_folder and not _is_passed_over(entry.name)


def _is_plainly_post(entry: os.DirEntry[str], suffixes: Collection[str]) -> bool:
    """Tell the common case from all that needs a closer look."""
    return (
        _is_named_like_post(entry.name, suffixes)
        and not _is_passed_over(entry.name)
        and _is_regular(entry)
        and _is_utf8(entry.path)
    )


def _problem_with(path: Path, root: Path, suffixes: Collection[str]) -> _Problem | None:
    is_folder = _is_folder(path)
    if not is_folder and _is_folder(path, follow_links=True):
        return _LINKED_FOLDER
    if not is_folder and not _is_named_like_post(path.name, suffixes):
        return None
    if _is_passed_over(path.name):
        return _passed_over(path, is_folder=is_folder)
    if is_folder:
        return _problem_with_folder(path, suffixes)
    return _problem_with_file(path, root)


def _passed_over(path: Path, *, is_folder: bool) -> _Problem | None:
    if is_folder and path.name.startswith("."):
        return None  # .git and the like: nobody expects posts there
    return _Problem(
        "post-passed-over",
        Severity.NOTE,
        f"not read: the name of the {'folder' if is_folder else 'file'} says "
        "that it is hidden, a draft or a backup",
        "Rename it if it should be read.",
    )


def _problem_with_folder(path: Path, suffixes: Collection[str]) -> _Problem | None:
    if not os.access(path, os.R_OK | os.X_OK):
        return _Problem(
            "post-unreadable", Severity.ERROR, "the folder cannot be read", _PERMIT
        )
    if _is_named_like_post(path.name, suffixes):
        return _Problem(
            "post-is-folder",
            Severity.WARNING,
            "a folder with the name of a post; the posts in it are read",
            "Rename the folder, or move its text into a file of this name.",
        )
    return None


def _problem_with_file(path: Path, root: Path) -> _Problem | None:
    try:
        target = path.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError) as error:
        reason = f"the link leads nowhere: {_words(error)}"
        return _Problem("post-unreadable", Severity.ERROR, reason, "Remove the link.")
    if not target.is_relative_to(root):
        return _Problem(
            "post-outside",
            Severity.ERROR,
            "not read: the link leads out of the folder of posts",
            "Copy the file into the folder.",
        )
    if not stat.S_ISREG(mode):
        return _Problem(
            "post-unreadable", Severity.ERROR, "not a regular file", "Move it away."
        )
    if not _is_utf8(str(path)):
        return _Problem(
            "post-unreadable",
            Severity.ERROR,
            "the name of the file is not UTF-8",
            "Rename the file.",
        )
    return None


def _is_named_like_post(name: str, suffixes: Collection[str]) -> bool:
    return suffix_of(name.rstrip("~#")) in suffixes


def _is_folder(path: Path, *, follow_links: bool = False) -> bool:
    try:
        return stat.S_ISDIR(path.stat(follow_symlinks=follow_links).st_mode)
    except OSError:
        return False


def _is_regular(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file(follow_symlinks=False)
    except OSError:
        return False


def _is_passed_over(name: str) -> bool:
    return name != "_posts" and (name.startswith((".", "_", "#")) or name.endswith("~"))


def _finding(problem: _Problem, place: PurePath) -> Finding:
    return Finding(
        rule=problem.rule,
        severity=problem.severity,
        path=place,
        message=problem.message,
        hint=problem.hint,
    )


def _is_utf8(path: str) -> bool:
    return _printable(path) == path


def _printable(path: str) -> str:
    if path.isascii():
        return path
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
