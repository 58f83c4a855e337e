"""Tell what went wrong in a template: in which file, on which line, and what to do."""

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from types import TracebackType

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from distribute.errors import RenderError
from distribute.render.theme.files import ThemeFile
from distribute.render.theme.meant import did_you_mean

MEND = "Mend this template; without a copy of yours, the one we ship is used."
_SAFE = (
    "Templates show what they are given, and reach nothing else; take this out, or "
    "delete your copy to use the one we ship."
)
_EXHAUSTED: Mapping[type, str] = {
    RecursionError: "it includes or calls itself without an end, or is nested too deeply",
    MemoryError: "it needs more memory than there is",
}
_ALONE = re.compile(r"there is no '(?P<name>.*)'")
_LACKING = re.compile(r"(?P<owner>[\w ]+) has no '(?P<name>\w+)'")
"""As `distribute.render.theme.template.missing` has it."""
_MACROS = "A macro that is imported knows its own arguments alone: hand it over as one."


def located(
    error: Exception,
    name: str,
    files: Mapping[str, ThemeFile],
    given: Iterable[str] = (),
) -> RenderError:
    """Name the file and line of the template in which an error arose.

    `given` are the names that the template was given.
    """
    if isinstance(error, TemplateSyntaxError):
        path = _path_of(error, name, files)
        reason = (error.message or "cannot be read").removesuffix(".")
        return RenderError(reason, path=path, line=error.lineno, hint=MEND)
    path, line = _innermost(error.__traceback__, files[name].path, files)
    if isinstance(error, RenderError):
        of_catalogue = "" if error.path is None else f"{error.path}: "
        if error.path is not None and error.line:
            of_catalogue = f"{error.path}:{error.line}: "
        reason = f"{of_catalogue}{error.reason}"
        return RenderError(reason, path=path, line=line, hint=error.hint or MEND)
    reason, hint = _explained(error, files, given)
    if isinstance(error, UndefinedError):
        reason = _as_written(reason, path, line, files)
    return RenderError(reason, path=path, line=line, hint=hint)


def _path_of(
    error: TemplateSyntaxError, name: str, files: Mapping[str, ThemeFile]
) -> PurePath:
    """Find the file of a mistake, which may be in a template that another includes."""
    known = (file.path for file in files.values() if str(file.path) == error.filename)
    return next(known, files[error.name or name].path)


def _explained(
    error: Exception, files: Iterable[str], given: Iterable[str]
) -> tuple[str, str]:
    """Say what is wrong, and what to do about it."""
    said = str(error)
    if isinstance(error, TemplateNotFound):
        return f"there is no template {said!r}{did_you_mean(said, files)}", MEND
    if isinstance(error, SecurityError):
        return said, _SAFE
    if isinstance(error, UndefinedError) and (alone := _ALONE.fullmatch(said)):
        name, known = alone["name"], set(given)
        return f"{said}{did_you_mean(name, known)}", _MACROS if name in known else MEND
    return _EXHAUSTED.get(type(error), said or type(error).__name__), MEND


def _as_written(
    reason: str, path: PurePath, line: int, files: Mapping[str, ThemeFile]
) -> str:
    """Call what lacks something as the template calls it, if that is seen there."""
    missing = _LACKING.match(reason)
    text = next((file.text for file in files.values() if file.path == path), "")
    written = text.splitlines()[line - 1 : line]
    if missing is None or not written:
        return reason
    name = re.escape(missing["name"])
    asked = re.search(
        rf"""([a-zA-Z_][\w.]*)(?:\.{name}\b|\[["']{name}["'])""", written[0]
    )
    return f"{asked[1]}{reason[missing.end('owner') :]}" if asked else reason


def _innermost(
    traceback: TracebackType | None, path: PurePath, files: Mapping[str, ThemeFile]
) -> tuple[PurePath, int]:
    """Find the last step of a traceback that stands in one of our templates."""
    paths = {str(file.path): file.path for file in files.values()}
    line = 0
    while traceback is not None:
        place = paths.get(traceback.tb_frame.f_code.co_filename)
        if place is not None:
            path, line = place, traceback.tb_lineno
        traceback = traceback.tb_next
    return path, line
