"""From the folder of posts: status, check, build, init and demo."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run, add_undated_post


def test_status_is_a_table_of_issues_and_languages(run: Run, letter: Path) -> None:
    """One line per issue, one column per language, newest first."""
    answer = run("-C", letter, "status")
    lines = answer.out.splitlines()
    assert answer.status == 0
    assert lines[0].split()[:4] == ["issue", "date", "en", "pt-BR"]
    assert [line.split()[0] for line in lines[1:6]] == ["5", "4", "3", "2", "1"]
    assert "draft" in answer.out


def test_status_gives_every_decision_with_its_reason(run: Run, letter: Path) -> None:
    """``--json`` says why each post is what it is taken for."""
    document = run("-C", letter, "--json", "status").document
    editions = [e for i in document["issues"] for e in i["editions"].values()]
    assert len(editions) > 20
    for edition in editions:
        fields = {d["field"] for d in edition["decisions"]}
        assert {"language", "issue", "published"} <= fields
        assert all(d["reason"] for d in edition["decisions"])


@pytest.mark.parametrize(
    "reference",
    [
        "5",
        "#5",
        "latest",
        "2026-11-06-whose-stars.md",
        "posts/2026-11-06-whose-stars.md",
    ],
)
def test_an_issue_is_known_by_number_newness_or_post(
    run: Run, letter: Path, monkeypatch: pytest.MonkeyPatch, reference: str
) -> None:
    """ISSUE is a number, ``latest``, or a post's path."""
    monkeypatch.chdir(letter)
    document = run("--json", "status", reference).document
    assert [issue["id"] for issue in document["issues"]] == ["5"]


def test_an_unknown_issue_names_those_there_are(run: Run, letter: Path) -> None:
    """Exit status 2, and the numbers to choose from."""
    answer = run("-C", letter, "status", "77")
    assert answer.status == 2
    assert "1, 2, 3, 4, 5" in answer.err


def test_the_sample_has_nothing_to_complain_about(run: Run, letter: Path) -> None:
    """What we hand to newcomers has no errors and no warnings."""
    document = run("-C", letter, "--json", "check").document
    assert document["counts"]["errors"] == 0, document["findings"]
    assert document["counts"]["warnings"] == 0, document["findings"]


def test_check_names_file_and_line_and_ends_with_1(run: Run, small: Path) -> None:
    """A post that cannot be read is an error; the others go on."""
    bad = small / "posts" / "2026-11-10-broken.md"
    bad.write_text('---\ntitle: "never closed\ntags: [newssmall]\n', encoding="utf-8")
    answer = run("-C", small, "check")
    assert answer.status == 1
    assert f"{bad}:" in answer.out
    assert run("-C", small, "build").status == 0


@pytest.mark.parametrize("form", ["json", "sarif", "junit"])
def test_check_speaks_to_other_programs(run: Run, small: Path, form: str) -> None:
    """Findings come in the forms that CI systems read."""
    add_undated_post(small)
    answer = run("-C", small, "check", "--format", form)
    assert answer.status == 1
    assert "date-missing" in answer.out
    if form != "junit":
        json.loads(answer.out)


def test_a_build_is_the_same_every_time(run: Run, letter: Path) -> None:
    """A second build writes no file, and removes none."""
    first = run("-C", letter, "--json", "build").document
    second = run("-C", letter, "--json", "build").document
    assert first["written"]
    assert (second["written"], second["removed"]) == ([], [])
    site = letter / "out" / "site"
    for name in (
        "index.html",
        "feeds.opml",
        "ar/rss.xml",
        "zh/atom.xml",
        "de/feed.json",
    ):
        assert (site / name).is_file(), name


def test_the_pictures_of_the_posts_are_published(run: Run, letter: Path) -> None:
    """An image that lies in the folder lies in the site, by a name that tells its content."""
    run("-C", letter, "build")
    images = {p.name for p in (letter / "out" / "site").rglob("*.png")}
    assert {"first-light", "eclipse"} <= {name.partition(".")[0] for name in images}
    assert all(re.fullmatch(r"[\w-]+\.[0-9a-f]{10}\.png", name) for name in images)


def test_init_starts_a_newsletter_that_works(run: Run, tmp_path: Path) -> None:
    """One issue to begin from, and no finding in it."""
    folder = tmp_path / "mine"
    assert run("init", folder).status == 0
    document = run("-C", folder, "--json", "status").document
    assert len(document["issues"]) == 1
    assert run("-C", folder, "check").status == 0
    assert run("-C", folder, "build").status == 0
    published = {
        path.name.partition(".")[0]
        for path in (folder / "out" / "site" / "images").iterdir()
    }
    assert {path.stem for path in (folder / "images").iterdir()} == published


def test_init_never_writes_over_anything(run: Run, tmp_path: Path) -> None:
    """A folder that holds a file is refused."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert run("init", tmp_path).status == 2
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def test_the_demo_shows_it_all_and_may_be_run_again(run: Run, tmp_path: Path) -> None:
    """Site, feeds and messages of the sample; a second run sends nothing twice."""
    folder = tmp_path / "demo"
    first = run("demo", folder)
    assert first.status == 0
    messages = sorted((folder / "out" / "mail").rglob("*.eml"))
    assert len({m.parent.name for m in messages}) >= 5
    before = {m: m.stat().st_mtime_ns for m in messages}
    assert run("demo", folder).status == 0
    again = sorted((folder / "out" / "mail").rglob("*.eml"))
    assert {m: m.stat().st_mtime_ns for m in again} == before


def test_the_demo_is_whole_even_where_the_clock_is_slow(
    run: Run, tmp_path: Path
) -> None:
    """A machine that believes it is 2020 shows every issue all the same."""
    assert run("demo", tmp_path / "demo", now="1577836800").status == 0
    assert (tmp_path / "demo" / "out" / "site" / "en" / "whose-stars").is_dir()


def test_the_demo_keeps_off_other_peoples_folders(run: Run, tmp_path: Path) -> None:
    """A folder with something else in it is left as it is."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert run("demo", tmp_path).status == 2
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]
