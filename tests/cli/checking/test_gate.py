"""An issue with errors is sent only where somebody says so, rule by rule."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from distribute.cli import group
from tests.cli.conftest import ISSUE, NOW, Run
from tests.cli.slips import BROKEN, POST, add, configure
from tests.databases import look_into

FORCE = ("--force", "link-scheme")


@pytest.fixture
def broken(small: Path) -> Path:
    """Give a newsletter of one issue with an error in its English edition."""
    add(small, BROKEN)
    return small


def messages(folder: Path) -> list[Path]:
    """List what has been sent to files."""
    return sorted((folder / "out" / "mail").rglob("*.eml"))


def campaigns(folder: Path) -> int:
    """Count the sendings that the ledger knows of."""
    path = folder / "distribute.db"
    if not path.exists():
        return 0
    with look_into(path) as database:
        (count,) = database.execute("SELECT count(*) FROM campaign").fetchone()
    return int(count)


def test_an_issue_with_an_error_is_not_sent(run: Run, broken: Path) -> None:
    """Exit status 1 with the errors, before anything is begun."""
    answer = run("-C", broken, "send", ISSUE)
    assert answer.status == 1
    assert f"{POST}:" in answer.err
    assert "[link-scheme]" in answer.err
    assert "--force link-scheme" in answer.err
    assert (messages(broken), campaigns(broken)) == ([], 0)


def test_a_program_gets_the_errors_too(run: Run, broken: Path) -> None:
    """In one document, as of any other failure."""
    document = run("-C", broken, "--json", "send", ISSUE).document
    assert document["error"]["kind"] == "CheckError"
    (problem,) = document["error"]["problems"]
    assert "[link-scheme]" in problem


def test_forced_by_name_it_is_sent(run: Run, broken: Path) -> None:
    """To everybody, as if nothing were wrong."""
    answer = run("-C", broken, "send", ISSUE, *FORCE)
    assert answer.status == 0, answer.err
    assert messages(broken)


def test_each_rule_is_forced_by_its_own_name(run: Run, broken: Path) -> None:
    """The hint names all that are needed, also those that are given already."""
    add(broken, "An empty [link]() stands here.")
    answer = run("-C", broken, "send", ISSUE, *FORCE)
    assert answer.status == 1
    assert "[link-empty]" in answer.err
    assert "[link-scheme]" not in answer.err
    assert "--force link-empty --force link-scheme" in answer.err
    both = (*FORCE, "--force", "link-empty")
    assert run("-C", broken, "send", ISSUE, *both).status == 0


def test_a_rule_that_does_not_exist_cannot_be_forced(run: Run, broken: Path) -> None:
    """Exit status 2, with the one that was meant."""
    answer = run("-C", broken, "send", ISSUE, "--force", "link-sceme")
    assert answer.status == 2
    assert "link-scheme" in answer.err


def test_what_is_switched_off_keeps_nobody_from_sending(run: Run, broken: Path) -> None:
    """The reason was given once and for all."""
    configure(broken, '[check.off]\nlink-scheme = "the council has no https"')
    assert run("-C", broken, "send", ISSUE).status == 0


def test_warnings_keep_nobody_from_sending_unless_they_are_errors(
    run: Run, small: Path
) -> None:
    """What `check` fails on by the settings is not sent."""
    add(small, "[a] (https://example.org/x)")
    configure(small, "[check]\nstrict = true")
    answer = run("-C", small, "send", ISSUE)
    assert (answer.status, "[link-space]" in answer.err) == (1, True)
    assert run("-C", small, "send", ISSUE, "--force", "link-space").status == 0


def test_a_dry_run_tells(run: Run, broken: Path) -> None:
    """The plan and the previews are there all the same."""
    answer = run("-C", broken, "send", ISSUE, "--dry-run")
    assert answer.status == 0
    assert "[link-scheme]" in answer.err
    assert "will refuse" in answer.err
    document = run("-C", broken, "--json", "send", ISSUE, "--dry-run").document
    assert [each["rule"] for each in document["obstacles"]] == ["link-scheme"]
    assert document["previews"]


def test_a_test_is_sent_with_a_warning(run: Run, broken: Path) -> None:
    """Looking at the mail is how one finds out what is wrong with it."""
    answer = run("-C", broken, "send", ISSUE, "--only", "ada@example.org")
    assert answer.status == 0
    assert "[link-scheme]" in answer.err
    assert "A test in" in answer.out


def test_a_sending_begun_with_force_goes_on_with_force(run: Run, broken: Path) -> None:
    """The text is the same that was refused; who was served stays served."""
    assert run("-C", broken, "send", ISSUE, *FORCE, "--limit", "3").status == 0
    answer = run("-C", broken, "send", ISSUE)
    assert answer.status == 1
    assert "goes on with the same --force" in answer.err
    assert len(messages(broken)) == 3
    assert run("-C", broken, "send", ISSUE, *FORCE).status == 0
    assert len(messages(broken)) > 3


def test_an_issue_that_everybody_has_is_not_looked_at_again(
    run: Run, small: Path
) -> None:
    """Cron calls `send --due` for ever, and there is nothing left to refuse."""
    assert run("-C", small, "send", ISSUE).status == 0
    add(small, BROKEN)
    assert run("-C", small, "send", ISSUE).status == 0


def test_nobody_is_asked_about_an_issue_that_cannot_be_sent(broken: Path) -> None:
    """The errors come in place of the question."""
    runner = CliRunner(env={"SOURCE_DATE_EPOCH": NOW})
    words = ["-C", str(broken), "send", ISSUE, "--sink", "smtp"]
    result = runner.invoke(group, words, input="y\n")
    assert result.exit_code == 1
    assert "Send " not in result.stdout
    assert "[link-scheme]" in result.stderr


def test_an_error_in_another_issue_is_no_obstacle(run: Run, people: Path) -> None:
    """Issue 4 is broken, and issue 5 goes out."""
    add(people, BROKEN)
    assert run("-C", people, "send", "5").status == 0
    assert run("-C", people, "send", "4").status == 1
