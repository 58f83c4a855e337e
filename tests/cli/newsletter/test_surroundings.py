"""Wherever it runs: other locales, pipes, folders, and things that are not as they should."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run, add_undated_post
from tests.commands import Answer, finish, start, start_all
from tests.crowd import crowd, write_list
from tests.judges import run_on_terminal

KEY = "a key for tests that is no secret"


def test_the_same_bytes_from_everywhere(letter: Path, tmp_path: Path) -> None:
    """Time zone, locale, hash seed, folder and working directory leave no trace."""
    settings = (letter / "distribute.toml").read_text("utf-8")
    settings += '\n[public]\nkey_env = "LETTER_KEY"\n'
    (letter / "distribute.toml").write_text(settings, encoding="utf-8")
    other = tmp_path / "une autre 文件夹" / "mit Umläuten"
    shutil.copytree(letter, other)
    shutil.copy(letter / "subscribers.csv", tmp_path)
    here = {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LETTER_KEY": KEY}
    there = {"TZ": "America/St_Johns", "LC_ALL": "C", "LETTER_KEY": KEY}
    commands = [["audience", "import", "subscribers.csv"], ["build"], ["send", "1"]]
    afar = [["-C", "letter", *command] for command in commands]
    running = (
        start_all(afar, cwd=tmp_path, env=here),
        start_all(commands, cwd=other, env=there),
    )
    for answer in [finish(each) for each in running]:
        assert answer.status == 0, answer.err
        assert "rendering" not in answer.out + answer.err, "the bar is for terminals"
    ours, theirs = (everything_in(folder / "out") for folder in (letter, other))
    assert len([name for name in ours if name.endswith(".eml")]) == 21
    assert len([name for name in ours if name.endswith("index.html")]) > 20
    assert ours == theirs


def everything_in(folder: Path) -> dict[str, bytes]:
    """Read all files of the site and the mail; the site's own notes lie beside it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for kind in ("site", "mail")
        for path in (folder / kind).rglob("*")
        if path.is_file()
    }


def test_a_relative_folder_is_the_same_folder(
    run: Run, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``-C`` may be relative, absolute, or left out inside the folder."""
    answers = [run("-C", letter, "--json", "status").document]
    monkeypatch.chdir(letter.parent)
    answers.append(run("-C", letter.name, "--json", "status").document)
    monkeypatch.chdir(letter / "posts")
    answers.append(run("-C", "..", "--json", "status").document)
    monkeypatch.chdir(letter)
    answers.append(run("--json", "status").document)
    titles = [
        [e["title"] for i in a["issues"] for e in i["editions"].values()]
        for a in answers
    ]
    assert titles[0]
    assert all(each == titles[0] for each in titles)


def test_names_in_every_script_print_everywhere(small: Path) -> None:
    """UTF-8 comes out, also under ``LC_ALL=C``, also without a terminal."""
    answer = finish(start("-C", small, "audience", "list", env={"LC_ALL": "C"}))
    assert answer.status == 0
    assert answer.err == ""
    for name in ("سلمى الإدريسي", "陈星", "Δημήτρης Καλός", "प्रिया नायर"):
        assert name in answer.out


def test_who_stops_reading_sees_no_traceback(run: Run, small: Path) -> None:
    """``| head`` takes its lines and goes; nothing is said about it."""
    write_list(crowd(1500, ["en"]), small / "people.csv")
    run("-C", small, "audience", "import", small / "people.csv")
    for command in ("audience export", "audience list", "--json audience list"):
        with start("-C", small, *command.split()) as process:
            assert process.stdout
            assert process.stderr
            assert process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == ""
            assert process.wait(60) in {0, 1}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_behind_stdout_is_said(small: Path) -> None:
    """An answer that cannot be written is an error, in one line."""
    command = [sys.executable, "-m", "distribute", "-C", str(small), "status"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(  # noqa: S603 - our own arguments
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode != 0
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_colours_are_for_terminals(small: Path) -> None:
    """A file or a pipe gets text, without codes."""
    add_undated_post(small)
    answer = finish(start("-C", small, "check", env={"TERM": "xterm-256color"}))
    assert answer.status == 1
    assert "error" in answer.out
    assert "\x1b" not in answer.out + answer.err


def test_who_watches_a_terminal_sees_a_bar(small: Path) -> None:
    """Whatever takes a while shows how far it is."""
    command = [sys.executable, "-m", "distribute", "-C", str(small), "build"]
    assert "rendering" in run_on_terminal(command)


def a_file_at(name: str) -> Callable[[Path], None]:
    """Make a way to put a file where something else should be."""

    def spoil(letter: Path) -> None:
        place = letter / name
        if place.is_dir():
            place.rename(letter / "aside")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("{% if %}\n", encoding="utf-8")

    return spoil


def a_folder_at(name: str) -> Callable[[Path], None]:
    """Make a way to put a folder where something else should be."""

    def spoil(letter: Path) -> None:
        if (letter / name).is_file():
            (letter / name).rename(letter / "aside")
        (letter / name).mkdir(parents=True)

    return spoil


def nothing_at(name: str) -> Callable[[Path], None]:
    """Make a way to take something away."""

    def spoil(letter: Path) -> None:
        (letter / name).rename(letter / "aside")

    return spoil


TROUBLE = {
    "no settings": (nothing_at("distribute.toml"), "no such file"),
    "settings are a folder": (a_folder_at("distribute.toml"), "Is a directory"),
    "settings are nonsense": (a_file_at("distribute.toml"), "not TOML"),
    "no authors": (nothing_at("authors.yml"), "No such file"),
    "authors are a folder": (a_folder_at("authors.yml"), "Is a directory"),
    "no posts": (nothing_at("posts"), "No such file"),
    "posts are a file": (a_file_at("posts"), "Not a directory"),
    "out is a file": (a_file_at("out"), "Not a directory"),
    "subscribers are a folder": (a_folder_at("distribute.db"), "unable to open"),
    "subscribers are text": (a_file_at("distribute.db"), "not a database"),
    "templates are a file": (a_file_at("templates"), "no such folder"),
    "a template is a folder": (
        a_folder_at("templates/email/email.html"),
        "email.html: cannot be read: Is a directory",
    ),
    "a template is broken": (
        a_file_at("templates/email/email.html"),
        "email.html:1: ",
    ),
    "a catalogue is broken": (a_file_at("templates/catalogues/de.toml"), "de.toml:"),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_trouble_is_one_line_and_the_next_step(
    run: Run, small: Path, trouble: str
) -> None:
    """Exit status 2, what is wrong, what to do; nothing is sent, nothing is lost."""
    spoil, reason = TROUBLE[trouble]
    spoil(small)
    assert_explained(run("-C", small, "send", "4"), reason)
    assert not (small / "out" / "mail").exists()


def test_a_broken_template_is_found_before_it_is_needed(run: Run, small: Path) -> None:
    """`check` finds it among all else, also in what only `send` uses; that refuses it."""
    a_file_at("templates/email/email.txt")(small)
    answer = run("-C", small, "check", "--quiet")
    assert answer.status == 1
    assert "email.txt:1: error: " in answer.out
    assert run("-C", small, "send", "4").status == 2
    assert not (small / "out" / "mail").exists()


@pytest.mark.sqlite_only("another user may not reach the server of the tests")
@pytest.mark.parametrize(
    ("closed", "command", "reason"),
    [
        ("out", "send 4", "Permission denied"),
        (".", "audience add a@example.org", "readonly"),
        ("templates", "send 4", "templates cannot be read: Permission denied"),
        ("distribute.toml", "status", "Permission denied"),
    ],
)
def test_what_may_not_be_touched_is_named(
    small: Path, closed: str, command: str, reason: str
) -> None:
    """A folder or file that is closed to us: exit status 2 and the next step."""
    place = small / closed
    if not place.exists():
        place.mkdir()
    writable = place.name == "out" or closed == "."
    place.chmod(0o555 if writable else 0o000)
    try:
        process = start("-C", small, *command.split(), before=without_privileges())
        answer = finish(process)
    finally:
        place.chmod(0o755)
    assert_explained(answer, reason)


def without_privileges() -> tuple[str, ...]:
    """Start a process to which permissions apply, also for root."""
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may touch everything, and setpriv is not installed")
    return (setpriv, "--bounding-set=-dac_override,-dac_read_search")


def assert_explained(answer: Answer, reason: str) -> None:
    """Insist on the two lines of a good error."""
    assert answer.status == 2, answer.err
    said, hint = answer.err.splitlines()
    assert said.startswith("distribute: ")
    assert reason in said
    assert hint.startswith("  ")
    assert hint.strip().endswith((".", "one."))
