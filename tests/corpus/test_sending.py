"""A real issue to hundreds of invented readers: files, SMTP, and what parsers read."""

import json
import re
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from distribute.cli.newsletter.newsletter import Newsletter
from distribute.editions.edition import Edition
from tests.commands import call, finish, start
from tests.crowd import TOO_LONG, Reader, crowd, write_list
from tests.judges import Parsed, digest, parsed_by_mailparser, shown_by_mutt
from tests.mailroom import free_port, open_mailroom_next_door, parse, use_server

CROWD = 300
SERVED = {
    "en": "en",
    "en-GB; fr": "en",
    "es": "es",
    "es-AR; en": "es",
    "pt-PT; es": "es",
    "de_AT, es": "es",
    "fr!": "fr",
    "fr-CA": "fr",
    "zh-Hant; fr": "fr",
    "tr | fr": "fr",
    "zh": "zh",
    "zh-Hans-CN; en": "zh",
    "ja; zh!": "zh",
    "pt-BR": "en",
    "tr": "en",
    "ar": "en",
    "": "en",
}
"""Wishes, and which edition of issue 5 meets them; it was written in four languages."""
UNSERVED = [
    ("only-arabic@example.org", "", "ar!", "confirmed"),
    ("only-traditional@example.org", "", "zh-Hant!", "confirmed"),
    ("gone@example.org", "", "en", "unsubscribed"),
    ("unsure@example.org", "", "fr", "pending"),
    ("READER0@example.org", "Somebody Else", "fr", "confirmed"),
]
"""Who gets nothing: no edition for them, not confirmed, or there already."""


@dataclass(frozen=True)
class Sending:
    """A newsletter of which issue 5 has been sent to files."""

    folder: Path
    readers: Mapping[str, Reader]
    """By the address on the envelope."""
    editions: Mapping[str, Edition]
    """Of issue 5, by the folder of their language."""
    answer: Any
    seconds: float
    """Of work, whatever else the machine had to do."""
    by_smtp: subprocess.Popen[str]
    """The same once more, to a server that keeps the messages in `received`."""
    received: Path

    @property
    def mail(self) -> Path:
        """Where the messages lie."""
        return self.folder / "out" / "mail" / "issue-5"


@dataclass(frozen=True)
class Message:
    """One file of the sending, as Python reads it."""

    path: Path
    reader: Reader
    parsed: EmailMessage
    text: str
    html: str

    @property
    def way_out(self) -> str:
        """The personal URL of one-click unsubscribing."""
        found = re.match(r"<(https://[^>]+)>", self.parsed["List-Unsubscribe"])
        assert found
        return found[1]

    @property
    def way_to_choose(self) -> str:
        """The personal URL of the page where languages are chosen."""
        found = re.search(r"https?://\S+/p/[A-Za-z0-9_-]+", self.text)
        assert found
        return found[0]


@pytest.fixture(scope="module")
def sending(
    settings: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sending]:
    """Import the crowd, send issue 5 to files, and begin to send it by SMTP."""
    folder = tmp_path_factory.mktemp("newsletter")
    (folder / "distribute.toml").write_text(settings, encoding="utf-8")
    readers = crowd(CROWD, list(SERVED))
    write_list(readers, folder / "people.csv", *UNSERVED)
    imported = call("-C", folder, "--json", "audience", "import", folder / "people.csv")
    assert imported.document["added"] == CROWD + len(UNSERVED) - 1
    begun = time.process_time()
    answer = call("-C", folder, "--json", "send", "5")
    seconds = time.process_time() - begun
    assert answer.status == 0, answer.err
    received = tmp_path_factory.mktemp("received")
    port = free_port()
    use_server(folder, port)
    by_smtp = ("-C", folder, "send", "5", "--sink", "smtp", "--yes")
    with open_mailroom_next_door(received, port), start(*by_smtp) as process:
        yield Sending(
            by_smtp=process,
            received=received,
            folder=folder,
            readers={reader.wire: reader for reader in readers},
            editions={
                language.folder: edition
                for language, edition in Newsletter(folder).issue("5").editions.items()
            },
            answer=answer.document,
            seconds=seconds,
        )


@pytest.fixture(scope="module")
def messages(sending: Sending) -> Sequence[Message]:
    """Read every message with Python's own parser."""
    return [message_of(path, sending) for path in sorted(sending.mail.rglob("*.eml"))]


def message_of(path: Path, sending: Sending) -> Message:
    """Read one message and its envelope."""
    parsed = parse(path.read_bytes())
    text, html = (parsed.get_body((kind,)) for kind in ("plain", "html"))
    assert text
    assert html
    envelope = json.loads(path.with_suffix(".json").read_bytes())
    reader = sending.readers[envelope["rcpt_to"]]
    said = (part.get_content().replace("\r\n", "\n") for part in (text, html))
    return Message(path, reader, parsed, *said)


def test_everybody_gets_one_message_in_their_language(sending: Sending) -> None:
    """One ``.eml`` and its envelope each, in the folder of the edition that suits."""
    found = {}
    for path in sending.mail.rglob("*.json"):
        envelope = json.loads(path.read_bytes())
        assert envelope["id"] == f"5/{path.parent.name}/{path.stem}"
        assert path.with_suffix(".eml").is_file()
        assert envelope["rcpt_to"] not in found
        found[envelope["rcpt_to"]] = path.parent.name
    assert found == {wire: SERVED[r.wishes] for wire, r in sending.readers.items()}
    assert sum(path.is_file() for path in sending.mail.rglob("*")) == 2 * CROWD
    assert sending.answer["planned"] == sending.answer["outcomes"]["accepted"] == CROWD
    assert sending.answer["passed_over"] == len(UNSERVED) - 1


def test_it_takes_seconds(sending: Sending) -> None:
    """A thousand messages, from reading the posts to the last receipt."""
    assert sending.seconds < 20


def test_python_reads_every_message_cleanly(
    sending: Sending, messages: Sequence[Message]
) -> None:
    """No defect anywhere; subject, language and addressee are exact."""
    assert len(messages) == CROWD
    for each in messages:
        edition = sending.editions[each.path.parent.name]
        assert not any(part.defects for part in each.parsed.walk())
        assert not any(value.defects for value in each.parsed.values())
        assert str(each.parsed["Subject"]) == edition.title
        assert each.parsed["Content-Language"] == edition.language.tag
        (to,) = each.parsed["To"].addresses
        assert to.addr_spec == each.reader.wire
        assert name_in(to.display_name, each) == each.reader.name


def name_in(shown: str, message: Message) -> str:
    """Give the name in To; long ones as `email.header` reads them, which is right."""
    if message.reader.name.isascii() or len(message.reader.name.encode()) <= TOO_LONG:
        return shown
    field = message.path.read_bytes().partition(b"\r\nTo: ")[2].partition(b"<")[0]
    return str(make_header(decode_header(field.decode("ascii")))).strip()


def test_all_messages_of_an_edition_say_the_same(
    sending: Sending, messages: Sequence[Message]
) -> None:
    """But for the reader's own address, name and links, not a character differs."""
    said: dict[str, set[tuple[str, str]]] = {}
    for each in messages:
        assert each.html.count(each.way_out) >= 1
        assert each.text.count(each.way_out) >= 1
        common = tuple(
            part.replace(each.way_out, "WAY-OUT")
            .replace(each.way_to_choose, "WAY-TO-CHOOSE")
            .replace(each.reader.address, "WHO")
            for part in (each.text, each.html.replace("&#x27;", "'"))
        )
        said.setdefault(each.path.parent.name, set()).add((common[0], common[1]))
    assert said.keys() == sending.editions.keys() == set(SERVED.values())
    for folder, variants in said.items():
        ((text, html),) = variants
        edition = sending.editions[folder]
        assert html.startswith(f'<!DOCTYPE html>\n<html lang="{edition.language}"')
        assert edition.title in text
        assert edition.url in text
        assert edition.url in html


def test_the_ways_out_are_personal_and_tell_nothing(
    messages: Sequence[Message],
) -> None:
    """No two are the same, none holds an address; one click is offered in every one."""
    assert len({each.way_out for each in messages}) == CROWD
    assert len({each.way_to_choose for each in messages}) == CROWD
    for each in messages:
        assert each.reader.address.partition("@")[0] not in each.way_out.split("/")
        assert len(each.parsed.get_all("List-Unsubscribe", [])) == 1
        click = each.parsed.get_all("List-Unsubscribe-Post")
        assert click == ["List-Unsubscribe=One-Click"]


def test_the_bytes_are_those_that_travel_everywhere(
    messages: Sequence[Message],
) -> None:
    """ASCII, CRLF, short lines, and list headers that nobody has to decode."""
    for each in messages:
        raw = each.path.read_bytes()
        assert raw.isascii()
        assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        head = raw.partition(b"\r\n\r\n")[0]
        for field in re.split(rb"\r\n(?! )", head):
            if field.startswith((b"List-", b"Archived-At", b"Message-ID", b"Feedback")):
                assert b"=?" not in field


def test_mailparser_reads_the_same(
    sending: Sending, messages: Sequence[Message]
) -> None:
    """What JavaScript reads is what Python reads, of every message."""
    parsed = parsed_by_mailparser([each.path for each in messages])
    for each, read in zip(messages, parsed, strict=True):
        edition = sending.editions[each.path.parent.name]
        assert read.subject == edition.title
        assert read.language == edition.language.tag
        assert_addressed(read, each.reader)
        assert (read.text, read.html) == (digest(each.text), digest(each.html))
        assert read.unsubscribe["url"] == each.way_out


def assert_addressed(read: Parsed, reader: Reader) -> None:
    """Compare the To field; mailparser shows domains as people write them."""
    ((name, address),) = [(to["name"], to["address"]) for to in read.to]
    assert name == reader.name
    assert address in {reader.wire, reader.address}


def test_mutt_reads_the_same(
    sending: Sending, messages: Sequence[Message], tmp_path: Path
) -> None:
    """Subject, name and text of two dozen messages, as the terminal shows them."""
    sample = messages[:: CROWD // 24]
    shown = shown_by_mutt([each.path for each in sample], tmp_path)
    for each, text in zip(sample, shown, strict=True):
        head, _, body = text.partition("\n\n")
        fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
        assert fields["Subject"] == sending.editions[each.path.parent.name].title
        name = fields["To"].replace("\\", "").replace('"', "")
        assert each.reader.name.replace("\\", "").replace('"', "") in name
        assert each.text.strip() in body


def test_a_second_run_sends_nothing(sending: Sending) -> None:
    """Nobody is due any more; no file is touched."""
    before = {path: path.stat().st_mtime_ns for path in sending.mail.rglob("*")}
    again = call("-C", sending.folder, "--json", "send", "5")
    assert (again.status, again.document["planned"]) == (0, 0)
    after = {path: path.stat().st_mtime_ns for path in sending.mail.rglob("*")}
    assert after == before


def test_smtp_carries_the_very_same_bytes(sending: Sending) -> None:
    """A thousand transactions with a real server, and not one byte is different."""
    answer = finish(sending.by_smtp)
    assert answer.status == 0, answer.out + answer.err
    files = {
        json.loads(path.with_suffix(".json").read_bytes())["rcpt_to"]: path.read_bytes()
        for path in sending.mail.rglob("*.eml")
    }
    assert len(files) == CROWD
    assert {
        path.name: path.read_bytes() for path in sending.received.iterdir()
    } == files
    again = call("-C", sending.folder, "--json", "plan", "5", "--sink", "smtp")
    assert again.document["planned"] == 0
