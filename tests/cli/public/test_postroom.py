"""The post room: a thread that sends letters, but none against the list of suppressions."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.reception.application import Application
from distribute.audience.reception.token import Signer
from distribute.cli.newsletter.front import Front
from distribute.cli.public import postroom as module
from distribute.cli.public.postroom import PostRoom
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.web.public.registry import Books
from tests.cli.serving import write_newsletter

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SIGNER = Signer(bytes(range(32)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a newsletter that somebody wants to join."""
    folder = write_newsletter(tmp_path / "news")
    path = folder / "distribute.db"
    with closing(open_database(path)) as connection:
        books = Books.over(path, connection, SIGNER)
        application = Application(
            mailbox=Mailbox("grace@example.org"), at=NOW, source="form"
        )
        books.reception.ask(application, language=Language("en"), now=NOW)
    return folder


def _mails(folder: Path) -> list[Path]:
    return list((folder / "out").rglob("*.eml"))


def _until(is_so: Callable[[], bool]) -> None:
    """Wait until something has become true."""
    end = monotonic() + 60
    while not is_so() and monotonic() < end:
        sleep(0.01)


def test_no_letter_leaves_while_the_list_cannot_be_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it looks; once the file is mended, the letter leaves."""
    monkeypatch.setattr(module, "_LOOK", 0.01)
    listed, lines = folder / "suppressions.txt", list[str]()
    listed.write_text("<<<<<<< ours\n", "utf-8")
    room = PostRoom(
        Front(folder), SIGNER, sink="file", clock=lambda: NOW, log=lines.append
    )
    room.open()
    try:
        _until(lambda: len(lines) >= 3)
        assert "no list of suppressions" in lines[-1]
        assert _mails(folder) == []
        listed.unlink()
        _until(lambda: bool(_mails(folder)))
    finally:
        room.close()
    assert len(_mails(folder)) == 1
