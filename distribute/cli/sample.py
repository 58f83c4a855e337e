"""The sample newsletter that comes with the program."""

import shutil
from pathlib import Path

from distribute.render.theme import templates_folder


def sample_folder() -> Path:
    """Find the sample newsletter."""
    return templates_folder() / "newsletter"


def copy_sample(folder: Path) -> None:
    """Write the sample newsletter into a folder, over an earlier copy of it."""
    shutil.copytree(sample_folder(), folder, dirs_exist_ok=True)


def is_sample(folder: Path) -> bool:
    """Tell whether a folder holds the sample and nobody's own newsletter."""
    ours, theirs = (f / "distribute.toml" for f in (sample_folder(), folder))
    return theirs.is_file() and theirs.read_bytes() == ours.read_bytes()
