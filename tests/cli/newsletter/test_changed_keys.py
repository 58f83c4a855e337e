"""Another key signs from now on; what is out there with the old one goes on working."""

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

import pytest

from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from tests.cli.conftest import Run, copy_sample
from tests.cli.serving import serving
from tests.scenarios.office import keep_one_issue

OLD, NEW = "an old key of this newsletter", "a new one, that is as long"
PUBLIC = '\n[public]\nkey_env = "{key}"\nretired_key_envs = [{retired}]\n'
REPORT = """\
From: MAILER-DAEMON@mx.example.net
To: {sender}
Subject: Undelivered mail
Message-ID: <1@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; somebody@elsewhere.example
Action: failed
Status: 5.1.1

--cut--
"""


class Newsletter:
    """A newsletter whose issue went out under the old key, and which has a new one."""

    def __init__(self, run: Run, folder: Path, database: Path) -> None:
        self.folder = folder
        copy_sample(folder)
        keep_one_issue(folder)
        (folder / "distribute.db").write_bytes(database.read_bytes())
        self._toml = (folder / "distribute.toml").read_text("utf-8")
        self._toml = self._toml.replace("[sender]", "[sender]\nverp = true")
        self.has_keys("OLD_KEY", "")
        assert run("-C", folder, "send", "4").status == 0
        self.readers = sorted(
            (folder / "out" / "mail").rglob("*.eml"), key=lambda path: path.name
        )
        suppressed = run("-C", folder, "audience", "suppress", "gone@example.org")
        assert suppressed.status == 0, suppressed.err
        self.has_keys("NEW_KEY", '"OLD_KEY"')

    def has_keys(self, key: str, retired: str) -> None:
        """Say in the settings which key signs, and which have signed."""
        text = self._toml + PUBLIC.format(key=key, retired=retired)
        (self.folder / "distribute.toml").write_text(text, "utf-8")

    def mail(self, place: int) -> tuple[str, EmailMessage]:
        """Read a mail that went out, and tell to whom."""
        data = self.readers[place].read_bytes()
        parsed = email.message_from_bytes(data, policy=email.policy.default)
        return str(parsed["To"].addresses[0].addr_spec), parsed

    def status(self, address: str) -> Status | None:
        """Look up where somebody stands."""
        with Store.open(self.folder / "distribute.db") as store:
            known = store.get(address)
            return known.status if known else None


@pytest.fixture
def newsletter(
    run: Run, tmp_path: Path, subscribers: Path, monkeypatch: pytest.MonkeyPatch
) -> Newsletter:
    """Send under the old key, and change to the new one."""
    monkeypatch.setenv("OLD_KEY", OLD)
    monkeypatch.setenv("NEW_KEY", NEW)
    return Newsletter(run, tmp_path / "letter", subscribers)


def link(message: EmailMessage, start: str) -> str:
    """Find the path of a link in a mail's text."""
    body = message.get_body(("plain",))
    assert body
    found = re.search(rf"https://[^/\s]+({start}[\w-]+)", body.get_content())
    assert found
    return found[1]


def test_links_of_before_open_their_pages(newsletter: Newsletter) -> None:
    """One click leaves, and preferences are chosen."""
    leaver, first = newsletter.mail(0)
    chooser, second = newsletter.mail(1)
    with serving(newsletter.folder) as visitor:
        leave, choose = link(first, "/u/"), link(second, "/p/")
        assert visitor.ask(choose, {"first": "fr", "only": "on"})[0] == 200
        assert visitor.ask(leave, {"List-Unsubscribe": "One-Click"})[0] == 200
    assert newsletter.status(leaver) is Status.UNSUBSCRIBED
    with Store.open(newsletter.folder / "distribute.db") as store:
        known = store.get(chooser)
    assert known is not None
    assert [language.tag for language in known.languages] == ["fr"]


def test_without_the_old_key_nothing_is_sent(run: Run, newsletter: Newsletter) -> None:
    """Nobody could tell then who must not be written to; it is said what to do."""
    newsletter.has_keys("NEW_KEY", "")
    for command in (["send", "4"], ["audience", "add", "gone@example.org"]):
        answer = run("-C", newsletter.folder, *command)
        assert answer.status == 2
        assert "retired_key_envs" in answer.err


def test_what_comes_back_names_its_delivery(
    run: Run, newsletter: Newsletter, tmp_path: Path
) -> None:
    """By the sender of its envelope alone; and so does who writes to leave."""
    reader, _ = newsletter.mail(0)
    writer, second = newsletter.mail(1)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    envelope = newsletter.readers[0].with_suffix(".json").read_text("utf-8")
    sender = re.search(r"bounces\+[0-9a-f]{24}@[\w.-]+", envelope)
    assert sender
    (inbox / "1.eml").write_text(REPORT.format(sender=sender[0]), "utf-8")
    subject = re.search(r"subject=(unsubscribe)%20(\w+)", second["List-Unsubscribe"])
    assert subject
    letter = f"From: x@example.net\nSubject: unsubscribe {subject[2]}\n\n"
    (inbox / "2.eml").write_text(letter, "utf-8")
    answer = run("-C", newsletter.folder, "bounces", "read", inbox)
    assert "1 bounced, 1 left" in answer.out, answer.err
    assert newsletter.status(reader) is Status.BOUNCED
    assert newsletter.status(writer) is Status.UNSUBSCRIBED


def test_whoever_was_suppressed_stays_so(run: Run, newsletter: Newsletter) -> None:
    """Their hash was made with the old key, the next one is made with the new."""
    folder = newsletter.folder
    added = run("-C", folder, "--json", "audience", "add", "gone@example.org")
    assert added.document["verdict"] == "kept out"
    file = folder / "people.csv"
    file.write_text("email\ngone@example.org\nanother@example.org\n", "utf-8")
    brought = run("-C", folder, "audience", "import", file)
    assert "1 added" in brought.out
    assert "1 kept out" in brought.out
    assert run("-C", folder, "audience", "suppress", "another@example.org").status == 0
    assert newsletter.status("another@example.org") is Status.SUPPRESSED


def test_sending_goes_on_where_it_was(run: Run, newsletter: Newsletter) -> None:
    """Nobody gets the issue twice, though the ids would be others now."""
    before = {path.name for path in newsletter.readers}
    answer = run("-C", newsletter.folder, "send", "4")
    assert answer.status == 0, answer.err
    mails = (newsletter.folder / "out" / "mail").rglob("*.eml")
    assert {path.name for path in mails} == before
