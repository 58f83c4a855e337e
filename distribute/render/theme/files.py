"""What a theme is made of, as it lies on the disk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from distribute.errors import RenderError

CATALOGUES = "catalogues/"
PRESETS = "presets/"
NOT_A_THEME = frozenset({"newsletter", "preview"})
"""What lies beside the templates but is none, and nobody's readers see: the sample
newsletter, and the pages of the preview.
"""
_SUFFIXES = frozenset({".css", ".html", ".toml", ".txt"})


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """One file of a theme; `path` is where it lies, as errors shall print it."""

    path: PurePath
    text: str


def read_theme_files(*folders: Path) -> Mapping[str, ThemeFile]:
    """Read what a theme is made of, without looking into it; as `read_theme`."""
    files: dict[str, ThemeFile] = {}
    for folder in (templates_folder(), *folders):
        files |= _read_folder(folder)
    return files


def read_presets(own: Path) -> Mapping[str, ThemeFile]:
    """Read the presets alone, those that we ship and those of a folder of templates."""
    files: dict[str, ThemeFile] = {}
    for folder in (templates_folder(), own):
        if _has_presets(folder):
            found = _read_folder(folder / PRESETS)
            files |= {f"{PRESETS}{name}": file for name, file in found.items()}
    return files


def _has_presets(folder: Path) -> bool:
    try:
        return (folder / PRESETS).is_dir()
    except OSError as error:
        raise _closed(folder, error) from error


def templates_folder() -> Path:
    """Find the shipped templates: in a wheel inside the package, else beside it."""
    package = Path(__file__).parents[2]
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / CATALOGUES).is_dir():
            return folder
    raise RenderError(
        "the templates that belong to this program are missing",
        hint="Install the package again.",
    )


def _read_folder(folder: Path) -> Mapping[str, ThemeFile]:
    if not folder.is_dir():
        raise RenderError(
            "no such folder of templates",
            path=folder,
            hint="Make it a folder, or remove it to use the templates we ship.",
        )
    files: dict[str, ThemeFile] = {}
    for path in _below(folder):
        name = path.relative_to(folder)
        if name.parts[0] not in NOT_A_THEME and name.suffix in _SUFFIXES:
            files[name.as_posix()] = ThemeFile(path, _read(path))
    return files


def _below(folder: Path) -> Iterator[Path]:
    """Yield what lies in a folder and its folders; one with a file's suffix is a file."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise _closed(folder, error) from error
    for entry in entries:
        if entry.is_dir() and entry.suffix not in _SUFFIXES:
            yield from _below(entry)
        else:
            yield entry


def _closed(folder: Path, error: OSError) -> RenderError:
    return RenderError(
        f"the folder of templates cannot be read: {error.strerror}",
        path=folder,
        hint="See that you may read it.",
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RenderError(
            f"cannot be read: {error.strerror}",
            path=path,
            hint="See that it is a file and that you may read it.",
        ) from error
    except UnicodeDecodeError as error:
        raise RenderError(
            f"cannot be read: not UTF-8: {error}",
            path=path,
            hint="Save the file as UTF-8.",
        ) from error
