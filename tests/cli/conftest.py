"""The command line run in this process, on the sample newsletter."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from distribute.cli.sample import sample_folder
from tests.commands import NOW, Answer, call

__all__ = ["NOW", "Answer", "Run", "add_undated_post"]

Run = Callable[..., Answer]


@pytest.fixture
def run() -> Run:
    """Give a function that runs ``distribute`` with a fixed clock."""
    return call


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


def add_undated_post(letter: Path) -> None:
    """Write a post that is left out, with an error: nothing says when it is of."""
    (letter / "posts" / "undated.md").write_text(
        "---\ntitle: x\ntags: [newsletter]\n---\nText\n", encoding="utf-8"
    )
