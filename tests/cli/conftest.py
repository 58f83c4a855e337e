"""The command line run in this process, on the sample newsletter."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from distribute.cli import group
from distribute.cli.sample import sample_folder

NOW = "1794000000"  # 2026-11-06T21:20:00Z, the evening of the latest issue


@dataclass(frozen=True)
class Answer:
    """What a call printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout; fails if there is anything else."""
        return json.loads(self.out)


Run = Callable[..., Answer]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a function that runs ``distribute`` with a fixed clock."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", NOW)

    def run(*arguments: str | Path) -> Answer:
        result = CliRunner().invoke(group, [str(a) for a in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """Give a copy of the sample newsletter, without any subscriber yet."""
    folder = tmp_path / "letter"
    shutil.copytree(sample_folder(), folder)
    return folder


@pytest.fixture
def people(letter: Path, run: Run) -> Path:
    """Give a copy of the sample newsletter with its subscribers imported."""
    answer = run("-C", letter, "audience", "import", letter / "subscribers.csv")
    assert answer.status == 0, answer.out
    return letter
