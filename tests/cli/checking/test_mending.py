"""``distribute check --fix``: shown first, asked for, written whole."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.slips import BROKEN, POST, add

MENDED = BROKEN.replace("](www.", "](https://www.")


@pytest.fixture
def broken(small: Path) -> Path:
    """Give a newsletter of one issue with a link that has no scheme."""
    add(small, BROKEN)
    return small


def test_the_change_is_shown_and_written_and_the_rest_is_listed(
    run: Run, broken: Path
) -> None:
    """As a unified diff; then the check goes on with what is left."""
    path = add(broken, "An empty [link]() stands here.")
    path.chmod(0o640)
    before = path.read_bytes()
    answer = run("-C", broken, "check", "--fix", "--yes")
    assert f"-{BROKEN}\n+{MENDED}\n" in answer.out
    assert "[link-scheme]" not in answer.out
    assert "[link-empty]" in answer.out
    assert "mended: 1 finding in 1 file" in answer.out
    assert answer.status == 1
    assert path.read_bytes() == before.replace(BROKEN.encode(), MENDED.encode())
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p for p in path.parent.iterdir() if p.name.startswith(".")] == []


def test_where_nobody_can_be_asked_nothing_is_written(run: Run, broken: Path) -> None:
    """The diff is there to be looked at; ``--yes`` writes it."""
    before = (broken / "posts" / POST).read_bytes()
    answer = run("-C", broken, "check", "--fix")
    assert answer.status == 2
    assert f"+{MENDED}" in answer.out
    assert "--yes" in answer.err
    assert (broken / "posts" / POST).read_bytes() == before


def test_programs_learn_what_was_mended(run: Run, broken: Path) -> None:
    """In the one JSON document, beside what is left."""
    document = run("-C", broken, "--json", "check", "--fix", "--yes").document
    (mended,) = document["mended"]
    assert mended["rule"] == "link-scheme"
    assert mended["path"].endswith(POST)
    assert document["counts"]["errors"] == 0


def test_what_is_switched_off_is_not_mended(run: Run, small: Path) -> None:
    """Somebody has said why it shall stay."""
    path = add(small, BROKEN, head='check: {off: {link-scheme: "as it was said"}}\n')
    before = path.read_bytes()
    assert run("-C", small, "check", "--fix", "--yes").status == 0
    assert path.read_bytes() == before


def test_mojibake_is_saved_as_readers_see_it(run: Run, small: Path) -> None:
    """Other tools can read the file then."""
    (path,) = (small / "posts").glob("*_de.md")
    right = path.read_text("utf-8")
    path.write_text(right.encode().decode("latin-1"), encoding="utf-8")
    rule = ("--rule", "mojibake")
    assert "[mojibake]" in run("-C", small, "check", *rule).out
    answer = run("-C", small, "check", "--fix", "--yes", *rule)
    assert answer.status == 0
    assert path.read_text("utf-8") == right
    assert "[mojibake]" not in run("-C", small, "check", *rule).out


def test_where_nothing_can_be_mended_nothing_is_asked(run: Run, small: Path) -> None:
    """The check is as it is without the option."""
    assert run("-C", small, "check", "--fix") == run("-C", small, "check")


def test_a_report_for_programs_has_no_room_for_a_diff(run: Run, broken: Path) -> None:
    """Exit status 2; ``--json`` lists what was mended."""
    answer = run("-C", broken, "check", "--fix", "--yes", "--format", "sarif")
    assert (answer.status, answer.out) == (2, "")
