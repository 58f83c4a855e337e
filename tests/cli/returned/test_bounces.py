"""``distribute bounces read``: what came back, in a table, with what came of it."""

import json
from pathlib import Path

import pytest

from distribute.audience.store import Store
from distribute.campaign.returned.header import read_header
from distribute.cli.newsletter.front import Front
from distribute.language import Language
from distribute.render.public.forms import wording_of
from tests.cli.conftest import Run
from tests.cli.returned.mails import Mails, status_of
from tests.databases import reach_into
from tests.mailroom import messages_in
from tests.sinks.inbox.imap_server import Folder, serving


def test_the_table_says_what_was_decided_and_why(
    run: Run, letters: Path, mails: Mails
) -> None:
    """A line for each report, the counts below, and nobody lost who is not gone."""
    gone = mails.report(0, "5.1.1", "nobody of that name")
    full = mails.report(1, "5.2.2", "over quota")
    answer = run("-C", letters, "bounces", "read", mails.folder)
    assert answer.status == 0, answer.err
    lines = answer.out.splitlines()
    assert lines[0].split() == ["decision", "about", "why"]
    (bounced,) = [line for line in lines if gone in line]
    assert bounced.split(maxsplit=2) == ["bounced", gone, "5.1.1: there is none"]
    said = lines[lines.index(bounced) + 1]
    assert "issue-4, failed: 550 5.1.1 nobody" in said
    assert "inbox/" in said
    (strike,) = [line for line in lines if full in line]
    why = "5.2.2: strike 1 of 5 within 30 days"
    assert strike.split(maxsplit=2) == ["strike", full, why]
    assert max(map(len, lines)) <= 80
    assert lines[-1] == "2 messages: 1 bounced, 1 strike"
    assert status_of(run, letters, gone) == "bounced"
    assert status_of(run, letters, full) == "confirmed"


def test_an_alarm_stands_out(run: Run, letters: Path, mails: Mails) -> None:
    """With the server's whole words and a hint, the status 1, and nobody taken off."""
    words = (
        "mail from your address is refused because it is not signed at all; see help"
    )
    reader = mails.report(0, "5.7.26", words)
    answer = run("-C", letters, "bounces", "read", mails.folder)
    assert answer.status == 1
    assert f"ALARM: 550 5.7.26 {words}" in answer.out
    assert "distribute doctor" in answer.out
    assert "\nALARM     " in answer.out
    assert status_of(run, letters, reader) == "confirmed"


def test_everything_is_judged_once(run: Run, letters: Path, mails: Mails) -> None:
    """Run again, it only counts; --all shows them."""
    mails.report(0, "5.2.2")
    first = run("-C", letters, "--json", "bounces", "read", mails.folder).document
    again = run("-C", letters, "bounces", "read", mails.folder)
    assert first["decisions"] == {"strike": 1}
    assert again.out == "1 message: 1 before\n"
    shown = run("-C", letters, "bounces", "read", "--all", mails.folder).out
    assert "judged before: strike" in shown


def test_a_dry_run_changes_nothing(run: Run, letters: Path, mails: Mails) -> None:
    """It says what would be decided, and later it is decided so."""
    gone = mails.report(0, "5.1.1")
    tried = run("-C", letters, "bounces", "read", "--dry-run", mails.folder)
    assert "1 bounced" in tried.out
    assert "Nothing was changed" in tried.out
    assert status_of(run, letters, gone) == "confirmed"
    real = run("-C", letters, "bounces", "read", mails.folder)
    assert "1 bounced" in real.out
    assert status_of(run, letters, gone) == "bounced"


def test_a_program_gets_one_document(run: Run, letters: Path, mails: Mails) -> None:
    """With every report in full, and what could not be read."""
    gone = mails.report(0, "5.1.1")
    (mails.folder / "odd.json").write_text('{"odd": 1}', encoding="utf-8")
    answer = run("-C", letters, "bounces", "read", mails.folder, "--json")
    document = answer.document
    assert answer.status == 1
    assert (document["messages"], document["dry_run"]) == (2, False)
    (report,) = document["reports"]
    assert report["about"] == report["recipient"] == gone
    assert report["campaign"] == "issue-4"
    assert (report["status"], report["decision"]) == ("5.1.1", "bounced")
    (odd,) = document["unread"]
    assert odd["path"].endswith("odd.json")
    assert odd["hint"]


def test_no_letter_passes_for_the_word_of_a_provider(
    run: Run, letters: Path, mails: Mails
) -> None:
    """Anybody can write JSON; only a file that was saved as such is read so."""
    key, _ = mails.deliveries[0]
    told = {
        "notificationType": "Complaint",
        "mail": {"messageId": "1", "destination": [key]},
        "complaint": {"complainedRecipients": [{"emailAddress": key}]},
    }
    (mails.folder / "forged.eml").write_text(json.dumps(told), encoding="utf-8")
    forged = run("-C", letters, "bounces", "read", mails.folder)
    assert "1 unknown" in forged.out
    assert status_of(run, letters, str(key)) == "confirmed"
    (mails.folder / "told.json").write_text(json.dumps(told), encoding="utf-8")
    told_so = run("-C", letters, "bounces", "read", mails.folder)
    assert "1 complained" in told_so.out
    assert status_of(run, letters, str(key)) == "suppressed"


def test_letters_are_answered_by_the_sink_that_is_named(
    run: Run, letters: Path, mails: Mails
) -> None:
    """Until then they wait, and it is said so."""
    mails.letter("New Reader <new@example.net>", "subscribe fr")
    first = run("-C", letters, "bounces", "read", mails.folder)
    assert "asked" in first.out
    assert "distribute serve" in first.out
    assert not (letters / "out" / "mail").exists()
    second = run("-C", letters, "bounces", "read", mails.folder, "--sink", "file")
    assert "1 letter: 1 accepted" in second.out
    (address,) = messages_in(letters / "out" / "mail")
    assert address == "new@example.net"


def test_who_joins_by_mail_agrees_to_the_words_of_the_page(
    run: Run, letters: Path, mails: Mails
) -> None:
    """They are kept as those of a form are; without a page there are none."""
    mails.letter("New Reader <new@example.net>", "subscribe fr!")
    run("-C", letters, "bounces", "read", mails.folder)
    asked = "SELECT languages, only_these, wording FROM application WHERE key = ?"
    with Store.open(letters / "distribute.db") as store:
        row = store.connection.execute(asked, ("new@example.net",)).fetchone()
        assert row == ("fr", 1, "")
    file = letters / "distribute.toml"
    written = file.read_text("utf-8")
    file.write_text(f'{written}\n[public]\nanswers = "mail"\n', "utf-8")
    mails.letter("Other Reader <other@example.net>", "subscribe fr")
    answer = run("-C", letters, "bounces", "read", mails.folder)
    assert answer.status == 0, answer.err
    front = Front(letters)
    words = wording_of(Language("fr"), publication=front.publication, theme=front.theme)
    with Store.open(letters / "distribute.db") as store:
        row = store.connection.execute(asked, ("other@example.net",)).fetchone()
        assert store.wording(row[2]) == words


def test_who_writes_to_leave_is_let_go(run: Run, letters: Path, mails: Mails) -> None:
    """By the address that each mail names for it."""
    key, id_ = mails.deliveries[3]
    mails.letter(str(key), f"unsubscribe {id_}")
    answer = run("-C", letters, "bounces", "read", mails.folder)
    assert "wrote to leave" in answer.out
    assert status_of(run, letters, str(key)) == "unsubscribed"
    told = run("-C", letters, "explain", str(key), "4").out
    assert "left" in told


def test_the_mailbox_on_a_server_is_read_from_where_one_left_off(
    run: Run, letters: Path, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its password comes from the environment, and nothing there is changed."""
    gone = mails.report(0, "5.1.1")
    (path,) = mails.folder.iterdir()
    box = Folder({4: path.read_bytes()})
    monkeypatch.setenv("BOUNCES_PASSWORD", "gehéim")
    with serving(box) as port:
        toml = letters / "distribute.toml"
        toml.write_text(
            toml.read_text("utf-8")
            + '\n[bounces]\n[bounces.imap]\nhost = "localhost"\n'
            f'port = {port}\nusername = "news"\npassword_env = "BOUNCES_PASSWORD"\n'
            'security = "none"\n',
            encoding="utf-8",
        )
        tried = run("-C", letters, "bounces", "read", "--imap", "--dry-run")
        first = run("-C", letters, "bounces", "read", "--imap")
        again = run("-C", letters, "bounces", "read", "--imap")
    assert "1 bounced" in tried.out
    assert "1 bounced" in first.out, first.err
    assert again.out == "0 messages: nothing to judge\n"
    assert status_of(run, letters, gone) == "bounced"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Name a PATH"),
        (["--imap"], "[bounces.imap] is missing"),
        (["nowhere"], "there is no such file or folder"),
        (["--dry-run", "--sink", "file", "."], "sends no letters"),
    ],
)
def test_what_is_wrong_with_the_call_is_said(
    run: Run, letters: Path, arguments: list[str], words: str
) -> None:
    """With the status 2."""
    answer = run("-C", letters, "bounces", "read", *arguments)
    assert answer.status == 2
    assert words in answer.err


def test_a_letter_that_asks_to_confirm_comes_back(
    run: Run, letters: Path, mails: Mails
) -> None:
    """By its Message-ID, as it left; nobody waits for an answer any more."""
    mails.letter("New Reader <new@example.net>", "subscribe fr")
    run("-C", letters, "bounces", "read", mails.folder, "--sink", "file")
    (message,) = (letters / "out" / "mail").rglob("*.eml")
    id_ = read_header(message.read_bytes()).first("message-id").partition("@")[0]
    mails.deliveries[0] = ("new@example.net", id_.rpartition(".")[2])
    mails.report(0, "5.1.1")
    answer = run("-C", letters, "bounces", "read", mails.folder)
    assert "1 withdrawn" in answer.out
    with reach_into(letters / "distribute.db") as connection:
        (count,) = connection.execute("SELECT count(*) FROM application").fetchone()
    assert count == 0
