"""``audience suppress``: who is never written to, whoever adds them."""

from pathlib import Path

import pytest

from tests.cli.conftest import ISSUE, Run

ADA, BO, RUI = "ada@example.net", "bo@example.org", "rui@example.org"
CONFIG = "distribute.toml"


@pytest.fixture
def bare(tmp_path: Path, small: Path) -> Path:
    """Give another checkout of the newsletter, without its database."""
    folder = tmp_path / "bare"
    folder.mkdir()
    (folder / CONFIG).write_bytes((small / CONFIG).read_bytes())
    return folder


def _configure(folder: Path, section: str, line: str) -> None:
    path = folder / CONFIG
    text = path.read_text("utf-8")
    if f"\n[{section}]\n" in text:
        text = text.replace(f"\n[{section}]\n", f"\n[{section}]\n{line}\n")
    else:
        text += f"\n[{section}]\n{line}\n"
    path.write_text(text, "utf-8")


def _statuses(run: Run, folder: Path) -> dict[str, str]:
    listed = run("-C", folder, "--json", "audience", "list").document["subscribers"]
    return {person["email"]: person["status"] for person in listed}


def test_a_subscriber_is_suppressed_and_lifted(run: Run, small: Path) -> None:
    """They are told what they were, no command lets them in, and they are put back."""
    answer = run("-C", small, "audience", "suppress", RUI, ADA)
    assert f"{RUI}: suppressed (asked); was confirmed" in answer.out
    assert f"{ADA}: suppressed (asked)\n" in answer.out
    assert _statuses(run, small)[RUI] == "suppressed"
    for address in (RUI, ADA.upper()):
        added = run("-C", small, "audience", "add", address).out
        assert "kept out (suppressed (asked)" in added
    again = run("-C", small, "audience", "suppress", RUI)
    assert f"{RUI}: is on the list already" in again.out
    lifted = run("-C", small, "audience", "suppress", "--remove", RUI, BO)
    assert lifted.status == 1
    assert f"{RUI}: off the list" in lifted.out
    assert f"{BO}: is not on the list" in lifted.out
    assert _statuses(run, small)[RUI] == "confirmed"


def test_an_import_brings_nobody_in_who_is_suppressed(run: Run, small: Path) -> None:
    """It says who was kept out and why; the others come."""
    run("-C", small, "audience", "suppress", ADA, "--reason", "complained")
    file = small / "new.csv"
    file.write_text(f"email\n{ADA}\n{BO}\n", "utf-8")
    answer = run("-C", small, "audience", "import", file)
    assert "1 added" in answer.out
    assert f"{file}:2: kept out: {ADA}: suppressed (complained)" in answer.out
    assert ADA not in _statuses(run, small)


def test_the_file_goes_around_without_any_address(
    run: Run, small: Path, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written here, read there before somebody is added; the same bytes every time."""
    monkeypatch.setenv("NEWS_KEY", "k" * 40)
    for folder in (small, bare):
        _configure(folder, "public", 'key_env = "NEWS_KEY"')
    run("-C", small, "audience", "remove", RUI)
    run("-C", small, "audience", "suppress", ADA)
    exported = run("-C", small, "audience", "suppress", "--export")
    file = small / "suppressions.txt"
    data = file.read_bytes()
    assert f"{file}: " in exported.out
    assert b"@" not in data
    run("-C", small, "audience", "suppress", "--export")
    assert file.read_bytes() == data
    (bare / file.name).write_bytes(data)
    assert "kept out (left" in run("-C", bare, "audience", "add", RUI).out
    assert "kept out (suppressed" in run("-C", bare, "audience", "add", ADA).out
    assert run("-C", bare, "audience", "suppress", "--export").status == 0
    assert (bare / file.name).read_bytes() == data


def test_a_changed_file_is_heeded_before_a_plan(
    run: Run, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever it names gets nothing; what it takes is said once."""
    other = small / "other"
    other.mkdir()
    (other / CONFIG).write_bytes((small / CONFIG).read_bytes())
    monkeypatch.setenv("NEWS_KEY", "k" * 40)
    for folder in (small, other):
        _configure(folder, "public", 'key_env = "NEWS_KEY"')
    run("-C", other, "audience", "suppress", RUI)
    run("-C", other, "audience", "suppress", "--export")
    (small / "suppressions.txt").write_bytes((other / "suppressions.txt").read_bytes())
    planned = run("-C", small, "plan", ISSUE)
    assert planned.status == 0
    assert "1 of the subscribers get nothing any more" in planned.err
    assert _statuses(run, small)[RUI] == "suppressed"
    assert "get nothing any more" not in run("-C", small, "plan", ISSUE).err


@pytest.mark.parametrize(
    "command", [("plan", ISSUE), ("send", ISSUE), ("audience", "add", BO)]
)
def test_a_damaged_file_stops_whatever_writes_to_people(
    run: Run, small: Path, command: tuple[str, ...]
) -> None:
    """Nothing is sent as long as nobody knows to whom not to."""
    run("-C", small, "audience", "suppress", ADA)
    run("-C", small, "audience", "suppress", "--export")
    with (small / "suppressions.txt").open("a") as file:
        file.write("<<<<<<< HEAD\n")
    answer = run("-C", small, *command)
    assert answer.status == 2
    assert "suppressions.txt:" in answer.err
    assert "left over from a merge" in answer.err
    assert run("-C", small, "audience", "list").status == 0
    assert run("-C", small, "audience", "remove", RUI).status == 0


def test_a_file_with_another_key_says_what_to_set(
    run: Run, small: Path, bare: Path
) -> None:
    """Without key_env each database has a key of its own."""
    run("-C", small, "audience", "suppress", ADA)
    run("-C", small, "audience", "suppress", "--export")
    key = run("-C", small, "audience", "suppress", "--json").document["key"]
    (bare / "suppressions.txt").write_bytes((small / "suppressions.txt").read_bytes())
    answer = run("-C", bare, "audience", "add", BO)
    assert answer.status == 2
    assert key in answer.err
    assert "retired_key_envs" in answer.err


def test_who_is_taken_off_is_taken_out_of_the_file(run: Run, small: Path) -> None:
    """Else it would bring them back at its next change."""
    run("-C", small, "audience", "suppress", ADA, RUI)
    run("-C", small, "audience", "suppress", "--export")
    answer = run("-C", small, "audience", "suppress", "--remove", ADA)
    assert "rewritten without them" in answer.out
    document = run("-C", small, "audience", "suppress", "--json").document
    assert document["suppressed"] == {"asked": 1}
    assert document["file_is_up_to_date"]


def test_plain_lists_are_taken_in(run: Run, small: Path, tmp_path: Path) -> None:
    """Good lines count, bad ones are named; their reason is that they were imported."""
    file = tmp_path / "blocked.csv"
    file.write_text(f"Email,Note\n{RUI},spam trap\nnobody,\n{ADA},\n{ADA},\n", "utf-8")
    answer = run("-C", small, "audience", "suppress", "--import", file)
    assert answer.status == 1
    assert f"{file}:3: bad" in answer.out
    assert "2 added, 1 known already, 1 bad line; 1 of the subscribers" in answer.out
    document = run("-C", small, "audience", "suppress", "--json").document
    assert document["suppressed"] == {"imported": 2}


def test_a_list_that_cannot_be_read_takes_nobody_in(
    run: Run, small: Path, tmp_path: Path
) -> None:
    """All or nothing, and the error names the file."""
    file = tmp_path / "blocked.txt"
    file.write_bytes(f"{ADA}\n".encode() + b"caf\xe9@example.org\n")
    answer = run("-C", small, "audience", "suppress", "--import", file)
    assert answer.status == 2
    document = run("-C", small, "audience", "suppress", "--json").document
    assert document["suppressed"] == {}
    missing = run("-C", small, "audience", "suppress", "--import", tmp_path / "none")
    assert missing.status == 2
    assert "cannot be read" in missing.err


def test_the_list_can_go_to_another_file_or_a_pipe(
    run: Run, small: Path, tmp_path: Path
) -> None:
    """And come back from there, with its reasons."""
    run("-C", small, "audience", "suppress", ADA, "--reason", "complained")
    file = tmp_path / "list.txt"
    run("-C", small, "audience", "suppress", "--export", "-o", file)
    piped = run("-C", small, "audience", "suppress", "--export", "-o", "-").out
    assert file.read_text("utf-8") == piped
    run("-C", small, "audience", "suppress", "--remove", ADA)
    run("-C", small, "audience", "suppress", "--import", file)
    document = run("-C", small, "audience", "suppress", "--json").document
    assert document["suppressed"] == {"complained": 1}


def test_a_file_that_cannot_be_written_is_told(
    run: Run, small: Path, tmp_path: Path
) -> None:
    """With its name and what to do."""
    missing = tmp_path / "missing" / "list.txt"
    answer = run("-C", small, "audience", "suppress", "--export", "-o", missing)
    assert answer.status == 2
    assert f"{missing} cannot be written" in answer.err


@pytest.mark.parametrize(
    "words",
    [
        ["--remove"],
        ["--export", "--import", "x"],
        [ADA, "--export"],
        ["-o", "x"],
        [ADA, "--remove", "--reason", "asked"],
    ],
)
def test_what_makes_no_sense_together_is_a_usage_error(
    run: Run, small: Path, words: list[str]
) -> None:
    """Exit status 2, and nothing is done."""
    assert run("-C", small, "audience", "suppress", *words).status == 2
