"""Letters come back as issues do; one that asks to confirm ends that alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from distribute.audience.reception.application import Application, Applications
from distribute.audience.reception.letters import Fate, Kind, Letters, letter_id
from distribute.audience.reception.token import Signer
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.suppression.suppression import Hasher, Reason
from distribute.campaign.message.letter import letter_envelope, message_id_of
from distribute.campaign.returned.judge import Decision
from distribute.campaign.returned.report import Kind as ReportKind
from distribute.campaign.returned.report import Report, Returned
from distribute.campaign.returned.returns import Customs, Judged, Returns
from distribute.campaign.returned.verp import Ours, envelope_id_delivery
from distribute.campaign.sender import Sender
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.document import Letter

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
EN = Language("en")
OLD, NEW = b"an old key of this newsletter.....", b"a new one, and as long as that...."
SIGNER = Signer(NEW, retired=(OLD,))
ADA = Mailbox("ada@example.net")
SENDER = Sender(
    mailbox=Mailbox("news@example.org"), bounces=Mailbox("bounces@example.org")
)
WORDS = Letter(language=EN, subject="Please confirm", html="<p>?</p>", text="?")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a list without anybody on it."""
    with Store.open(tmp_path / "distribute.db") as store:
        yield store


def written(store: Store, kind: Kind, signer: Signer = SIGNER) -> str:
    """Have a letter of this kind leave for Ada; gives its id."""
    letters = Letters(store.place, store.connection)
    letters.ask(Kind.JOIN, ADA, EN, now=NOW)
    (pending,) = letters.claim(NOW)
    letters.settle(pending, kind, Fate.ACCEPTED, "250 fine")
    return letter_id(signer.subkey("letter"), pending.number, pending.asked, ADA.key)


def apply(store: Store) -> Applications:
    """Have Ada ask to join."""
    applications = Applications(store.place, store.connection)
    applications.note(Application(mailbox=ADA, at=NOW, source="form"))
    return applications


def put(store: Store, status: Status = Status.CONFIRMED) -> None:
    """Put Ada on the list."""
    store.put(Subscriber(mailbox=ADA, status=status), by="test", now=NOW)


def failed(id_: str, status: str = "5.1.1", **fields: object) -> Report:
    """Report that a letter came back."""
    report = Report(
        kind=ReportKind.FAILED, recipient=ADA.key, delivery=id_, status=status
    )
    return replace(report, **fields)  # type: ignore[arg-type]  # any of its fields


def take(store: Store, report: Report) -> Judged:
    """Judge it."""
    returns = Returns(store.place, store.connection, SIGNER, Customs(languages=(EN,)))
    identity = sha256(repr(report).encode()).digest()
    returned = Returned(identity=identity, reports=(report,))
    (judged,) = returns.take([returned], source="test", now=NOW)
    return judged


def status_of(store: Store) -> Status | None:
    """Look up where Ada stands."""
    person = store.get(ADA.key)
    return person.status if person else None


@pytest.mark.parametrize("before", [None, *Status])
def test_who_cannot_be_asked_to_confirm_is_not_waited_for(
    store: Store, before: Status | None
) -> None:
    """Their application ends; wherever they stand on the list, they stand as before."""
    if before:
        put(store, before)
    applications = apply(store)
    judged = take(store, failed(written(store, Kind.CONFIRM)))
    assert judged.decision is Decision.WITHDRAWN
    assert applications.get(ADA.key) is None
    assert status_of(store) is before


def test_nothing_is_kept_of_who_never_confirmed(store: Store) -> None:
    """The report has served its end, and they are none of ours."""
    apply(store)
    take(store, failed(written(store, Kind.CONFIRM), text="no ada@example.net here"))
    (row,) = store.connection.execute("SELECT * FROM judgement")
    assert "ada" not in str(row[2:])


def test_an_application_stays_where_the_letter_may_yet_come(store: Store) -> None:
    """Or where it is we who are refused, which is an alarm."""
    applications, id_ = apply(store), written(store, Kind.CONFIRM)
    assert take(store, failed(id_, "5.2.2")).decision is Decision.IGNORED
    assert take(store, failed(id_, "5.7.1")).decision is Decision.ALARM
    assert applications.get(ADA.key)
    assert take(store, failed("0" * 24)).decision is Decision.UNKNOWN
    assert applications.get(ADA.key)


def test_a_letter_that_comes_back_late_ends_nothing(store: Store) -> None:
    """Whoever has confirmed meanwhile has a mailbox."""
    put(store)
    judged = take(store, failed(written(store, Kind.CONFIRM)))
    assert judged.decision is Decision.IGNORED
    assert status_of(store) is Status.CONFIRMED


@pytest.mark.parametrize("kind", [Kind.KNOWN, Kind.PREFERENCES])
def test_letters_to_readers_bounce_as_issues_do(store: Store, kind: Kind) -> None:
    """A mailbox that is gone is gone, and one that is full gets a strike."""
    put(store)
    id_ = written(store, kind)
    assert take(store, failed(id_, "5.2.2")).decision is Decision.STRIKE
    assert take(store, failed(id_)).decision is Decision.BOUNCED
    assert status_of(store) is Status.BOUNCED


def test_who_reports_a_letter_as_abuse_is_never_written_to_again(store: Store) -> None:
    """Somebody else has asked in their name; they need not be on the list for that."""
    apply(store)
    id_ = written(store, Kind.CONFIRM)
    complaint = Report(kind=ReportKind.COMPLAINT, delivery=id_, source="arf")
    judged = take(store, complaint)
    assert judged.decision is Decision.COMPLAINED
    suppressions = store.suppressions(Hasher(SIGNER.subkeys("suppression")))
    assert suppressions.reason(ADA.key) is Reason.COMPLAINED


def test_a_letter_of_before_the_key_changed_is_known(store: Store) -> None:
    """Retired keys are read, as for links."""
    applications = apply(store)
    id_ = written(store, Kind.CONFIRM, Signer(OLD))
    assert take(store, failed(id_)).decision is Decision.WITHDRAWN
    assert applications.get(ADA.key) is None
    strange = written(store, Kind.CONFIRM, Signer(b"somebody else's key" * 3))
    assert take(store, failed(strange)).decision is Decision.UNKNOWN


@pytest.mark.parametrize("verp", [False, True])
def test_a_letter_names_itself_wherever_an_issue_does(*, verp: bool) -> None:
    """In its Message-ID, its envelope's id, and with VERP in the sender."""
    id_ = "0123456789abcdef01234567"
    sender = replace(SENDER, verp=verp)
    ours = Ours(bounces=SENDER.bounces)
    envelope = letter_envelope(WORDS, sender=sender, mailbox=ADA, id_=id_)
    assert ours.in_message_id(message_id_of(id_, sender)) == id_
    assert envelope_id_delivery(envelope.id) == id_
    assert ours.in_address(envelope.mail_from) == (id_ if verp else "")
