"""What was shown last is kept, so that the next preview can tell what is new."""

from pathlib import Path

from distribute.web.preview.changes import Shown
from distribute.web.preview.memory import Past, recall_past, remember_past

FIRST = Shown(subject="a", preheader="b", size=1, lines=("c", "ď 星"))
SECOND = Shown(subject="a", preheader="b", size=2, lines=("c", "e"))


def test_what_is_remembered_can_be_recalled(tmp_path: Path) -> None:
    """Letter for letter, in a folder that need not exist yet."""
    past = {"en": Past(last=FIRST, at="then"), "zh": Past(last=SECOND, at="now")}
    past["zh"] = past["zh"].followed_by(FIRST, "later")
    remember_past(tmp_path / "new" / "issue.json", past)
    assert recall_past(tmp_path / "new" / "issue.json") == past


def test_who_is_not_shown_is_not_forgotten(tmp_path: Path) -> None:
    """An edition may be missing for a while, as long as its post is broken."""
    path = tmp_path / "issue.json"
    remember_past(path, {"zh": Past(last=FIRST, at="then")})
    remember_past(path, {"en": Past(last=SECOND, at="now")})
    assert set(recall_past(path)) == {"zh", "en"}


def test_without_a_memory_there_is_no_past(tmp_path: Path) -> None:
    """A file that is missing or garbled is as good as none."""
    path = tmp_path / "issue.json"
    assert recall_past(path) == {}
    path.write_bytes(b"garbled")
    assert recall_past(path) == {}


def test_who_looks_twice_still_sees_what_was_new() -> None:
    """Only what differs takes the place of what was shown last."""
    past = Past(last=FIRST, at="one")
    assert past.change is None
    changed = past.followed_by(SECOND, "two")
    assert changed.change is not None
    assert changed.before_at == "one"
    assert changed.followed_by(SECOND, "three") == changed
