"""``distribute bounces read``: what came back, in a table, with what came of it."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.store import Store
from distribute.campaign.returned.header import read_header
from distribute.cli.bounces import _AT_ONCE, batches_of
from distribute.cli.newsletter.front import Front
from distribute.cli.returned.postbox import Found
from distribute.language import Language
from distribute.render.public.forms import wording_of
from distribute.sinks.inbox.item import Item
from tests.cli.conftest import Run, copy_sample
from tests.commands import call
from tests.databases import reach_into
from tests.mailroom import messages_in
from tests.scenarios.office import keep_one_issue
from tests.sinks.inbox.imap_server import Folder, serving

REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.net
To: bounces@example.org
Subject: Undelivered mail
Message-ID: <{name}@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {recipient}
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 {status} {words}

--cut
Content-Type: text/rfc822-headers

Message-ID: <4-en.{delivery}@lights-out.example.org>
To: {recipient}

--cut--
"""
LETTER = "From: {sender}\nTo: news@example.org\nSubject: {subject}\nMessage-ID: <{name}@x>\n\n"


class Mails:
    """Writes what comes back into a folder; each about another delivery of the issue."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        with reach_into(database) as connection:
            query = "SELECT key, id FROM delivery ORDER BY key"
            self.deliveries = list(connection.execute(query))

    def report(self, place: int, status: str, words: str = "said so") -> str:
        """Write a delivery report; gives whom it is about."""
        key, id_ = self.deliveries[place]
        name = f"report-{place}-{status}"
        text = REPORT.format(
            name=name, recipient=key, status=status, words=words, delivery=id_
        )
        (self.folder / f"{name}.eml").write_text(text, encoding="utf-8")
        return str(key)

    def letter(self, sender: str, subject: str) -> None:
        """Write a letter of a reader."""
        name = f"letter-{len(list(self.folder.iterdir()))}"
        text = LETTER.format(sender=sender, subject=subject, name=name)
        (self.folder / f"{name}.eml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory, subscribers: Path) -> Path:
    """Send an issue of the sample to files, once for all tests; gives its folder."""
    folder = tmp_path_factory.mktemp("sent") / "letter"
    copy_sample(folder)
    keep_one_issue(folder)
    (folder / subscribers.name).write_bytes(subscribers.read_bytes())
    assert call("-C", folder, "send", "4").status == 0
    return folder


@pytest.fixture
def letters(sent: Path, tmp_path: Path) -> Path:
    """Give a newsletter of one's own whose issue has been sent."""
    folder = tmp_path / "letter"
    shutil.copytree(sent, folder, ignore=shutil.ignore_patterns("out"))
    return folder


@pytest.fixture
def mails(letters: Path, tmp_path: Path) -> Mails:
    """Give a folder for what comes back."""
    return Mails(tmp_path / "inbox", letters / "distribute.db")


def status_of(run: Run, folder: Path, address: str) -> str:
    """Ask where somebody stands."""
    found = run("-C", folder, "--json", "audience", "list").document["subscribers"]
    return str(next(each["status"] for each in found if each["email"] == address))


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


def test_a_dry_run_counts_as_the_real_one_does(
    run: Run, letters: Path, mails: Mails
) -> None:
    """Over all messages, be they judged together or not."""
    toml = letters / "distribute.toml"
    toml.write_text(f"{toml.read_text('utf-8')}\n[bounces]\nstrikes = 1\n", "utf-8")
    reader, _ = mails.deliveries[0]
    for number in range(_AT_ONCE):
        mails.letter("machine@example.net", f"Out of office {number:04}")
    first, last = mails.folder / "0.eml", mails.folder / "z.eml"
    for path, status in ((first, "5.2.2"), (last, "4.4.7")):
        mails.report(0, status)
        (mails.folder / f"report-0-{status}.eml").rename(path)
    tried = run("-C", letters, "--json", "bounces", "read", "--dry-run", mails.folder)
    real = run("-C", letters, "--json", "bounces", "read", mails.folder)
    assert tried.document["decisions"] == real.document["decisions"]
    assert tried.document["decisions"]["bounced by strikes"] == 1
    assert tried.document["reports"] == real.document["reports"]
    assert status_of(run, letters, str(reader)) == "bounced"


@given(st.lists(st.integers(0, 60), max_size=40), st.integers(1, 9), st.integers(1, 50))
@settings(max_examples=200, deadline=None)
def test_messages_are_taken_by_number_and_by_size(
    sizes: list[int], most: int, octets: int
) -> None:
    """All of them in their order; one that is too large comes alone."""
    found: list[Found] = [
        (Item(name=str(number), data=b"x" * size, is_mail=True), None)
        for number, size in enumerate(sizes)
    ]
    batches = list(batches_of(found, most=most, octets=octets))
    assert [each for batch in batches for each in batch] == found
    for batch in batches:
        weight = sum(len(item.data) for item, _ in batch if isinstance(item, Item))
        assert len(batch) == 1 or (len(batch) <= most and weight <= octets)


def test_a_wave_is_an_alarm_and_nobody_is_taken_off(
    run: Run, letters: Path, mails: Mails
) -> None:
    """What came of it before is put right, in the table as well."""
    with reach_into(letters / "distribute.db") as connection:
        for number in range(25):
            key, id_ = f"p{number:02}@large.example", f"{number:024x}"
            values = {"key": key, "id": id_, "number": 1000 + number}
            connection.execute(
                "INSERT INTO subscriber (key, address, name, languages, only_these,"
                " status, joined, source, tags, paused)"
                " VALUES (:key, :key, '', '', 0, 'confirmed', '2026-01-01T00:00:00+00:00',"
                " '', '', '')",
                values,
            )
            connection.execute(
                "INSERT INTO delivery (number, campaign, key, state, attempt, opened,"
                " choice, since, id, address, code, enhanced, text, stage)"
                " SELECT :number, number, :key, 'accepted', 1, 0, 0, 0, :id, :key, 250,"
                " '', '', '' FROM campaign WHERE id = 'issue-4'",
                values,
            )
            mails.deliveries.insert(number, (key, id_))
    for number in range(22):
        mails.report(number, "5.1.1")
    answer = run("-C", letters, "bounces", "read", mails.folder)
    assert answer.status == 1
    assert (
        "ALARM: issue-4: 20 of 25 mailboxes at large.example are said to be gone;"
        " 19 of them stand on the list as before" in answer.out
    )
    assert "22 messages: 22 strike" in answer.out
    assert "audience import FILE --status bounced" in answer.out
    assert status_of(run, letters, "p00@large.example") == "confirmed"
    told = run("-C", letters, "explain", "p00@large.example").out
    assert "taken back" in told
    again = run("-C", letters, "bounces", "read", mails.folder)
    assert again.status == 0
    assert again.out == "22 messages: 22 before\n"


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
