"""The sample newsletter that comes with the program."""

import shutil
from pathlib import Path

from distribute.errors import ConfigError
from distribute.render.theme.files import templates_folder

_MADE = shutil.ignore_patterns("out", "distribute.db*")
"""What a run on the sample itself would have left there."""


def sample_folder() -> Path:
    """Find the sample newsletter."""
    return templates_folder() / "newsletter"


def copy_sample(folder: Path) -> None:
    """Write the sample newsletter into a folder, over an earlier copy of it."""
    try:
        shutil.copytree(sample_folder(), folder, ignore=_MADE, dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        raise ConfigError(
            (f"the sample newsletter cannot be written to {folder}: {_why(error)}",),
            hint="Name a folder in which you may write.",
        ) from error


def _why(error: OSError | shutil.Error) -> str:
    """Give the first of the reasons that copying a tree collects."""
    if isinstance(error, shutil.Error):
        return str(error.args[0][0][2])
    return error.strerror or str(error)


def is_sample(folder: Path) -> bool:
    """Tell whether a folder holds the sample and nobody's own newsletter."""
    ours, theirs = (f / "distribute.toml" for f in (sample_folder(), folder))
    return theirs.is_file() and theirs.read_bytes() == ours.read_bytes()
