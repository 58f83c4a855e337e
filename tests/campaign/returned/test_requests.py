"""What people ask for by mail is done as a form does it, if they prove who they are."""

from dataclasses import replace
from datetime import timedelta

import pytest

from distribute.audience.consent import Act
from distribute.audience.database.database import rehearsal
from distribute.audience.reception.application import Applications
from distribute.audience.reception.letters import Kind as LetterKind
from distribute.audience.reception.letters import Letters
from distribute.audience.reception.token import Purpose
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.campaign.returned.header import read_header
from distribute.campaign.returned.judge import Decision
from distribute.campaign.returned.letters import read_letter
from distribute.campaign.returned.report import Kind, Report
from distribute.campaign.returned.returns import Returns
from distribute.language import Language
from distribute.mailbox import Mailbox
from tests.campaign.mailings import EN, PT, SIGNER
from tests.campaign.returned.judging import (
    ADA,
    CUSTOMS,
    NOW,
    id_of,
    message,
    status_of,
    take,
)


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
