"""So many mailboxes cannot be gone at once: then nobody is taken off the list."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.database.database import rehearsal
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.returned.judge import Decision
from distribute.campaign.returned.read import read_returned
from distribute.campaign.returned.report import Kind, Report, Returned
from distribute.campaign.returned.returns import Customs, Judged, Returns
from distribute.campaign.returned.wave import LEAST, SHARE, is_wave
from distribute.language import Language
from distribute.mailbox import Mailbox
from tests.campaign.mailings import SIGNER
from tests.campaign.returned.made import OURS

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LARGE, SMALL = "large.example", "small.example"
HOSTED = tuple(f"company{n}.example" for n in range(30))
CUSTOMS = Customs(languages=(Language("en"),))
PEOPLE = {
    LARGE: [f"p{n}@{LARGE}" for n in range(60)],
    SMALL: [f"p{n}@{SMALL}" for n in range(10)],
    "others": [f"p{n}@{domain}" for domain in HOSTED for n in range(10)],
}
"""A list of 370 people; a wave of all needs more than 92."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Keep a list of people who have all had an issue."""
    path = tmp_path_factory.mktemp("wave") / "distribute.db"
    everybody = [key for keys in PEOPLE.values() for key in keys]
    with Store.open(path) as store:
        with store.transaction():
            for key in everybody:
                store.put(Subscriber(mailbox=Mailbox(key)), by="test", now=NOW)
            store.connection.execute(
                "INSERT INTO campaign (sink, id, started) VALUES ('smtp', 'issue-5', ?)",
                (NOW.isoformat(),),
            )
            store.connection.executemany(
                "INSERT INTO delivery (number, campaign, key, state, attempt, opened,"
                " choice, since, id, address, code, enhanced, text, stage)"
                " SELECT :at, number, :key, 'accepted', 1, 0, 0, 0, :id, :key, 250, '',"
                " '', '' FROM campaign",
                [
                    {"at": at, "key": key, "id": id_of(key)}
                    for at, key in enumerate(everybody)
                ],
            )
        yield store


@pytest.fixture(autouse=True)
def undone(store: Store) -> Iterator[None]:
    """Undo what a test does to the list."""
    with rehearsal(store.connection):
        yield


def id_of(key: str) -> str:
    """Make up an id of the delivery to somebody."""
    return sha256(key.encode()).hexdigest()[:24]


def gone(key: str, status: str = "5.1.1", *, server: str = "") -> Returned:
    """Report that a mailbox is gone."""
    report = Report(
        kind=Kind.FAILED,
        recipient=key,
        delivery=id_of(key),
        status=status,
        server=server,
        source="dsn",
    )
    identity = sha256(f"{key} {status} {server}".encode()).digest()
    return Returned(identity=identity, reports=(report,))


def returns_of(store: Store) -> Returns:
    """Be ready to judge."""
    return Returns(store.place, store.connection, SIGNER, CUSTOMS)


def take(
    store: Store, returned: Sequence[Returned], now: datetime = NOW
) -> tuple[Judged, ...]:
    """Judge each in a run of its own, as a hook does."""
    found: list[Judged] = []
    for each in returned:
        found += returns_of(store).take([each], source="test", now=now)
    return tuple(found)


def bounced(store: Store) -> set[str]:
    """Give whoever is off the list."""
    found = store.subscribers(status=Status.BOUNCED)
    return {person.mailbox.key for person in found}


@given(st.integers(0, 500), st.integers(0, 2000), st.integers(0, 500))
@settings(max_examples=200, deadline=None)
def test_it_takes_many_and_a_large_share(gone: int, accepted: int, more: int) -> None:
    """More of them make it no less likely, and more readers no more."""
    found = is_wave(gone, accepted)
    assert found is (gone >= LEAST and gone > accepted / SHARE)
    assert is_wave(gone + more, accepted) >= found
    assert is_wave(gone, accepted + more) <= found


@given(
    st.permutations(PEOPLE[LARGE]), st.integers(0, 60), st.integers(0, 10), st.data()
)
@settings(max_examples=40, deadline=None)
def test_in_any_order_a_wave_takes_off_nobody(
    store: Store, large: list[str], some: int, few: int, data: st.DataObject
) -> None:
    """And a mailbox that is gone elsewhere has bounced, as have a few anywhere."""
    told = [*large[:some], *PEOPLE[SMALL][:few]]
    order = data.draw(st.permutations(told))
    with_others = data.draw(st.booleans())
    connection = store.connection
    connection.execute("SAVEPOINT example")
    try:
        returns = returns_of(store)
        if with_others:
            for key in order:
                returns.take([gone(key)], source="test", now=NOW)
        else:
            returns.take([gone(key) for key in order], source="test", now=NOW)
        expected = set(PEOPLE[SMALL][:few])
        if not is_wave(some, len(large)):
            expected |= set(large[:some])
        assert bounced(store) == expected
        waves = [(wave.domain, wave.accepted) for wave in returns.waves]
        assert waves == ([(LARGE, 60)] if is_wave(some, len(large)) else [])
    finally:
        connection.execute("ROLLBACK TO example")


def test_what_came_of_a_wave_before_it_was_noticed_is_taken_back(store: Store) -> None:
    """The history has both; each report is a strike, and explained as one."""
    first = take(store, [gone(key) for key in PEOPLE[LARGE][: LEAST - 1]])
    assert {each.decision for each in first} == {Decision.BOUNCED}
    assert bounced(store) == set(PEOPLE[LARGE][: LEAST - 1])
    (last,) = take(store, [gone(PEOPLE[LARGE][LEAST])])
    assert last.decision is Decision.STRIKE
    assert "20 of 60 mailboxes at large.example are said to be gone" in last.reason
    assert not bounced(store)
    changes = [change.new for change in store.history(PEOPLE[LARGE][0])]
    assert changes == ["bounced", "confirmed"]
    query = "SELECT decision, count(*) FROM judgement GROUP BY decision"
    assert dict(store.connection.execute(query)) == {"strike": LEAST}
    (strikes,) = store.connection.execute("SELECT count(*) FROM strike").fetchone()
    assert strikes == LEAST


def test_who_left_meanwhile_is_not_brought_back(store: Store) -> None:
    """Only a bounce is taken back, and nothing that anybody wished for."""
    take(store, [gone(key) for key in PEOPLE[LARGE][: LEAST - 1]])
    left = PEOPLE[LARGE][0]
    store.set_status(left, Status.UNSUBSCRIBED, by="form", now=NOW)
    take(store, [gone(PEOPLE[LARGE][LEAST])])
    person = store.get(left)
    assert person is not None
    assert person.status is Status.UNSUBSCRIBED


def test_a_wave_lasts_as_long_as_it_goes_on(store: Store) -> None:
    """A day after its last report a mailbox that is gone is believed to be."""
    take(store, [gone(key) for key in PEOPLE[LARGE][:LEAST]])
    later = NOW + timedelta(hours=23)
    (judged,) = take(store, [gone(PEOPLE[LARGE][30])], later)
    assert judged.decision is Decision.STRIKE
    (judged,) = take(store, [gone(PEOPLE[LARGE][31])], later + timedelta(hours=23))
    assert judged.decision is Decision.STRIKE
    (judged,) = take(store, [gone(PEOPLE[LARGE][32])], later + timedelta(hours=48))
    assert judged.decision is Decision.BOUNCED


def test_failures_over_many_days_are_no_wave(store: Store) -> None:
    """Ten a day are a list that has aged."""
    for day in range(3):
        some = PEOPLE[LARGE][day * 10 : day * 10 + 10]
        take(store, [gone(key) for key in some], NOW + timedelta(days=2 * day))
    assert len(bounced(store)) == 30


def test_one_mailbox_counts_once(store: Store) -> None:
    """However often it is told, by whatever code."""
    told = [gone(key, f"5.1.{n}") for key in PEOPLE[LARGE][:10] for n in (1, 2, 3, 6)]
    take(store, told)
    assert bounced(store) == set(PEOPLE[LARGE][:10])


def test_the_servers_of_a_wave_are_doubted_wherever_they_speak_for(
    store: Store,
) -> None:
    """A provider has mailboxes under its customers' names, a few each."""
    host = "mx3.provider.example"
    hosted, other = "p1@company1.example", "p1@company2.example"
    take(store, [gone(hosted, server=host)])
    assert bounced(store) == {hosted}
    take(store, [gone(key, server=f"x.{host}") for key in PEOPLE[LARGE][:LEAST]])
    assert not bounced(store)
    judged = take(
        store,
        [
            gone("p2@company1.example", server=host),
            gone(other, server="mx.other.example"),
        ],
    )
    assert [each.decision for each in judged] == [Decision.STRIKE, Decision.BOUNCED]
    assert "by provider.example" in judged[0].reason
    assert bounced(store) == {other}


def test_a_wave_may_go_through_all_domains(store: Store) -> None:
    """If one's own server errs, or its names are not found."""
    told = [gone(f"p{n}@{domain}") for n in range(4) for domain in HOSTED]
    returns = returns_of(store)
    judged = returns.take(told, source="test", now=NOW)
    assert not bounced(store)
    (wave,) = returns.waves
    assert (wave.domain, wave.gone, wave.accepted) == ("", 93, 370)
    assert wave.is_new
    assert len(wave.taken_back) == 92
    assert judged[-1].decision is Decision.STRIKE


def test_without_a_campaign_the_list_itself_is_what_counts(store: Store) -> None:
    """A provider may tell of mailboxes without saying which mail it was."""
    told = [
        replace(each, reports=(replace(each.reports[0], delivery="", source="ses"),))
        for each in map(gone, PEOPLE[LARGE][:LEAST])
    ]
    judged = take(store, told)
    assert not bounced(store)
    assert "20 of 60" in judged[-1].reason


def test_a_report_names_the_server_that_refused() -> None:
    """That of the far side, where a relay of ours writes the report."""
    told = (
        b"From: MAILER-DAEMON@mx.example.org\r\nSubject: Undelivered\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/report;"
        b' report-type=delivery-status; boundary="cut"\r\n\r\n'
        b"--cut\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; relay.example.org\r\n\r\n"
        b"Final-Recipient: rfc822; ada@example.net\r\nAction: failed\r\n"
        b"Status: 5.1.1\r\nRemote-MTA: dns; MX7.example.net (203.0.113.9)\r\n\r\n"
        b"Final-Recipient: rfc822; bo@example.net\r\nAction: failed\r\n"
        b"Status: 5.1.1\r\n\r\n--cut--\r\n"
    )
    reports = read_returned(told, ours=OURS).reports
    assert [each.server for each in reports] == ["mx7.example.net", "relay.example.org"]
