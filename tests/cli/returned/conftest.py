"""A newsletter whose issue has been sent, and a folder for what comes back."""

import shutil
from pathlib import Path

import pytest

from tests.cli.returned.mails import Mails


@pytest.fixture
def letters(sent_once: Path, tmp_path: Path) -> Path:
    """Give a newsletter of one's own whose issue has been sent."""
    folder = tmp_path / "letter"
    shutil.copytree(sent_once, folder, ignore=shutil.ignore_patterns("out"))
    return folder


@pytest.fixture
def mails(letters: Path, tmp_path: Path) -> Mails:
    """Give a folder for what comes back."""
    return Mails(tmp_path / "inbox", letters / "distribute.db")
