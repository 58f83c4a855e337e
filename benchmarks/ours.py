"""The command that is measured: ``distribute``, from the checkout this file is in."""

import sys
from pathlib import Path

from benchmarks.processes import Command

ROOT = Path(__file__).resolve().parents[1]


def distribute(folder: Path, *arguments: str) -> Command:
    """Run `distribute` on a newsletter; it answers with one JSON document."""
    return Command(
        (sys.executable, "-m", "distribute", "-C", folder, "--json", *arguments),
        {"PYTHONPATH": str(ROOT)},
    )
