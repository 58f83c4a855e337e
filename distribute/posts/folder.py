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
    for path in sorted(_walk(root)):
        place = shown / _printable(path.relative_to(root))
        if _is_plainly_post(path, suffixes):
            files.append((path, place))
            continue
        problem = _problem_with(path, root, suffixes)
        if problem is not None:
            findings.append(_finding(problem, place))
        elif _is_named_like_post(path, suffixes) and not _is_folder(path):
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


def _walk(root: Path) -> Iterator[Path]:
    """Yield everything below a folder, save what lies in folders passed over or linked."""
    pending = [root]
    while pending:
        try:
            entries = list(pending.pop().iterdir())
        except OSError:
            continue  # `_problem_with_folder` has said so
        yield from entries
        pending += [e for e in entries if _is_folder(e) and not _is_passed_over(e)]


def _is_plainly_post(path: Path, suffixes: Collection[str]) -> bool:
    """Tell the common case from all that needs a closer look."""
    return (
        _is_named_like_post(path, suffixes)
        and not _is_passed_over(path)
        and _is_regular(path)
        and str(_printable(path)) == str(path)
    )


def _problem_with(path: Path, root: Path, suffixes: Collection[str]) -> _Problem | None:
    is_folder = _is_folder(path)
    if not is_folder and _is_folder(path, follow_links=True):
        return _LINKED_FOLDER
    if not is_folder and not _is_named_like_post(path, suffixes):
        return None
    if _is_passed_over(path):
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
    if _is_named_like_post(path, suffixes):
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
    if str(_printable(path)) != str(path):
        return _Problem(
            "post-unreadable",
            Severity.ERROR,
            "the name of the file is not UTF-8",
            "Rename the file.",
        )
    return None


def _is_named_like_post(path: Path, suffixes: Collection[str]) -> bool:
    return suffix_of(path.name.rstrip("~#")) in suffixes


def _is_folder(path: Path, *, follow_links: bool = False) -> bool:
    try:
        return stat.S_ISDIR(path.stat(follow_symlinks=follow_links).st_mode)
    except OSError:
        return False


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _is_passed_over(path: Path) -> bool:
    name = path.name
    return name != "_posts" and (name.startswith((".", "_", "#")) or name.endswith("~"))


def _finding(problem: _Problem, place: PurePath) -> Finding:
    return Finding(
        rule=problem.rule,
        severity=problem.severity,
        path=place,
        message=problem.message,
        hint=problem.hint,
    )


def _printable(path: PurePath) -> PurePath:
    return PurePath(os.fsencode(path).decode("utf-8", "backslashreplace"))


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
