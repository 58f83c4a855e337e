"""What every benchmark can be told on the command line."""

import os
from pathlib import Path

import click

_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")

write_readme_option = click.option(
    "--write-readme", is_flag=True, help="Put the tables into the README."
)
folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=_CACHE / "distribute-benchmarks",
    show_default=True,
    help="Where to install and work: on a real disk, for files are synced to it.",
)
