"""What was rendered is kept in ``out/cache``: it saves time, and changes nothing else."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def _entries(letter: Path) -> dict[str, int]:
    """Give the kept renderings, and what tells whether they were written again."""
    folder = letter / "out" / "cache" / "contents"
    return {each.name: each.stat().st_ino for each in folder.iterdir()}


@pytest.fixture
def odd(letter: Path) -> Path:
    """Give three posts of the sample newsletter with mistakes in one of them."""
    for other in (letter / "posts").iterdir():
        if not other.name.startswith(("2026-10-09", "2026-11-06-whose-stars.md")):
            other.unlink()
    post = letter / "posts" / "2026-11-06-whose-stars.md"
    text = post.read_text() + "\n[a](ttps://a.example)\n\n\n[b](nowhere.md) {{ c }}\n"
    post.write_text(text)
    return letter


def test_findings_are_the_same_with_and_without(run: Run, odd: Path) -> None:
    """In text and in JSON, with file and line."""
    calls = [("check",), ("--json", "check"), ("check", "--format", "sarif")]
    answers = []
    for call in calls:
        shutil.rmtree(odd / "out" / "cache", ignore_errors=True)
        answers.append(run("-C", odd, *call))
        assert _entries(odd)
        assert run("-C", odd, *call) == answers[-1]
    assert "whose-stars.md:" in answers[0].out
    assert "ttps://a.example" in answers[0].out


def test_the_site_is_the_same_with_and_without(run: Run, letter: Path) -> None:
    """Every byte of it."""
    run("-C", letter, "check")
    assert run("-C", letter, "build").status == 0
    site = letter / "out" / "site"
    with_cache = {p: p.read_bytes() for p in site.rglob("*") if p.is_file()}
    shutil.rmtree(letter / "out")
    assert run("-C", letter, "build").status == 0
    assert {p: p.read_bytes() for p in site.rglob("*") if p.is_file()} == with_cache


def test_one_changed_post_is_rendered_and_no_other(run: Run, letter: Path) -> None:
    """The rest is taken from the folder as it lies there."""
    run("-C", letter, "build")
    before = _entries(letter)
    post = letter / "posts" / "2026-11-06-whose-stars.md"
    post.write_text(post.read_text() + "\nOne more line.\n")
    run("-C", letter, "build")
    after = _entries(letter)
    assert len(after.keys() - before.keys()) == 1
    assert before.items() <= after.items()


def test_other_commands_use_what_a_build_rendered(run: Run, letter: Path) -> None:
    """However the folder is named, and nothing is rendered for them again."""
    run("-C", letter, "build")
    before = _entries(letter)
    assert run("-C", letter / "posts" / "..", "check").status == 0
    assert _entries(letter) == before


def test_a_folder_that_cannot_be_written_costs_time_alone(
    run: Run, letter: Path
) -> None:
    """One line says so, on stderr; every file is there, and the status is 0."""
    (letter / "out").mkdir()
    (letter / "out" / "cache").write_text("in the way")
    answer = run("-C", letter, "--json", "build")
    assert answer.status == 0
    assert len(answer.document["written"]) > 40
    (line,) = answer.err.splitlines()
    assert "longer" in line
    assert "out/cache" in line
