"""What comes back is judged once, and done with what it changes, on a real database."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from distribute.audience.database.database import rehearsal
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.audience.suppression.suppression import Hasher, Reason
from distribute.campaign.person.dossier import Dossier, read_dossier
from distribute.campaign.returned.judge import Decision
from distribute.campaign.returned.report import Kind, Report
from tests.campaign.mailings import BEGAN, SIGNER
from tests.campaign.returned.judging import (
    ADA,
    BO,
    NOW,
    failed,
    id_of,
    message,
    status_of,
    take,
)


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
