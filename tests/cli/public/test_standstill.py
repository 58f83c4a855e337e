"""Letters of a process that stood still, as on a laptop that slept: each leaves once."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from distribute.audience.database.database import open_database
from distribute.audience.reception.letters import LEASE, Fate, Kind
from distribute.audience.subscriber import Subscriber
from distribute.campaign.campaign import Turn
from distribute.cli.newsletter.front import Front
from distribute.cli.public.postage import Postage
from distribute.errors import LostConnectionError
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.sinks.memory import MemorySink
from distribute.web.public.registry import Books
from tests.cli.office import ADA, GRACE, NOW, SIGNER, Office, office_in
from tests.cli.serving import write_newsletter
from tests.mailroom import Inbox, open_mailroom, use_server


class Interrupted(MemorySink):
    """Something happens after the envelopes were said, and before a message leaves."""

    def __init__(self, happening: Callable[[], object]) -> None:
        super().__init__()
        self._happenings = [happening]

    def turn(self, wait: float) -> Turn:
        """Say what is ready, once that has happened."""
        turn = super().turn(wait)
        if turn.ready and self._happenings:
            self._happenings.pop()()
        return turn


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a newsletter."""
    return write_newsletter(tmp_path / "news")


@pytest.fixture
def office(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Open the outbox of the process that will stand still."""
    with office_in(folder, monkeypatch) as office:
        yield office


@pytest.fixture
def sleep(office: Office, folder: Path) -> Callable[[], Office]:
    """Make what lets a process stand still until another has sent its letters."""

    def sleep() -> Office:
        office.now += LEASE
        with pytest.MonkeyPatch.context() as patch, office_in(folder, patch) as other:
            other.now = office.now
            other.send()
            return other

    return sleep


def test_what_another_process_has_sent_is_not_sent_again(
    office: Office, sleep: Callable[[], Office]
) -> None:
    """It wakes up with the envelope said, and does not let go of the message."""
    others = list[Office]()
    office.ask()
    posted = office.send(Interrupted(lambda: others.append(sleep())))
    assert (posted.accepted, office.mails) == (0, [])
    assert len(others[0].mails) == 1
    assert office.fates() == [(Kind.CONFIRM, Fate.ACCEPTED)]


def test_what_another_process_has_sent_is_not_put_off(
    office: Office, sleep: Callable[[], Office]
) -> None:
    """It wakes up to a connection that is long lost, which says nothing of the letter."""

    def wake_to_nothing() -> None:
        sleep()
        raise LostConnectionError("the server has hung up")

    office.ask()
    assert office.send(Interrupted(wake_to_nothing)).failure
    assert office.fates() == [(Kind.CONFIRM, Fate.ACCEPTED)]
    assert office.send(hours=1).accepted == 0


def test_who_stood_still_goes_on_if_nobody_came(office: Office) -> None:
    """The letter is still theirs, however late it is."""
    office.ask()

    def sleep() -> None:
        office.now += 6 * LEASE

    assert office.send(Interrupted(sleep)).accepted == 1


def test_asking_anew_in_the_midst_makes_no_second_letter(office: Office) -> None:
    """The letter in hand gives way to the new one; the others leave all the same."""
    office.ask()
    office.ask(ADA)
    first = office.sink = Interrupted(office.ask)
    assert office.postage.send_due().accepted == 2
    assert [envelope.rcpt_to for envelope, _ in first.messages] == [ADA.address]
    assert [envelope.rcpt_to for envelope, _ in office.sink.messages] == [GRACE.address]
    assert office.fates() == office.fates(ADA) == [(Kind.CONFIRM, Fate.ACCEPTED)]


class Hall(Inbox):
    """Takes several messages to one mailbox, as long as they differ."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: set[bytes] = set()

    async def handle_DATA(self, _server: SMTP, _session: Session, it: Envelope) -> str:
        assert isinstance(it.content, bytes)
        assert it.content not in self.letters, "a second copy"
        self.letters.add(it.content)
        return "250 2.0.0 kept"


def test_two_letters_to_one_mailbox_leave_at_the_same_time(folder: Path) -> None:
    """Whoever fills in both forms gets both, over two connections to the server."""
    with open_mailroom(hall := Hall()):
        use_server(folder, hall.port)
        front = Front(folder)
        path = front.settings.database
        with closing(open_database(path)) as connection:
            books = Books.over(path, connection, SIGNER)
            for mailbox in (GRACE, Mailbox("grace.h@example.org")):
                books.store.put(Subscriber(mailbox=mailbox), by="test", now=NOW)
                for kind in (Kind.LINK, Kind.JOIN):
                    books.letters.ask(kind, mailbox, Language("en"), now=NOW)
            postage = Postage(
                front,
                books.reception,
                books.letters,
                SIGNER,
                sink="smtp",
                clock=lambda: NOW,
            )
            assert postage.send_due().accepted == 4
    assert len(hall.letters) == 4
