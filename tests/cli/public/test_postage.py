"""Letters: each leaves once, and none is lost while the server of mail is not there."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from distribute.audience.database.database import open_database, to_milliseconds
from distribute.audience.reception.application import Application
from distribute.audience.reception.letters import LEASE, Fate, Kind, PendingLetter
from distribute.audience.reception.token import Purpose
from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.campaign import Outcome, Parcel, Receipt, Stage
from distribute.cli.newsletter.front import Front
from distribute.cli.public.postage import Postage, Posted
from distribute.cli.public.stationery import Stationery
from distribute.errors import LostConnectionError, RenderError, TransientDeliveryError
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.sinks.memory import MemorySink, refusal
from distribute.web.public.registry import Books
from tests.cli.office import ADA, GRACE, NOW, SIGNER, Office, office_in
from tests.cli.serving import write_newsletter


@pytest.fixture(name="office")
def open_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Open an outbox with nothing in it."""
    folder = write_newsletter(tmp_path / "news")
    with office_in(folder, monkeypatch) as office:
        yield office


def test_a_newcomer_gets_the_link_that_confirms(office: Office) -> None:
    """In the language of the form, as is its page; the link is good for seven days."""
    office.ask()
    assert office.send().accepted == 1
    ((envelope, data),) = office.sink.messages
    assert (envelope.mail_from, envelope.rcpt_to) == (
        "bounces@example.org",
        "grace@example.org",
    )
    token = SIGNER.sign(GRACE.key, Purpose.CONFIRM, NOW + timedelta(days=7))
    assert b"Content-Language: ar" in data
    link = f"https://news.example.org/confirm/{token}?lang=ar"
    assert link.encode() in _unfolded(data)
    assert office.fates() == [(Kind.CONFIRM, Fate.ACCEPTED)]


def _unfolded(data: bytes) -> bytes:
    import email
    import email.policy

    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body
    return str(body.get_content()).encode()


def test_a_subscriber_gets_the_link_to_their_choices(office: Office) -> None:
    """Whichever form they have filled in."""
    office.books.store.put(Subscriber(mailbox=ADA), by="test", now=NOW)
    office.ask(ADA)
    office.books.reception.send_link(ADA, language=Language("de"), now=NOW)
    assert office.send().accepted == 2
    link = f"/p/{SIGNER.sign(ADA.key, Purpose.PREFERENCES)}".encode()
    assert all(link in _unfolded(data) for _, data in office.sink.messages)
    assert office.fates(ADA) == [
        (Kind.KNOWN, Fate.ACCEPTED),
        (Kind.PREFERENCES, Fate.ACCEPTED),
    ]


def test_nobody_else_is_written_to(office: Office) -> None:
    """Who complained, and who is not on the list and wants a link."""
    complained = Subscriber(mailbox=ADA, status=Status.COMPLAINED)
    office.books.store.put(complained, by="test", now=NOW)
    office.ask(ADA)
    office.books.reception.send_link(GRACE, language=Language("en"), now=NOW)
    posted = office.send()
    assert (posted.none, posted.accepted, office.sink.attempts) == (2, 0, [])
    assert office.fates(ADA) == [(Kind.JOIN, Fate.NONE)]


def test_a_letter_to_nobody_takes_as_long(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written as well: how busy the server is would tell who is on the list."""
    written: list[str] = []

    parcel = Stationery.parcel

    def note(own: Stationery, pending: PendingLetter, kind: Kind) -> Parcel:
        written.append(pending.mailbox.address)
        return parcel(own, pending, kind)

    monkeypatch.setattr(Stationery, "parcel", note)
    office.books.reception.send_link(GRACE, language=Language("en"), now=NOW)
    assert office.send().none == 1
    assert written == [GRACE.address]


def test_a_server_that_is_not_there_is_tried_again(office: Office) -> None:
    """With growing waits; the very same letter leaves once."""
    office.ask()
    for minutes in (0, 2, 4, 6):
        down = MemorySink(failures={1: TransientDeliveryError("down")})
        posted = office.send(down, minutes=minutes)
        assert (posted.put_off, posted.failure is not None) == (1, True)
        assert office.send().accepted == 0
    assert office.send(hours=1).accepted == 1
    assert office.send(hours=1).accepted == 0
    assert len(office.mails) == 1


def test_a_letter_is_the_same_at_every_attempt(office: Office) -> None:
    """Byte by byte, so that a mail program knows it for the same."""
    office.ask()
    office.send()
    again = "UPDATE letter SET due = 0, outcome = '', kind = 'join'"
    office.books.connection.execute(again)
    office.send(minutes=5)
    assert len(office.mails) == 2
    assert len(set(office.mails)) == 1


def test_who_greylists_is_tried_again(office: Office) -> None:
    """A minute later at first, give or take a fifth."""
    office.ask()
    later = {GRACE.address: refusal(450, "later", enhanced="4.7.1")}
    assert office.send(MemorySink(answers=later)).put_off == 1
    assert office.send(seconds=30) == Posted()
    assert office.send(minutes=1).accepted == 1


def test_who_refuses_is_not_asked_again(office: Office) -> None:
    """A 5xx is final; so is a 4xx after two days."""
    office.ask()
    no = {GRACE.address: refusal(550, "nobody", enhanced="5.1.1")}
    assert office.send(MemorySink(answers=no)).refused == 1
    assert office.fates() == [(Kind.CONFIRM, Fate.REJECTED)]
    office.ask(ADA)
    for _ in range(20):
        later = {ADA.address: refusal(450, "later")}
        posted = office.send(MemorySink(answers=later), hours=8)
        if posted.refused:
            break
    assert office.fates(ADA) == [(Kind.CONFIRM, Fate.REJECTED)]
    assert office.now - NOW >= timedelta(hours=48)


def test_a_letter_whose_link_is_good_no_more_is_not_sent(office: Office) -> None:
    """Such as after a week in which nothing was running; who asked is forgotten too."""
    office.ask()
    assert office.send(days=7) == Posted(refused=1)
    assert office.fates() == [(Kind.JOIN, Fate.REJECTED)]
    assert office.books.applications.get(GRACE.key)
    office.send(days=2)
    assert office.books.applications.get(GRACE.key) is None


def test_what_may_have_arrived_is_never_sent_again(office: Office) -> None:
    """The connection broke behind the final dot, and nobody knows."""
    office.ask()
    unknown = Receipt(Outcome.UNCERTAIN, text="lost", stage=Stage.END)
    posted = office.send(MemorySink(answers={GRACE.address: unknown}))
    assert posted.uncertain == 1
    assert office.send(days=1) == Posted()
    assert office.fates() == [(Kind.CONFIRM, Fate.UNCERTAIN)]


def test_a_connection_that_breaks_loses_no_other_letter(office: Office) -> None:
    """Those that have not left yet leave later; no other leaves again."""
    for number in range(5):
        office.ask(Mailbox(f"u{number}@example.org"))
    broken = MemorySink(failures={3: LostConnectionError("gone")}, capacity=2)
    assert office.send(broken).failure
    office.send(hours=1)
    fates = [office.fates(Mailbox(f"u{n}@example.org"))[0][1] for n in range(5)]
    assert set(fates) <= {Fate.ACCEPTED, Fate.UNCERTAIN}
    assert fates.count(Fate.ACCEPTED) == len(office.mails)
    assert len(set(office.mails)) == len(office.mails)


def test_a_process_that_died_leaves_nothing_undone(office: Office) -> None:
    """What it had taken up is written by the next one, once the lease is over."""
    office.ask()
    office.books.letters.claim(office.now)
    assert office.send() == Posted()
    assert office.send(seconds=LEASE.total_seconds()).accepted == 1


def test_a_letter_to_who_was_suppressed_meanwhile_is_not_sent(office: Office) -> None:
    """What they get is decided when it leaves, at every attempt."""
    office.ask()
    later = {GRACE.address: refusal(450, "later")}
    office.send(MemorySink(answers=later))
    gone = Subscriber(mailbox=GRACE, status=Status.COMPLAINED)
    office.books.store.put(gone, by="test", now=NOW)
    assert replace(office.send(hours=1)) == Posted(none=1)


def test_a_broken_template_loses_no_letter(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it is tried: once it is mended, the letter leaves."""

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RenderError("letter.html is broken")

    office.ask()
    with monkeypatch.context() as patch:
        patch.setattr("distribute.cli.public.stationery.render_letter", broken)
        for _ in range(8):
            posted = office.send(minutes=6)
            assert (posted.put_off, str(posted.failure)) == (1, "letter.html is broken")
    assert office.send(minutes=6).accepted == 1


def test_a_letter_of_the_web_lies_for_some_seconds(office: Office) -> None:
    """So that what the server of mail is told cannot be linked to who has just asked."""
    office.ask()
    (pending,) = office.books.letters.claim(NOW)
    office.books.letters.put_off(pending, 0, "", tried=False)
    rest = timedelta(milliseconds=office.postage._stationery.rest(pending))
    assert timedelta(seconds=1) <= rest < timedelta(seconds=6)
    for after in (timedelta(), rest - timedelta(milliseconds=1)):
        office.now = NOW + after
        assert office.postage.send_due(at_once=False) == Posted()
        due = office.books.letters.next_due()
        assert due == to_milliseconds(NOW + rest)
    office.now = NOW + rest
    assert office.postage.send_due(at_once=False).accepted == 1


def test_who_gets_no_letter_lies_as_long(office: Office) -> None:
    """It is not looked up before who they are."""
    office.books.store.put(
        Subscriber(mailbox=ADA, status=Status.COMPLAINED), by="test", now=NOW
    )
    office.ask(ADA)
    assert office.postage.send_due(at_once=False) == Posted()
    assert office.fates(ADA) == [(Kind.JOIN, Fate.WAITING)]
    office.now += timedelta(seconds=6)
    assert office.postage.send_due(at_once=False).none == 1


def test_a_clock_that_was_set_back_holds_up_no_letter(office: Office) -> None:
    """It lies no longer than any."""
    office.ask()
    office.now -= timedelta(days=1)
    office.books.connection.execute("UPDATE letter SET due = 0")
    assert office.postage.send_due(at_once=False) == Posted()
    office.now += timedelta(seconds=6)
    due = office.books.letters.next_due()
    assert due is not None
    assert due <= to_milliseconds(office.now)


def test_without_the_web_letters_lead_to_a_mailbox(tmp_path: Path) -> None:
    """Whoever answers by mail confirms by mail."""
    more = '[public]\nanswers = "mail"\n'
    front = Front(write_newsletter(tmp_path / "news", more))
    connection = open_database(front.settings.database)
    books = Books.over(front.settings.database, connection, SIGNER)
    application = Application(mailbox=GRACE, at=NOW, source="mail")
    books.reception.ask(application, language=Language("en"), now=NOW)
    postage = Postage(
        front, books.reception, books.letters, SIGNER, sink="file", clock=lambda: NOW
    )
    assert postage.send_due().accepted == 1
    connection.close()
    (file,) = (tmp_path / "news/out/mail").rglob("*.eml")
    token = SIGNER.sign(GRACE.key, Purpose.CONFIRM, NOW + timedelta(days=7))
    assert f"confirm {token}".encode() in _unfolded(file.read_bytes())
    assert file.parent == tmp_path / "news/out/mail/letters/en"
