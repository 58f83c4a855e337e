"""The store: what goes in comes out, and what changed is on record."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distribute.audience.admission import Verdict
from distribute.audience.consent import Act, Consent, version_of
from distribute.audience.database.database import open_database
from distribute.audience.history import Change
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.language import Language
from distribute.mailbox import Mailbox
from tests.audience.people import ADA, EN, FR, LATER, NOW, PT, PT_BR, fill

subscribers = st.builds(
    Subscriber,
    mailbox=st.builds(
        Mailbox,
        address=st.from_regex(r"[a-zA-Zäßñ]{1,8}@[a-z]{1,5}\.org", fullmatch=True),
        name=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])),
    ),
    languages=st.lists(
        st.sampled_from([EN, FR, PT, PT_BR]), min_size=1, unique=True
    ).map(tuple),
    only_these=st.booleans(),
    status=st.sampled_from(Status),
    joined=st.datetimes(timezones=st.just(UTC)),
    source=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])),
    tags=st.lists(st.sampled_from(["a-b", "press", "ß", "vip"]), unique=True).map(
        lambda tags: tuple(sorted(tags))
    ),
    paused_until=st.none() | st.dates(),
)
CONFIRMED = Consent(
    at=LATER,
    act=Act.CONFIRMED,
    source="form",
    wording=version_of("Yes, please."),
    network="203.0.113.0/24",
)


def test_a_subscriber_comes_back_as_they_were(store: Store) -> None:
    """Every field of a subscriber survives, and the next opening finds it."""
    store.add(ADA, by="import people.csv", now=NOW)
    assert store.get("ada@example.org") == ADA
    with Store.open(store.place) as again:
        assert list(again.subscribers()) == [ADA]


@given(person=subscribers)
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_subscriber_comes_back(store: Store, person: Subscriber) -> None:
    """The same for whatever a subscriber may hold."""
    store.erase(person.mailbox.key)
    store.put(person, by="test", now=NOW)
    assert store.get(person.mailbox.key) == person


def test_an_address_is_found_in_any_case(store: Store) -> None:
    """Two spellings that differ in case are one person."""
    fill(store, ADA)
    assert store.get("ADA@EXAMPLE.ORG") == ADA
    assert store.get("eve@example.org") is None


def test_newcomers_joined_now(store: Store) -> None:
    """Whoever comes without a date joined at the time of the call."""
    store.add(replace(ADA, joined=None), by="test", now=NOW)
    found = store.get("ada@example.org")
    assert found is not None
    assert found.joined == NOW


def test_the_order_is_that_of_the_addresses(store: Store) -> None:
    """The list has the same order whatever the order of joining."""
    people = [
        Subscriber(mailbox=Mailbox(address), joined=NOW)
        for address in ("zoe@example.org", "Ada@example.org", "eve@example.org")
    ]
    fill(store, *people)
    addresses = [person.mailbox.address for person in store.subscribers()]
    assert addresses == ["Ada@example.org", "eve@example.org", "zoe@example.org"]


@pytest.mark.parametrize(
    ("status", "language", "expected"),
    [
        (None, None, ["ada", "bo", "cy", "di"]),
        (Status.CONFIRMED, None, ["ada", "cy", "di"]),
        (None, PT_BR, ["ada"]),
        (None, PT, ["ada", "bo"]),
        (Status.CONFIRMED, PT, ["ada"]),
        (None, EN, ["ada", "cy"]),
        (None, Language("p"), []),
        (None, Language("BR"), []),
    ],
)
def test_the_list_can_be_narrowed(
    store: Store, status: Status | None, language: Language | None, expected: list[str]
) -> None:
    """By status, by a language at any place of the wishes, and by both."""
    wishes = {"ada": (PT_BR, EN), "bo": (PT,), "cy": (FR, EN), "di": ()}
    for name, languages in wishes.items():
        gone = Status.UNSUBSCRIBED if name == "bo" else Status.CONFIRMED
        mailbox = Mailbox(f"{name}@example.org")
        fill(store, Subscriber(mailbox=mailbox, languages=languages, status=gone))
    found = store.subscribers(status=status, language=language)
    assert [s.mailbox.address.partition("@")[0] for s in found] == expected


def test_counts_are_by_status(store: Store) -> None:
    """How many there are of each status, without those that nobody has."""
    fill(store, ADA)
    for name in ("bo", "cy"):
        mailbox = Mailbox(f"{name}@example.org")
        fill(store, Subscriber(mailbox=mailbox, status=Status.BOUNCED))
    assert store.count() == {Status.CONFIRMED: 1, Status.BOUNCED: 2}


def test_adding_decides_as_admission_does(store: Store) -> None:
    """Somebody who left is not brought back by adding them."""
    assert store.add(ADA, by="test", now=NOW).verdict is Verdict.ADDED
    assert store.add(ADA, by="test", now=NOW).verdict is Verdict.UNCHANGED
    store.set_status(ADA.mailbox.key, Status.UNSUBSCRIBED, by="form", now=NOW)
    assert store.add(ADA, by="test", now=NOW).verdict is Verdict.KEPT_OUT
    found = store.get(ADA.mailbox.key)
    assert found is not None
    assert found.status is Status.UNSUBSCRIBED


@pytest.mark.parametrize(
    ("before", "verdict", "after"),
    [
        (None, Verdict.UPDATED, Status.CONFIRMED),
        (Status.CONFIRMED, Verdict.UPDATED, Status.CONFIRMED),
        (Status.PENDING, Verdict.KEPT_OUT, Status.BOUNCED),
        (Status.UNSUBSCRIBED, Verdict.KEPT_OUT, Status.BOUNCED),
    ],
)
def test_who_bounced_can_be_added_again(
    store: Store, before: Status | None, verdict: Verdict, after: Status
) -> None:
    """Unless they had left, or not confirmed, when they bounced; it goes on record."""
    fill(store, replace(ADA, status=before or Status.BOUNCED))
    store.set_status(ADA.mailbox.key, Status.BOUNCED, by="issue-5 by smtp", now=NOW)
    assert store.add(ADA, by="command line", now=LATER).verdict is verdict
    found = store.get(ADA.mailbox.key)
    assert found is not None
    assert found.status is after
    mended = Change(LATER, "command line", "status", "bounced", "confirmed")
    assert (mended in store.history(ADA.mailbox.key)) is (verdict is Verdict.UPDATED)


def test_many_are_taken_back_at_once(store: Store) -> None:
    """Each to their own status, unless somebody gave them another meanwhile."""
    bo = Subscriber(mailbox=Mailbox("bo@example.org"), status=Status.PENDING)
    cy = Subscriber(mailbox=Mailbox("cy@example.org"), status=Status.COMPLAINED)
    fill(store, ADA, bo, cy)
    keys = [each.mailbox.key for each in (ADA, bo, cy)]
    store.let_go(keys, Status.BOUNCED, by="issue-5 by smtp", now=NOW)
    before = dict(zip(keys, [ADA.status, bo.status, Status.CONFIRMED], strict=True))
    store.take_back(Status.BOUNCED, before, by="issue-5 by smtp", now=LATER)
    found = [person.status for person in store.subscribers()]
    assert found == [Status.CONFIRMED, Status.PENDING, Status.COMPLAINED]
    assert len(store.history(keys[1])) == 2


def test_the_history_tells_what_changed_and_who_did_it(store: Store) -> None:
    """Each changed field is on record, with its old and new value; the others are not."""
    store.add(ADA, by="import people.csv", now=NOW)
    wish = replace(ADA, mailbox=Mailbox("ada@example.org", "Ada L."), languages=(FR,))
    store.add(wish, by="import more.csv", now=LATER)
    store.set_status(ADA.mailbox.key, Status.UNSUBSCRIBED, by="one click", now=LATER)
    assert store.history(ADA.mailbox.key) == (
        Change(LATER, "import more.csv", "name", "Ada", "Ada L."),
        Change(LATER, "import more.csv", "languages", "pt-BR en", "fr"),
        Change(LATER, "one click", "status", "confirmed", "unsubscribed"),
    )


def test_setting_the_same_status_again_is_no_change(store: Store) -> None:
    """A second click on the same link leaves no trace, and is no error."""
    fill(store, ADA)
    for _ in range(2):
        assert store.set_status(ADA.mailbox.key, Status.BOUNCED, by="bounce", now=NOW)
    assert len(store.history(ADA.mailbox.key)) == 1
    assert not store.set_status("eve@example.org", Status.BOUNCED, by="x", now=NOW)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.CONFIRMED, Status.BOUNCED),
        (Status.PENDING, Status.BOUNCED),
        (Status.UNSUBSCRIBED, Status.BOUNCED),
        (Status.BOUNCED, Status.BOUNCED),
        (Status.COMPLAINED, Status.COMPLAINED),
        (Status.SUPPRESSED, Status.SUPPRESSED),
    ],
)
def test_many_can_be_let_go_at_once(
    store: Store, status: Status, expected: Status
) -> None:
    """Nobody comes nearer to receiving by it, and each change is on record."""
    fill(store, ADA, Subscriber(mailbox=Mailbox("bo@example.org"), status=status))
    keys = ["ada@example.org", "bo@example.org", "nobody@example.org"]
    for _ in range(2):
        store.let_go(keys, Status.BOUNCED, by="issue-5 by smtp", now=LATER)
    found = [person.status for person in store.subscribers()]
    assert found == [Status.BOUNCED, expected]
    assert store.history("ada@example.org") == (
        Change(LATER, "issue-5 by smtp", "status", "confirmed", "bounced"),
    )
    assert len(store.history("bo@example.org")) == (status is not expected)


def test_who_decides_for_themselves_can_come_back(store: Store) -> None:
    """What is put is put as it is: confirming, coming back, another spelling."""
    fill(store, replace(ADA, status=Status.UNSUBSCRIBED))
    back = replace(ADA, mailbox=Mailbox("ADA@example.org", "Ada"), only_these=False)
    store.put(back, by="form", now=LATER)
    assert store.get(ADA.mailbox.key) == back
    changes = [(c.field, c.old, c.new) for c in store.history(ADA.mailbox.key)]
    assert changes == [
        ("address", "Ada@example.org", "ADA@example.org"),
        ("only_these", "yes", "no"),
        ("status", "unsubscribed", "confirmed"),
    ]


def test_the_erased_leave_nothing_behind(store: Store) -> None:
    """Erasing takes the history along; the address stands nowhere in the tables."""
    fill(store, ADA)
    store.set_status(ADA.mailbox.key, Status.UNSUBSCRIBED, by="form", now=NOW)
    assert store.erase(ADA.mailbox.key)
    assert not store.erase(ADA.mailbox.key)
    assert store.get(ADA.mailbox.key) is None
    with closing(open_database(store.place)) as connection:
        assert connection.execute("SELECT count(*) FROM change").fetchone() == (0,)


def test_the_signing_key_is_made_once(store: Store) -> None:
    """The first key stays; whoever offers another gets the first one back."""
    assert store.signing_key(b"a" * 32) == b"a" * 32
    assert store.signing_key(b"b" * 32) == b"a" * 32
    with Store.open(store.place) as again:
        assert again.signing_key(b"c" * 32) == b"a" * 32


def test_facts_are_kept_by_name(store: Store) -> None:
    """What the newsletter has to remember about itself has a name and a value."""
    assert store.meta("colour") is None
    assert store.keep("colour", b"green") == b"green"
    assert store.keep("colour", b"blue") == b"green"
    assert store.meta("colour") == b"green"


def test_any_zone_is_kept_as_the_same_instant(store: Store) -> None:
    """Joining at noon in one place is joining in the morning in another."""
    noon = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=3)))
    fill(store, replace(ADA, joined=noon))
    found = store.get(ADA.mailbox.key)
    assert found is not None
    assert found.joined == datetime(2026, 1, 1, 9, tzinfo=UTC)


def test_tags_and_pauses_are_on_record(store: Store) -> None:
    """Whoever changed them, and from what to what."""
    fill(store, ADA)
    until = date(2026, 12, 24)
    paused = replace(ADA, tags=("press", "vip"), paused_until=until)
    store.put(paused, by="form", now=LATER)
    assert store.get(ADA.mailbox.key) == paused
    assert store.history(ADA.mailbox.key) == (
        Change(LATER, "form", "tags", "", "press vip"),
        Change(LATER, "form", "paused", "", "2026-12-24"),
    )


def test_a_fact_can_take_the_place_of_another(store: Store) -> None:
    """The latest is kept."""
    store.note("colour", b"green")
    store.note("colour", b"blue")
    assert store.meta("colour") == b"blue"
