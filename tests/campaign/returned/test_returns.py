"""What comes back is judged once, and done with what it changes, on a real database."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from distribute.audience.consent import Act
from distribute.audience.database.database import rehearsal
from distribute.audience.reception.application import Applications
from distribute.audience.reception.letters import Kind as LetterKind
from distribute.audience.reception.letters import Letters
from distribute.audience.reception.token import Purpose
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.audience.suppression.suppression import Hasher, Reason
from distribute.campaign.campaign import Outcome
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.person.dossier import Dossier, read_dossier
from distribute.campaign.returned.header import read_header
from distribute.campaign.returned.judge import Decision
from distribute.campaign.returned.letters import read_letter
from distribute.campaign.returned.report import Kind, Report, Returned
from distribute.campaign.returned.returns import Customs, Judged, Returns
from distribute.language import Language
from distribute.mailbox import Mailbox
from tests.campaign.mailings import (
    BEGAN,
    EN,
    IDS,
    PT,
    SIGNER,
    feed_of,
    put_on_list,
    try_to_send,
)

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ADA, BO = "ada@example.org", "bo@example.org"
CUSTOMS = Customs(languages=(EN, PT, Language("es")))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep a list of two people who have had an issue, to be copied."""
    path = tmp_path_factory.mktemp("returns") / "distribute.db"
    put_on_list(path, ["ada", "bo"])
    with SqliteLedger(path, "smtp") as ledger, ledger.lock("issue-5", BEGAN):
        ledger.started("issue-5", BEGAN)
        ledger.use("issue-5")
        batches = feed_of(path).batches()
        try_to_send(ledger, batches, at=1_795_000_000_000, outcome=Outcome.ACCEPTED)
    return path


@pytest.fixture
def database(template: Path, tmp_path: Path) -> Path:
    """Give a copy of one's own."""
    return Path(shutil.copy(template, tmp_path))


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    """Open the list."""
    with Store.open(database) as store:
        yield store


def id_of(key: str, campaign: str = "issue-5") -> str:
    """Derive the id of the delivery to somebody."""
    return IDS.of(campaign, key, "en")


def message(*reports: Report, name: str = "") -> Returned:
    """Make a message that came back; the same name makes the same one."""
    identity = sha256((name or repr(reports)).encode()).digest()
    return Returned(identity=identity, reports=reports, message_id="x@example.net")


def failed(
    key: str, status: str = "5.1.1", *, recipient: str = "", id_: str = ""
) -> Report:
    """Report that a delivery to somebody failed."""
    return Report(
        kind=Kind.FAILED,
        recipient=recipient or key,
        delivery=id_ or id_of(key),
        status=status,
        text="the server's words",
        source="dsn",
    )


def take(
    store: Store, *returned: Returned, now: datetime = NOW, customs: Customs = CUSTOMS
) -> tuple[Judged, ...]:
    """Judge them."""
    returns = Returns(store.place, store.connection, SIGNER, customs)
    return returns.take(returned, source="test", now=now)


def status_of(store: Store, key: str) -> Status | None:
    """Look up where somebody stands."""
    person = store.get(key)
    return person.status if person else None


def test_a_mailbox_that_is_gone_gets_nothing_any_more(store: Store) -> None:
    """The history says who did it; the other one is not touched."""
    (judged,) = take(store, message(failed(ADA)))
    assert (judged.decision, judged.key) == (Decision.BOUNCED, ADA)
    assert judged.campaign == "issue-5"
    assert status_of(store, ADA) is Status.BOUNCED
    assert store.history(ADA)[-1].by == "test"
    assert status_of(store, BO) is Status.CONFIRMED


def test_a_message_is_judged_once(store: Store) -> None:
    """In another run, or twice in one; nothing happens the second time."""
    first = message(failed(ADA, "5.2.2"))
    again = message(failed(ADA, "5.2.2"))
    judged = take(store, first, again)
    assert [each.decision for each in judged] == [Decision.STRIKE, Decision.BEFORE]
    (later,) = take(store, first, now=NOW + timedelta(days=1))
    assert (later.decision, later.earlier) == (Decision.BEFORE, Decision.STRIKE)
    assert len(dossier_of_ada(store).strikes) == 1


def dossier_of_ada(store: Store) -> Dossier:
    """Look up all there is about Ada."""
    suppressions = store.suppressions(Hasher(SIGNER.subkeys("suppression")))
    return read_dossier(store, suppressions, ADA)


def test_strikes_of_five_issues_take_somebody_off(store: Store, database: Path) -> None:
    """Each on a day of its own; one issue counts once, whatever comes of it."""
    for number in range(5, 11):
        campaign = f"issue-{number}"
        if number > 5:
            record(database, campaign, ADA)
        now = NOW + timedelta(days=number)
        report = failed(ADA, "4.4.7", id_=id_of(ADA, campaign))
        (judged,) = take(store, message(report), now=now)
        twice = message(replace(report, text="again"))
        (second,) = take(store, twice, now=now + timedelta(hours=20))
        assert second.decision is Decision.IGNORED
        if number < 9:
            assert judged.decision is Decision.STRIKE
            assert status_of(store, ADA) is Status.CONFIRMED
        if number == 9:
            assert judged.decision is Decision.BOUNCED_BY_STRIKES
    assert status_of(store, ADA) is Status.BOUNCED
    assert dossier_of_ada(store).strikes == ()


def record(database: Path, campaign: str, key: str) -> None:
    """Put a delivery of another campaign on record."""
    with Store.open(database) as store:
        store.connection.execute(
            "INSERT INTO campaign (sink, id, started) VALUES ('smtp', ?, ?)",
            (campaign, BEGAN.isoformat()),
        )
        store.connection.execute(
            "INSERT INTO delivery (number, campaign, key, state, attempt, opened, choice,"
            " since, id, address, code, enhanced, text, stage)"
            " SELECT 1000 + number, number, :key, 'accepted', 1, 0, 0, 0, :id, :key, 250, '', '', ''"
            " FROM campaign WHERE id = :campaign",
            {"key": key, "id": id_of(key, campaign), "campaign": campaign},
        )


def test_old_strikes_decay(store: Store, database: Path) -> None:
    """Thirty days later they count no longer, and are forgotten."""
    take(store, message(failed(ADA, "5.2.2")))
    record(database, "issue-6", ADA)
    report = failed(ADA, "5.2.2", id_=id_of(ADA, "issue-6"))
    (judged,) = take(store, message(report), now=NOW + timedelta(days=31))
    assert "strike 1 of 5" in judged.reason
    assert len(dossier_of_ada(store).strikes) == 1


def test_what_a_server_says_about_us_is_an_alarm(store: Store) -> None:
    """Nobody loses anything by it."""
    (judged,) = take(store, message(failed(ADA, "5.7.26")))
    assert judged.decision is Decision.ALARM
    assert status_of(store, ADA) is Status.CONFIRMED


def test_whoever_complains_is_never_written_to_again(store: Store) -> None:
    """They are on the list of suppressions, too, so no import brings them back."""
    complaint = Report(kind=Kind.COMPLAINT, delivery=id_of(ADA), source="arf")
    (judged,) = take(store, message(complaint))
    assert judged.decision is Decision.COMPLAINED
    assert status_of(store, ADA) is Status.SUPPRESSED
    statuses = [change.new for change in store.history(ADA)]
    assert statuses == ["complained", "suppressed"]
    suppressions = store.suppressions(Hasher(SIGNER.subkeys("suppression")))
    assert suppressions.reason(ADA) is Reason.COMPLAINED


def test_mail_that_was_forwarded_is_known_by_its_id(store: Store) -> None:
    """Whatever address the report names, even another subscriber's."""
    for recipient in ("else@where.example", BO):
        report = failed(ADA, recipient=recipient)
        (judged,) = take(store, message(report))
        assert judged.key == ADA
    assert status_of(store, ADA) is Status.BOUNCED
    assert status_of(store, BO) is Status.CONFIRMED


@pytest.mark.parametrize(
    "report",
    [
        failed(ADA, id_="0" * 24),
        replace(failed(ADA), delivery=""),
        replace(failed(ADA), delivery="", original=ADA, source="flufl"),
        Report(kind=Kind.COMPLAINT, recipient=ADA, source="arf"),
        Report(kind=Kind.COMPLAINT, recipient=ADA, delivery="0" * 24, source="arf"),
        Report(kind=Kind.LEAVE, recipient=ADA, delivery="0" * 24, source="letter"),
        Report(kind=Kind.LEAVE, recipient=ADA, token="t" * 60, source="letter"),
        Report(kind=Kind.CONFIRM, recipient=ADA, token="t" * 60, source="letter"),
        Report(kind=Kind.FAILED, recipient="x" * 300, status="5.1.1"),
        Report(kind=Kind.JOIN, recipient="no address", source="letter"),
        Report(kind=Kind.JOIN, recipient="a@b@c", wishes="xx-", source="letter"),
    ],
)
def test_what_is_forged_changes_nothing_and_says_so(
    store: Store, report: Report
) -> None:
    """Whoever knows an address knows no id; a person may read it."""
    before = dump(store)
    (judged,) = take(store, message(report))
    assert judged.decision is Decision.UNKNOWN
    assert judged.reason
    assert dump(store) == before


def dump(store: Store) -> list[object]:
    """Give all that is known about people."""
    tables = ("subscriber", "change", "consent", "suppression", "strike", "letter")
    return [
        row
        for table in (*tables, "application")
        for row in store.connection.execute(f"SELECT * FROM {table}")  # noqa: S608
    ]


def test_a_forged_link_of_somebody_else_is_refused(store: Store) -> None:
    """An id belongs to one mailbox: whoever has theirs moves nobody else."""
    report = Report(kind=Kind.LEAVE, recipient=BO, delivery=id_of(ADA), source="letter")
    (judged,) = take(store, message(report))
    assert judged.key == ADA
    assert status_of(store, ADA) is Status.UNSUBSCRIBED
    assert status_of(store, BO) is Status.CONFIRMED


def test_providers_are_believed_about_subscribers_alone(store: Store) -> None:
    """They have signed it, but may tell of other mail of ours."""
    told = Report(kind=Kind.FAILED, recipient=ADA, status="5.1.1", source="ses")
    (judged,) = take(store, message(told))
    assert judged.decision is Decision.BOUNCED
    stranger = replace(told, recipient="cy@example.org")
    (judged,) = take(store, message(stranger))
    assert judged.decision is Decision.UNKNOWN


def test_nothing_is_kept_of_people_who_are_none_of_ours(store: Store) -> None:
    """Neither their address nor what was said about them."""
    report = Report(kind=Kind.UNKNOWN, recipient="cy@example.org", text="cy is ill")
    take(store, message(report))
    (row,) = store.connection.execute("SELECT * FROM judgement")
    assert "cy" not in str(row[2:])


@pytest.mark.parametrize("proof", ["delivery", "unsubscribe", "preferences"])
def test_who_proves_it_leaves(store: Store, proof: str) -> None:
    """By the id in the mail, or a link of theirs; it is on record as their own act."""
    letter = Report(kind=Kind.LEAVE, recipient="another@example.net", source="letter")
    if proof == "delivery":
        letter = replace(letter, delivery=id_of(ADA))
    else:
        letter = replace(letter, token=SIGNER.sign(ADA, Purpose(proof)))
    (judged,) = take(store, message(letter))
    assert judged.decision is Decision.LEFT
    assert status_of(store, ADA) is Status.UNSUBSCRIBED
    assert [(c.act, c.source) for c in store.consents(ADA)] == [(Act.LEFT, "mail")]


def test_who_leaves_without_a_proof_gets_a_letter(store: Store) -> None:
    """And stays on the list till then; where only mail answers they are believed."""
    letter = message(Report(kind=Kind.LEAVE, recipient=ADA, source="letter"))
    with rehearsal(store.connection):
        (judged,) = take(store, letter, customs=replace(CUSTOMS, by_mail=True))
        assert (judged.decision, judged.key) == (Decision.LEFT, ADA)
        assert status_of(store, ADA) is Status.UNSUBSCRIBED
    (judged,) = take(store, letter)
    assert judged.decision is Decision.ASKED
    assert status_of(store, ADA) is Status.CONFIRMED
    (waiting,) = Letters(store.place, store.connection).claim(NOW)
    assert (waiting.kind, waiting.mailbox.key) == (LetterKind.LINK, ADA)


def test_who_writes_to_join_is_asked_to_confirm_and_may_by_mail(store: Store) -> None:
    """In their language; the answer to that letter makes them a subscriber."""
    new = "cy@example.org"
    letter = Report(kind=Kind.JOIN, recipient=new, wishes="es, fr", source="letter")
    (judged,) = take(store, message(letter))
    assert judged.decision is Decision.ASKED
    (waiting,) = Letters(store.place, store.connection).claim(NOW)
    assert (waiting.kind, waiting.language.tag) == (LetterKind.JOIN, "es")
    assert status_of(store, new) is None
    token = SIGNER.sign(new, Purpose.CONFIRM, NOW + timedelta(days=7))
    answer = Report(kind=Kind.CONFIRM, recipient="x@example.net", token=token)
    late = take(store, message(answer, name="late"), now=NOW + timedelta(days=8))
    assert late[0].decision is Decision.UNKNOWN
    (judged,) = take(store, message(answer))
    assert judged.decision is Decision.CONFIRMED
    person = store.get(new)
    assert person is not None
    assert [language.tag for language in person.languages] == ["es", "fr"]
    acts = [consent.act for consent in store.consents(new)]
    assert acts == [Act.ASKED, Act.CONFIRMED]
    assert Applications(store.place, store.connection).get(new) is None
    (judged,) = take(store, message(answer, name="once more"))
    assert judged.decision is Decision.CONFIRMED


def written_by(sender: str, subject: str) -> Report:
    """Read a letter of somebody."""
    header = read_header(f"From: {sender}\nSubject: {subject}\n\n".encode())
    letter = read_letter(header)
    assert letter is not None
    return letter


@pytest.mark.parametrize(
    ("wishes", "languages", "only_these"),
    [
        ("es!", ["es"], True),
        ("es pt-BR!", ["es", "pt-BR"], True),
        ("es; pt-BR！", ["es", "pt-BR"], True),
        ("es, pt-BR", ["es", "pt-BR"], False),
        ("me!", ["me"], False),
    ],
)
def test_who_joins_by_mail_may_want_no_other_language(
    store: Store, *, wishes: str, languages: list[str], only_these: bool
) -> None:
    """As in a form; but nobody means a language that the newsletter does not have."""
    new = "cy@example.org"
    take(store, message(written_by(new, f"subscribe {wishes}")))
    application = Applications(store.place, store.connection).get(new)
    assert application is not None
    assert [language.tag for language in application.languages] == languages
    assert application.only_these is only_these


@pytest.mark.parametrize(
    ("before", "wishes", "languages", "after"),
    [
        (False, "es!", "es", True),
        (False, "pt-BR; en!", "pt-BR en", True),
        (True, "en es", "en es", False),
        (True, "pause 30", "pt-BR", True),
    ],
)
def test_readers_say_by_mail_that_they_want_no_other_language(
    store: Store, *, before: bool, wishes: str, languages: str, after: bool
) -> None:
    """What they write takes the place of what they wanted; a pause is no such thing."""
    person = store.get(ADA)
    assert person is not None
    person = replace(person, languages=(PT,), only_these=before)
    store.put(person, by="test", now=NOW)
    take(store, message(written_by(ADA, f"subscribe {id_of(ADA)} {wishes}")))
    person = store.get(ADA)
    assert person is not None
    assert " ".join(language.tag for language in person.languages) == languages
    assert person.only_these is after


def test_the_words_of_the_page_for_joining_by_mail_are_on_record(store: Store) -> None:
    """In the language of the letter that goes to them, as with a form."""
    new, words = "cy@example.org", "Sí, por favor."
    customs = replace(CUSTOMS, wording={Language("es"): words, EN: "Yes."}.__getitem__)
    returns = Returns(store.place, store.connection, SIGNER, customs)
    letter = written_by(new, "subscribe es")
    token = SIGNER.sign(new, Purpose.CONFIRM, NOW + timedelta(days=7))
    answer = Report(kind=Kind.CONFIRM, recipient=new, token=token)
    for one in (letter, answer):
        returns.take([message(one)], source="test", now=NOW)
    asked, confirmed = store.consents(new)
    assert (asked.act, confirmed.act) == (Act.ASKED, Act.CONFIRMED)
    assert store.wording(asked.wording) == words


def test_a_confirmation_that_nobody_waits_for_is_ignored(store: Store) -> None:
    """The letter may be years old, or the person has left since."""
    token = SIGNER.sign("cy@example.org", Purpose.CONFIRM, NOW + timedelta(days=7))
    (judged,) = take(store, message(Report(kind=Kind.CONFIRM, token=token)))
    assert judged.decision is Decision.IGNORED


def test_languages_are_changed_by_mail(store: Store) -> None:
    """With the id of a delivery, as the mail's own link has it."""
    letter = Report(
        kind=Kind.JOIN, recipient=ADA, delivery=id_of(ADA), wishes="pt-BR, en"
    )
    (judged,) = take(store, message(letter))
    assert judged.decision is Decision.CHOSE
    person = store.get(ADA)
    assert person is not None
    assert person.languages == (PT, EN)
    assert person.mailbox == Mailbox(ADA, "Ada")


@pytest.mark.parametrize(
    ("wishes", "until"),
    [("pause", "2026-12-21"), ("pause 90", "2027-02-19"), ("PAUSE 0", "None")],
)
def test_a_pause_is_asked_for_by_mail(store: Store, wishes: str, until: str) -> None:
    """For thirty days, or as many as somebody writes; none ends it."""
    subject = f"subscribe {id_of(ADA)} {wishes}"
    letter = read_letter(read_header(f"From: {ADA}\nSubject: {subject}\n\n".encode()))
    assert letter is not None
    (judged,) = take(store, message(letter))
    assert judged.decision is Decision.CHOSE
    person = store.get(ADA)
    assert person is not None
    assert str(person.paused_until) == until
    assert person.status is Status.CONFIRMED


def test_several_reports_of_one_message_are_judged_each(store: Store) -> None:
    """A delivery report has one per recipient."""
    both = message(failed(ADA), failed(BO, "5.2.2"))
    decisions = [judged.decision for judged in take(store, both)]
    assert decisions == [Decision.BOUNCED, Decision.STRIKE]
    assert {judged.decision for judged in take(store, both)} == {Decision.BEFORE}


def test_of_several_mailboxes_their_own_counts(store: Store) -> None:
    """One whom their mail goes on to may be gone, while they have one."""
    other = replace(failed(ADA), recipient="else@where.example")
    both = message(replace(failed(ADA), status="5.2.2"), other)
    decisions = [judged.decision for judged in take(store, both)]
    assert decisions == [Decision.STRIKE, Decision.IGNORED]


def test_judging_is_undone_with_the_transaction_around_it(store: Store) -> None:
    """As a dry run does it; later it is judged as if for the first time."""
    with rehearsal(store.connection):
        assert take(store, message(failed(ADA)))[0].decision is Decision.BOUNCED
    assert status_of(store, ADA) is Status.CONFIRMED
    assert take(store, message(failed(ADA)))[0].decision is Decision.BOUNCED


def test_who_was_forgotten_stays_forgotten(store: Store) -> None:
    """Their delivery is on record without an address, and moves nobody."""
    store.connection.execute(
        "UPDATE delivery SET key = 'ab12', address = 'ab12' WHERE key = ?", (ADA,)
    )
    store.erase(ADA)
    (judged,) = take(store, message(failed(ADA)))
    assert (judged.decision, judged.key) == (Decision.UNKNOWN, "")
