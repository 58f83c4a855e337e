"""While the newsletter moves to another database, nobody's word is lost with the old one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from distribute.audience.moving.copy import copy_store
from distribute.audience.reception.token import Purpose
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from tests.web.public.visiting import ADA, Town, token

pytestmark = pytest.mark.sqlite_only("copies into a file")

LEAVE = "/u/" + token(ADA, Purpose.UNSUBSCRIBE)
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def move(town: Town, target: Path) -> None:
    """Move everything elsewhere, while the public side is open."""
    with Store.open(town.database) as store:
        copy_store(store, target, now=NOW, refuse=lambda: None, tell=print)


def test_who_comes_too_late_is_asked_to_come_again(here: Town, tmp_path: Path) -> None:
    """By a page, or a provider by the answer that has it try again; both are short."""
    move(here, tmp_path / "new.db")
    for body in (b"List-Unsubscribe=One-Click", b""):
        answer = here.client.post(LEAVE, content=body)
        assert answer.status_code == 503
        assert "retry-after" in answer.headers
    assert here.client.get(LEAVE).status_code == 200
    with Store.open(tmp_path / "new.db") as store:
        somebody = store.get(ADA)
        assert somebody is not None
        assert somebody.status is Status.CONFIRMED
    assert any(line.startswith("busy: MovedError") for line in here.lines)
