"""``audience forget``: a person leaves the database, and says where else they may be."""

from pathlib import Path

from tests.cli.conftest import ISSUE, Run

RUI = "rui@example.org"


def test_a_reader_is_erased_with_what_was_sent_to_them(run: Run, small: Path) -> None:
    """Nothing of them can be read in the database; the files that name them are listed."""
    run("-C", small, "send", ISSUE)
    run("-C", small, "send", ISSUE, "--only", RUI, "--lang", "de")
    letter = small / "out" / "mail" / "issue-letters" / "pt" / "7.json"
    letter.parent.mkdir(parents=True)
    letter.write_text(f'{{"rcpt_to": "{RUI.title()}"}}', "utf-8")
    letter.with_suffix(".eml").write_bytes(f"To: {RUI}".encode())
    answer = run("-C", small, "audience", "forget", "Rui@example.org", "--yes")
    assert answer.status == 0
    assert "1 delivery" in answer.out
    data = b"".join(file.read_bytes() for file in small.glob("distribute.db*")).lower()
    assert RUI.encode() not in data
    named = [
        Path(line.strip()) for line in answer.out.splitlines() if small.name in line
    ]
    assert {small / "subscribers.csv", letter} <= set(named)
    mails = [path for path in named if path.suffix == ".eml"]
    assert len(mails) == 3
    assert all(RUI.encode() in path.read_bytes() for path in mails)


def test_the_forgotten_stay_away(run: Run, small: Path) -> None:
    """From imports and operators; to forget them again finds nothing new."""
    run("-C", small, "audience", "forget", RUI, "--yes")
    answer = run("-C", small, "audience", "import", small / "subscribers.csv")
    assert f"{RUI}: forgotten: only they can come back" in answer.out
    assert "kept out (forgotten" in run("-C", small, "audience", "add", RUI).out
    again = run("-C", small, "audience", "forget", RUI, "--yes", "--json").document
    assert (again["erased"], again["wiped"]) == ({}, True)
    explained = run("-C", small, "explain", RUI, ISSUE).out
    assert "forgotten: only they can come back" in explained


def test_nobody_is_erased_by_accident(run: Run, small: Path) -> None:
    """It asks, and where nobody can be asked it wants --yes; a stranger is an error."""
    assert run("-C", small, "audience", "forget", RUI).status == 2
    assert run("-C", small, "explain", RUI, ISSUE).status == 0
    stranger = run("-C", small, "audience", "forget", "who@example.org", "--yes")
    assert stranger.status == 2
    assert "not on the list" in stranger.err
