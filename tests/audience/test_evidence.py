"""What people agreed to is kept as evidence, in the words of then."""

from datetime import UTC, datetime, timedelta

from distribute.audience.consent import Act, Consent, version_of
from distribute.audience.store import Store
from distribute.audience.subscriber import Subscriber
from distribute.language import Language
from distribute.mailbox import Mailbox

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
ADA = Subscriber(
    mailbox=Mailbox("Ada@example.org", "Ada"),
    languages=(Language("pt-BR"), Language("en")),
    only_these=True,
    joined=NOW,
    source="import people.csv",
)

CONFIRMED = Consent(
    at=LATER,
    act=Act.CONFIRMED,
    source="form",
    wording=version_of("Yes, please."),
    network="203.0.113.0/24",
)


def _fill(store: Store, *people: Subscriber) -> None:
    for person in people:
        store.put(person, by="test", now=NOW)


def test_evidence_of_consent_is_kept_in_order(store: Store) -> None:
    """What was done, when, how, to which words and from where, the oldest first."""
    _fill(store, ADA)
    asked = Consent(at=NOW, act=Act.ASKED, source="form")
    assert store.note_consent(ADA.mailbox.key, CONFIRMED)
    assert store.note_consent(ADA.mailbox.key, asked)
    assert store.consents(ADA.mailbox.key) == (asked, CONFIRMED)


def test_there_is_no_evidence_of_strangers(store: Store) -> None:
    """Nothing is kept of somebody who is not on the list, and that is told."""
    assert not store.note_consent(ADA.mailbox.key, CONFIRMED)
    assert store.consents(ADA.mailbox.key) == ()


def test_evidence_goes_with_the_person(store: Store) -> None:
    """Once they are erased, and join again, nothing is known of before."""
    _fill(store, ADA)
    store.note_consent(ADA.mailbox.key, CONFIRMED)
    store.erase(ADA.mailbox.key)
    _fill(store, ADA)
    assert store.consents(ADA.mailbox.key) == ()


def test_the_words_agreed_to_can_be_read_years_later(store: Store) -> None:
    """By the version that the evidence names; the same words are kept once."""
    version = store.keep_wording("en", "Yes, please.")
    assert store.keep_wording("en", "Yes, please.") == version == CONFIRMED.wording
    assert store.wording(version) == "Yes, please."
    assert store.wording("000000000000") is None
