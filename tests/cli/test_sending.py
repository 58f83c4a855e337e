"""To the audience: plan, send, explain and audience."""

import email
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from distribute.cli.sample import sample_folder
from tests.cli.conftest import NOW, Run
from tests.mailroom import Inbox, free_port, messages_in, open_mailroom, use_server


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """Run a real SMTP server on a free port of this machine."""
    with open_mailroom() as inbox:
        yield inbox


def test_a_plan_accounts_for_everybody(run: Run, people: Path) -> None:
    """Delivered and passed over add up to the list, each with a reason."""
    plan = run("-C", people, "--json", "plan", "5").document
    listed = run("-C", people, "--json", "audience", "list").document["subscribers"]
    named = [*plan["deliveries"], *plan["passed_over"]]
    assert sorted(p["address"] for p in named) == sorted(p["email"] for p in listed)
    assert all(p["reason"] for p in named)


def test_everybody_gets_one_message_in_their_language(run: Run, people: Path) -> None:
    """What the plan says is what lies in the folder."""
    plan = run("-C", people, "--json", "plan", "5").document
    assert run("-C", people, "send", "5").status == 0
    messages = messages_in(people / "out" / "mail")
    languages = {
        address: email.message_from_bytes(raw)["Content-Language"]
        for address, raw in messages.items()
    }
    assert languages == {d["address"]: d["language"] for d in plan["deliveries"]}
    assert len(set(languages.values())) >= 5


def test_sent_is_sent(run: Run, people: Path) -> None:
    """A second run has nothing to do, and says so."""
    first = run("-C", people, "--json", "send", "5").document
    again = run("-C", people, "--json", "send", "5")
    assert first["outcomes"]["accepted"] == first["planned"] > 0
    assert (again.status, again.document["planned"]) == (0, 0)


def test_a_dry_run_leaves_no_trace_in_the_ledger(run: Run, people: Path) -> None:
    """One message per language to look at, and everybody is still due."""
    plan = run("-C", people, "--json", "plan", "5").document
    shown = run("-C", people, "--json", "send", "5", "--dry-run").document
    assert shown["digest"] == plan["digest"]
    assert len(shown["previews"]) == len(plan["by_language"])
    assert len(messages_in(people / "out" / "preview" / "mail")) == len(
        plan["by_language"]
    )
    assert not (people / "out" / "mail").exists()
    assert run("-C", people, "--json", "plan", "5").document == plan


def test_a_plan_that_has_drifted_is_not_sent(run: Run, people: Path) -> None:
    """Exit status 4 when somebody came or went since the plan was approved."""
    digest = run("-C", people, "--json", "plan", "5").document["digest"]
    run("-C", people, "audience", "remove", "mabel.hartley@example.org")
    answer = run("-C", people, "send", "5", "--plan", digest)
    assert answer.status == 4
    assert not (people / "out" / "mail").exists()
    digest = run("-C", people, "--json", "plan", "5").document["digest"]
    assert run("-C", people, "send", "5", "--plan", digest).status == 0


def test_smtp_carries_the_very_bytes_of_the_files(
    run: Run, people: Path, inbox: Inbox
) -> None:
    """Files first, then SMTP: one account each, and the same bytes in both."""
    use_server(people, inbox.port)
    assert run("-C", people, "send", "5").status == 0
    files = messages_in(people / "out" / "mail")
    answer = run("-C", people, "send", "5", "--sink", "smtp", "--yes")
    assert answer.status == 0, answer.out + answer.err
    assert inbox.messages == files


def test_nobody_to_ask_means_no_sending(run: Run, people: Path, inbox: Inbox) -> None:
    """By SMTP only with ``--yes`` or an answer; cron has no answer."""
    use_server(people, inbox.port)
    answer = run("-C", people, "send", "5", "--sink", "smtp")
    assert answer.status == 2
    assert not inbox.messages


def test_no_server_means_nothing_is_marked(run: Run, people: Path) -> None:
    """Exit status 75, and everybody is served on the next run."""
    use_server(people, free_port())
    answer = run("-C", people, "send", "5", "--sink", "smtp", "--yes")
    assert answer.status == 75
    before = run("-C", people, "--json", "plan", "5").document
    after = run("-C", people, "--json", "plan", "5", "--sink", "smtp").document
    assert after["planned"] == before["planned"]


def test_a_test_goes_to_one_address_off_the_record(run: Run, people: Path) -> None:
    """``--only`` reaches somebody who is not even on the list, in any edition."""
    to = ("--only", "Editor <editor@example.org>", "--lang", "ar")
    assert run("-C", people, "send", "5", *to).status == 0
    messages = messages_in(people / "out" / "mail")
    assert list(messages) == ["editor@example.org"]
    plan = run("-C", people, "--json", "plan", "5").document
    assert not any("before" in reason for reason in plan["skipped"])


def test_without_a_postal_address_nothing_is_sent(run: Run, people: Path) -> None:
    """The law asks for it in most countries, so we do."""
    settings = people / "distribute.toml"
    lines = settings.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("address")]
    settings.write_text("".join(kept), encoding="utf-8")
    answer = run("-C", people, "send", "5")
    assert answer.status == 2
    assert "postal address" in answer.err


def test_explain_tells_all_about_one_person(run: Run, people: Path) -> None:
    """Wishes, verdict with its reason, and what was sent and when."""
    run("-C", people, "send", "5")
    document = run("-C", people, "--json", "explain", "RUI@example.org", "5").document
    assert document["verdict"]["edition"] == "pt-BR"
    assert "pt-PT" in document["verdict"]["reason"]
    (delivery,) = document["deliveries"]
    assert delivery["attempts"][-1]["outcome"] == "accepted"
    assert "pt-BR" in run("-C", people, "explain", "rui@example.org").out


def test_explaining_a_stranger_is_an_error(run: Run, people: Path) -> None:
    """Exit status 2, and where to look."""
    assert run("-C", people, "explain", "who@example.org").status == 2


def test_a_second_sender_is_turned_away(run: Run, people: Path) -> None:
    """Exit status 3 while another process holds the campaign."""
    from datetime import UTC, datetime

    from distribute.campaign.ledger import SqliteLedger

    now = datetime(2026, 11, 6, 20, tzinfo=UTC)
    with (
        SqliteLedger(people / "distribute.db", "file") as other,
        other.lock("issue-5", now),
    ):
        answer = run("-C", people, "send", "5")
    assert answer.status == 3
    assert run("-C", people, "send", "5").status == 0


def test_sigterm_finishes_the_message_at_hand_and_goes_on_later(
    run: Run, tmp_path: Path
) -> None:
    """Exit status 75; the next run sends the rest, and nobody gets a second copy."""
    import shutil

    letter = tmp_path / "letter"
    shutil.copytree(sample_folder(), letter)
    people = "".join(f"p{n}@example.org,en\n" for n in range(400))
    (letter / "many.csv").write_text("email,languages\n" + people, encoding="utf-8")
    run("-C", letter, "audience", "import", letter / "many.csv")
    process = subprocess.Popen(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "distribute", "-C", letter, "send", "5"],
        env=os.environ | {"SOURCE_DATE_EPOCH": NOW},
        stdout=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not list(letter.glob("out/mail/*/*/*.eml")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    first = {p: p.stat().st_mtime_ns for p in letter.glob("out/mail/*/*/*.eml")}
    assert process.returncode == 75
    assert 0 < len(first) < 400
    assert run("-C", letter, "send", "5").status == 0
    every = list(letter.glob("out/mail/*/*/*.eml"))
    assert len(every) == 400
    assert {p: p.stat().st_mtime_ns for p in first} == first


def kill_over_rui(run: Run, people: Path) -> None:
    """Leave the ledger as a process does that dies over one delivery."""
    assert run("-C", people, "send", "5").status == 0
    with sqlite3.connect(people / "distribute.db") as database:
        database.execute(
            "UPDATE delivery SET closed = NULL, outcome = 'uncertain'"
            " WHERE key = 'rui@example.org'"
        )
    database.close()


def test_a_killed_run_leaves_only_uncertain_ones(run: Run, people: Path) -> None:
    """What was open when the process died is listed, not sent again; exit status 5."""
    kill_over_rui(run, people)
    answer = run("-C", people, "send", "5")
    assert answer.status == 5
    assert "may or may not have arrived" in answer.out


@pytest.mark.parametrize(("policy", "sent"), [("skip", 0), ("resend", 1)])
def test_a_policy_may_decide_about_the_uncertain(
    run: Run, people: Path, policy: str, sent: int
) -> None:
    """``on_uncertain`` lets them rest, or sends them once more."""
    kill_over_rui(run, people)
    with (people / "distribute.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[delivery]\non_uncertain = "{policy}"\n')
    answer = run("-C", people, "--json", "send", "5")
    assert answer.status == 0
    assert answer.document["outcomes"]["accepted"] == sent


def test_an_import_reports_bad_lines_and_goes_on(run: Run, letter: Path) -> None:
    """Exit status 1, the line's number, and the good ones are in."""
    file = letter / "people.csv"
    file.write_text("email,name\nada@example.org,Ada\nnobody,X\n", encoding="utf-8")
    answer = run("-C", letter, "audience", "import", file)
    assert answer.status == 1
    assert f"{file}:3: bad" in answer.out
    assert "1 added" in answer.out


def test_who_has_left_never_comes_back_by_an_import(run: Run, people: Path) -> None:
    """Whatever the file says."""
    run("-C", people, "audience", "remove", "rui@example.org")
    run("-C", people, "audience", "import", people / "subscribers.csv")
    listed = run("-C", people, "--json", "audience", "list").document["subscribers"]
    status = {p["email"]: p["status"] for p in listed}
    assert status["rui@example.org"] == "unsubscribed"


def test_an_export_is_what_an_import_reads(
    run: Run, people: Path, tmp_path: Path
) -> None:
    """Out and in again into an empty list: the same people, wishes and states."""
    out = run("-C", people, "audience", "export").out
    file, other = tmp_path / "out.csv", tmp_path / "other"
    file.write_text(out, encoding="utf-8", newline="")
    other.mkdir()
    (other / "distribute.toml").write_bytes((people / "distribute.toml").read_bytes())
    assert run("-C", other, "audience", "import", file).status == 0
    assert run("-C", other, "audience", "export").out == out


def test_nothing_is_planned_before_there_is_anybody(run: Run, letter: Path) -> None:
    """No list yet: exit status 2 and the command that begins one; no file is made."""
    answer = run("-C", letter, "plan", "5")
    assert answer.status == 2
    assert "audience import" in answer.err
    assert not (letter / "distribute.db").exists()
