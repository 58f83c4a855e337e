"""Real posts that were saved in the wrong encoding, all the way to the reader."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.commands import call
from tests.mailroom import parse

DAYS = {
    "000_faf28ca036a6627d.txt": "2020-01-20",
    "002_fa0a3f6d92783e3d.txt": "2020-01-19",
    "004_fb370a5f4605524e.txt": "2020-02-23",
}
"""When each came out, for their names do not say it."""
DAMAGE = ("\ufffd", "\uf8ff", "√", "‚Ä", "Ã", "ðŸ")
"""What text looks like that was decoded wrongly, and none of these posts says."""


@pytest.fixture
def repaired(settings: str, corpus: Path, tmp_path: Path) -> Path:
    """Make a newsletter of the damaged posts, under names with a date."""
    head, _, tail = settings.partition("posts = ")
    posts = 'posts = "posts"\nsuffixes = ["txt"]\n' + tail.partition("\n")[2]
    (tmp_path / "distribute.toml").write_text(head + posts, encoding="utf-8")
    (tmp_path / "posts").mkdir()
    for name, day in DAYS.items():
        shutil.copy(corpus / "mojibake" / name, tmp_path / "posts" / f"{day}-{name}")
    (tmp_path / "people.csv").write_text(
        "email,languages\na@example.org,pt-BR!\nb@example.org,en!\nc@example.org,es!\n",
        encoding="utf-8",
    )
    call("-C", tmp_path, "audience", "import", tmp_path / "people.csv")
    return tmp_path


def test_a_repaired_post_is_read_decided_published_and_sent(
    repaired: Path, expected: Mapping[str, Mapping[str, Any]]
) -> None:
    """Title, subject and page are those of the repaired text, and `check` says so."""
    document = call("-C", repaired, "--json", "check").document
    damaged = [f for f in document["findings"] if f["rule"] == "mojibake"]
    assert {Path(f["path"]).name[11:] for f in damaged} == DAYS.keys()
    assert all(f["severity"] == "warning" for f in damaged)
    assert call("-C", repaired, "build").status == 0
    issues = call("-C", repaired, "--json", "status").document["issues"]
    titles = {e["title"] for i in issues for e in i["editions"].values()}
    assert titles == {expected[name]["title"] for name in DAYS}
    for issue, count in (("2", 2), ("5", 1)):
        # The author of one of them broke a link, which is no matter of encodings.
        words = ("-C", repaired, "--json", "send", issue, "--force", "link-broken")
        sent = call(*words).document
        assert sent["outcomes"]["accepted"] == count
    messages = [parse(path.read_bytes()) for path in repaired.rglob("*.eml")]
    assert {str(message["Subject"]) for message in messages} == titles
    for part in (part for message in messages for part in message.iter_parts()):
        assert not [bad for bad in DAMAGE if bad in part.get_content()]


def test_without_a_date_it_is_left_out_and_the_others_go_on(
    repaired: Path, corpus: Path
) -> None:
    """A named error, never today's date; `build` and `send` serve the other posts."""
    name = next(iter(DAYS))
    shutil.copy(corpus / "mojibake" / name, repaired / "posts" / name)
    answer = call("-C", repaired, "--json", "check")
    errors = [f for f in answer.document["findings"] if f["rule"] == "date-missing"]
    assert answer.status == 1
    assert [Path(f["path"]).name for f in errors] == [name]
    built = call("-C", repaired, "--json", "build")
    assert built.status == 0
    assert "`distribute check`" in built.err
    pages = [p for p in built.document["written"] if p.endswith("index.html")]
    assert len(pages) == len(DAYS) + 3 + 1
    left_out = call("-C", repaired, "--json", "status").document["left_out"]
    assert [Path(each["path"]).name for each in left_out] == [name]
