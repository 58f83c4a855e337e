"""To the audience: plan, send, explain and audience."""

import email
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import NOW, Run
from tests.mailroom import Inbox, free_port, messages_in, open_mailroom, use_server


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """Run a real SMTP server on a free port of this machine."""
    with open_mailroom() as inbox:
        yield inbox


def test_a_plan_accounts_for_everybody(run: Run, small: Path) -> None:
    """Delivered and passed over add up to the list, each with a reason."""
    plan = run("-C", small, "--json", "plan", "4").document
    listed = run("-C", small, "--json", "audience", "list").document["subscribers"]
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


@pytest.mark.parametrize("name", ["5", "星星"])
def test_send_says_where_the_messages_lie(run: Run, people: Path, name: str) -> None:
    """The folder it names is there and holds them all, whatever the issue is called."""
    post = people / "posts" / f"2026-11-06-{name}.md"
    post.write_text(
        "---\ntitle: Stars\nlang: en\ntags: [newsletter]\n---\nText.\n",
        encoding="utf-8",
    )
    answer = run("-C", people, "send", "5" if name == "5" else post)
    folder = Path(answer.out.strip().splitlines()[-1].split("lie in ")[1].rstrip("."))
    assert len(list(folder.rglob("*.eml"))) == len(messages_in(people / "out" / "mail"))


def test_sent_is_sent(run: Run, small: Path) -> None:
    """A second run has nothing to do, and says so."""
    first = run("-C", small, "--json", "send", "4").document
    again = run("-C", small, "--json", "send", "4")
    assert first["outcomes"]["accepted"] == first["planned"] > 0
    assert (again.status, again.document["planned"]) == (0, 0)


def test_status_says_how_far_sending_got(run: Run, small: Path) -> None:
    """Per sink, edition and outcome; the numbers are those of the run."""
    assert "not sent to anybody yet" in run("-C", small, "status", "4").out
    sent = run("-C", small, "--json", "send", "4").document
    (issue,) = run("-C", small, "--json", "status", "4").document["issues"]
    counts = [ends["accepted"] for ends in issue["sending"]["file"].values()]
    assert list(issue["sending"]) == ["file"]
    assert sum(counts) == sent["outcomes"]["accepted"]
    assert "accepted" in run("-C", small, "status", "4").out


def test_a_dry_run_leaves_no_trace_in_the_ledger(run: Run, small: Path) -> None:
    """One message per language to look at, and everybody is still due."""
    plan = run("-C", small, "--json", "plan", "4").document
    shown = run("-C", small, "--json", "send", "4", "--dry-run").document
    assert shown["digest"] == plan["digest"]
    assert len(shown["previews"]) == len(plan["by_language"])
    assert len(messages_in(small / "out" / "preview" / "mail")) == len(
        plan["by_language"]
    )
    assert not (small / "out" / "mail").exists()
    assert run("-C", small, "--json", "plan", "4").document == plan


def test_a_plan_that_has_drifted_is_not_sent(run: Run, small: Path) -> None:
    """Exit status 4 when somebody came or went since the plan was approved."""
    digest = run("-C", small, "--json", "plan", "4").document["digest"]
    run("-C", small, "audience", "remove", "mabel.hartley@example.org")
    answer = run("-C", small, "send", "4", "--plan", digest)
    assert answer.status == 4
    assert not (small / "out" / "mail").exists()
    digest = run("-C", small, "--json", "plan", "4").document["digest"]
    assert run("-C", small, "send", "4", "--plan", digest).status == 0


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


def test_the_hour_after_a_rehearsal_is_over_the_date_is_that_of_the_sending(
    run: Run, small: Path, inbox: Inbox
) -> None:
    """What was rehearsed long ago travels with a Date of today, and else unchanged."""
    use_server(small, inbox.port)
    assert run("-C", small, "send", "4").status == 0
    later = str(int(NOW) + 3601)
    answer = run("-C", small, "send", "4", "--sink", "smtp", "--yes", now=later)
    assert answer.status == 0, answer.out + answer.err
    files = messages_in(small / "out" / "mail")
    assert inbox.messages.keys() == files.keys()
    for address, sent in inbox.messages.items():
        pairs = zip(files[address].split(b"\r\n"), sent.split(b"\r\n"), strict=True)
        changed = [(old, new) for old, new in pairs if old != new]
        assert changed == [
            (b"Date: Fri, 06 Nov 2026 21:20:00 +0000",
             b"Date: Fri, 06 Nov 2026 22:20:01 +0000"),
        ]  # fmt: skip


def test_nobody_to_ask_means_no_sending(run: Run, small: Path, inbox: Inbox) -> None:
    """By SMTP only with ``--yes`` or an answer; cron has no answer."""
    use_server(small, inbox.port)
    answer = run("-C", small, "send", "4", "--sink", "smtp")
    assert answer.status == 2
    assert not inbox.messages


def test_no_server_means_nothing_is_marked(run: Run, small: Path) -> None:
    """Exit status 75, and everybody is served on the next run."""
    use_server(small, free_port())
    answer = run("-C", small, "send", "4", "--sink", "smtp", "--yes")
    assert answer.status == 75
    before = run("-C", small, "--json", "plan", "4").document
    after = run("-C", small, "--json", "plan", "4", "--sink", "smtp").document
    assert after["planned"] == before["planned"]


def test_a_test_goes_to_one_address_off_the_record(run: Run, small: Path) -> None:
    """``--only`` reaches somebody who is not even on the list, in any edition."""
    to = ("--only", "Editor <editor@example.org>", "--lang", "de")
    assert run("-C", small, "send", "4", *to).status == 0
    messages = messages_in(small / "out" / "mail")
    assert list(messages) == ["editor@example.org"]
    plan = run("-C", small, "--json", "plan", "4").document
    assert not any("before" in reason for reason in plan["skipped"])


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("send 4 --only", 2),
        ("send 4 --lang", 2),
        ("send 4 --plan", 4),
        ("audience list --lang", 2),
        ("audience export --lang", 2),
    ],
)
def test_an_empty_option_is_not_no_option(
    run: Run, small: Path, command: str, status: int
) -> None:
    """``--only "$ME"`` in a script must not go to everybody when ME is unset."""
    assert run("-C", small, *command.split(), "").status == status
    assert not (small / "out" / "mail").exists()


def test_a_test_is_in_the_edition_that_a_newcomer_gets(run: Run, small: Path) -> None:
    """Of whom nothing is known, the newsletter's fallbacks come before its default."""
    settings = small / "distribute.toml"
    text = settings.read_text("utf-8")
    settings.write_text(
        text.replace("\nlanguages", '\nfallbacks = ["de"]\nlanguages', 1), "utf-8"
    )
    test = run("-C", small, "--json", "send", "4", "--only", "new@example.org")
    run("-C", small, "audience", "add", "new@example.org")
    explained = run("-C", small, "--json", "explain", "new@example.org", "4")
    assert test.document["language"] == explained.document["verdict"]["edition"] == "de"


def test_a_plan_can_name_everybody(run: Run, small: Path) -> None:
    """``--all`` has a line for each person, with edition and reason."""
    plan = run("-C", small, "--json", "plan", "4").document
    shown = run("-C", small, "plan", "4", "--all").out
    for delivery in plan["deliveries"]:
        (line,) = [x for x in shown.splitlines() if x.startswith(delivery["address"])]
        assert line.split()[1] == delivery["language"]
        assert line.endswith(delivery["reason"])
    for skip in plan["passed_over"]:
        assert skip["address"] in shown


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ('password_env = "NOBODY_SET_THIS"', "NOBODY_SET_THIS is empty"),
        ('password_file = "missing.txt"', "missing.txt: the password cannot be read"),
        ('[public]\nkey_env = "NOBODY_SET_THIS"', "NOBODY_SET_THIS is empty"),
    ],
)
def test_a_secret_that_is_not_there_is_asked_for(
    run: Run, small: Path, inbox: Inbox, setting: str, reason: str
) -> None:
    """Exit status 2, where it should be, and the setting that says so."""
    use_server(small, inbox.port)
    with (small / "distribute.toml").open("a", encoding="utf-8") as settings:
        settings.write(f"{setting}\n")
    answer = run("-C", small, "send", "4", "--sink", "smtp", "--yes")
    assert answer.status == 2
    assert reason in answer.err
    assert setting.partition(" =")[0].rpartition("\n")[2] in answer.err
    assert not inbox.messages


def test_without_a_postal_address_nothing_is_sent(run: Run, small: Path) -> None:
    """The law asks for it in most countries, so we do."""
    settings = small / "distribute.toml"
    lines = settings.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("address")]
    settings.write_text("".join(kept), encoding="utf-8")
    answer = run("-C", small, "send", "4")
    assert answer.status == 2
    assert "postal address" in answer.err


def test_nothing_is_planned_before_there_is_anybody(run: Run, letter: Path) -> None:
    """No list yet: exit status 2 and the command that begins one; no file is made."""
    answer = run("-C", letter, "plan", "5")
    assert answer.status == 2
    assert "audience import" in answer.err
    assert not (letter / "distribute.db").exists()


def test_another_newsletter_has_a_database_of_its_own(
    run: Run, small: Path, inbox: Inbox
) -> None:
    """Its issue 4 would pass for ours, and everybody for somebody who has had it."""
    use_server(small, inbox.port)
    assert run("-C", small, "send", "4").status == 0
    settings = small / "distribute.toml"
    ours = settings.read_text("utf-8")
    theirs = ours.replace('tag = "lights-out.example.org', 'tag = "other.example.org')
    settings.write_text(theirs, encoding="utf-8")
    assert run("-C", small, "send", "4").status == 0, "it was but a rehearsal"
    settings.write_text(ours, encoding="utf-8")
    assert run("-C", small, "send", "4", "--sink", "smtp", "--yes").status == 0
    settings.write_text(theirs, encoding="utf-8")
    for words in ("send 4", "retry 4 --failed", "plan 4", "status 4", "status 4 --csv"):
        answer = run("-C", small, *words.split())
        assert answer.status == 2
        assert "'lights-out.example.org,2026' has sent" in answer.err
        assert "[store] url" in answer.err
