"""What workers have in hand is not copied meanwhile."""

from pathlib import Path

import pytest

from tests.cli.fleet.conftest import Fleet


@pytest.mark.sqlite_only("copies into a file")
def test_nothing_is_copied_that_workers_send(handed: Fleet, tmp_path: Path) -> None:
    """It is said how to take it back from them; then it can be."""
    copy = ("store", "copy", "--to", f"sqlite:///{tmp_path}/new.db", "--yes")
    answer = handed.act(*copy)
    assert answer.status == 3
    assert "in the hands of workers" in answer.err
    assert "cancel" in answer.err
    assert handed.act("cancel", "4", "--yes").status == 0
    answer = handed.act(*copy)
    assert answer.status == 0, answer.err
    assert "Not copied: 1 row of batch; only workers need them." in answer.out
