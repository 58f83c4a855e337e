"""The exports of other programs come in, and nobody is better off than there."""

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from distribute.audience.consent import Act
from distribute.audience.intake.bringing import Order, bring_in
from distribute.audience.intake.files import Source
from distribute.audience.intake.report import ImportReport, Kind
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.errors import AudienceError

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

CHIMP = (
    "Email Address,First Name,Last Name,Sprache,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,"
    "CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,"
)
CHIMP_END = "LEID,EUID,NOTES,TAGS\n"
CHIMP_FILES = {
    "subscribed_email_audience_export_1a2b.csv": (
        CHIMP + "LAST_CHANGED," + CHIMP_END + "ines@example.org,Inês,Prado,pt,2,"
        "2023-04-05 06:07:08,198.51.100.20,2023-04-05 06:09:10,198.51.100.21,,,,,,PT,,"
        '2024-01-01 00:00:00,1,a,,"""Choir"",""Book Club"""\n'
        "olaf@example.org,Olaf,,de,2,,,2022-02-02 02:02:02,,,,,,,,,,2,b,,\n"
    ),
    "unsubscribed_email_audience_export_1a2b.csv": (
        CHIMP + "UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,"
        "UNSUB_REASON_OTHER," + CHIMP_END + "gone@example.org,Go,Ne,,2,"
        "2023-04-05 06:07:08,198.51.100.20,2023-04-05 06:09:10,198.51.100.21,,,,,,,,"
        "2024-03-03 03:03:03,Spring,7,NORMAL,,3,c,,\n"
        "quiet@example.org,Qui,Et,,2,,,,,,,,,,,,,,,,,4,d,,\n"
    ),
    "cleaned_email_audience_export_1a2b.csv": (
        CHIMP
        + "CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,"
        + CHIMP_END
        + "full@example.org,Fu,Ll,,1,,,2021-01-01 01:01:01,,,,,,,,,"
        "2024-03-03 03:03:03,Spring,7,5,e,,\n"
    ),
    "nonsubscribed_email_audience_export_1a2b.csv": (
        CHIMP
        + "LAST_CHANGED,"
        + CHIMP_END
        + "buyer@example.org,Bu,Yer,,2,,,,,,,,,,,,2024-01-01 00:00:00,6,f,,\n"
    ),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a store without anybody in it."""
    with Store.open(tmp_path / "distribute.db") as opened:
        yield opened


def _bring(store: Store, name: str, data: str | bytes, **more: Status) -> ImportReport:
    raw = data if isinstance(data, bytes) else data.encode()
    order = Order(by=f"import {name}", at_best=more.get("at_best"))
    return bring_in(store, [Source(name, io.BytesIO(raw))], order, now=NOW)


def _statuses(store: Store) -> dict[str, str]:
    return {
        person.mailbox.address.partition("@")[0]: str(person.status)
        for person in store.subscribers()
    }


def _person(store: Store, key: str) -> Subscriber:
    found = store.get(key)
    assert found is not None
    return found


def _acts(store: Store, key: str) -> Sequence[tuple[Act, int, str]]:
    return [(each.act, each.at.year, each.network) for each in store.consents(key)]


def _zip(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def test_a_mailchimp_archive_as_a_whole(store: Store) -> None:
    """The names of its files say who left, who bounced, and who never subscribed."""
    report = _bring(store, "audience_export_1a2b.zip", _zip(CHIMP_FILES))
    assert report.systems == ("Mailchimp",)
    assert (report.added, report.kept_out, report.bad) == (5, 1, 0)
    assert _statuses(store) == {
        "full": "bounced",
        "gone": "unsubscribed",
        "ines": "confirmed",
        "olaf": "confirmed",
        "quiet": "unsubscribed",
    }
    (remark,) = report.remarks
    assert remark.kind is Kind.KEPT_OUT
    assert remark.address == "buyer@example.org"
    assert remark.file.endswith("nonsubscribed_email_audience_export_1a2b.csv")
    person = _person(store, "ines@example.org")
    assert person.mailbox.name == "Inês Prado"
    assert person.tags == ("book-club", "choir")


def test_mailchimp_knows_of_consent(store: Store) -> None:
    """Its times become evidence, but a time without an application is no confirmation."""
    _bring(store, "audience_export_1a2b.zip", _zip(CHIMP_FILES))
    assert _acts(store, "ines@example.org") == [
        (Act.ASKED, 2023, "198.51.100.0/24"),
        (Act.CONFIRMED, 2023, "198.51.100.0/24"),
    ]
    assert _acts(store, "olaf@example.org") == [(Act.IMPORTED, 2022, "")]
    assert [act for act, *_ in _acts(store, "gone@example.org")] == [
        Act.ASKED,
        Act.CONFIRMED,
        Act.LEFT,
    ]
    assert _acts(store, "quiet@example.org") == [(Act.IMPORTED, 2026, "")]
    assert _person(store, "olaf@example.org").joined == datetime(
        2022, 2, 2, 2, 2, 2, tzinfo=UTC
    )


def test_a_renamed_file_of_mailchimp_tells_by_its_times(store: Store) -> None:
    """Whoever has a time of leaving has left, whatever the file is called."""
    name = "unsubscribed_email_audience_export_1a2b.csv"
    _bring(store, "people.csv", CHIMP_FILES[name])
    assert _statuses(store)["gone"] == "unsubscribed"


LISTMONK = (
    "uuid,email,name,attributes,status,created_at,updated_at\n"
    '7d1e,ana@example.org,Ana,"{""lang"": ""pt-BR""}",{status},'
    "2024-06-07 08:09:10.123456 +0000 UTC,2024-06-08 08:09:10 +0000 UTC\n"
    "7d1f,ben@example.org,Ben,{},blocklisted,2024-06-07 08:09:10.1 +0530 +0530,x\n"
    "7d20,cat@example.org,Cat,{},disabled,2024-06-07 08:09:10 +0200 CEST,x\n"
)


def test_listmonk_has_to_be_explained(store: Store) -> None:
    """Nobody at all is imported until the operator says what `enabled` means."""
    text = LISTMONK.replace("{status}", "enabled")
    with pytest.raises(AudienceError, match="'enabled' does not say") as caught:
        _bring(store, "subscribers.csv", text)
    assert "--status confirmed" in caught.value.hint
    assert _statuses(store) == {}
    report = _bring(store, "subscribers.csv", text, at_best=Status.CONFIRMED)
    assert (report.systems, report.added, report.bad) == (("listmonk",), 3, 0)
    assert _statuses(store) == {
        "ana": "confirmed",
        "ben": "suppressed",
        "cat": "unsubscribed",
    }
    person = _person(store, "ana@example.org")
    assert [language.tag for language in person.languages] == ["pt-BR"]
    assert person.joined == datetime(2024, 6, 7, 8, 9, 10, 123456, tzinfo=UTC)


BUTTONDOWN = (
    "id,email_address,notes,tags,metadata,creation_date,type,source,ip_address,"
    "unsubscription_date,undeliverability_date\n"
    '1,reg@example.org,,"poets, cooks",{},2023-01-01T10:00:00Z,regular,organic,'
    "203.0.113.5,,\n"
    "2,pay@example.org,,,{},2023-01-01T10:00:00Z,premium,,,,\n"
    "3,new@example.org,,,{},2023-01-01T10:00:00Z,unactivated,,,,\n"
    "4,off@example.org,,,{},2023-01-01T10:00:00Z,unsubscribed,,,2024-02-02T00:00:00Z,\n"
    "5,bad@example.org,,,{},2023-01-01T10:00:00Z,undeliverable,,,,2024-02-02T00:00:00Z\n"
    "6,spam@example.org,,,{},2023-01-01T10:00:00Z,spammy,,,,\n"
    "7,out@example.org,,,{},2023-01-01T10:00:00Z,removed,,,,\n"
    "8,odd@example.org,,,{},2023-01-01T10:00:00Z,enchanted,,,,\n"
)


def test_buttondown_tells_by_the_type(store: Store) -> None:
    """Whoever pays or not receives; the others do not; an unknown type is a bad line."""
    report = _bring(store, "subscribers.csv", BUTTONDOWN)
    assert (report.systems, report.added, report.bad) == (("Buttondown",), 7, 1)
    assert report.remarks[0].line == 9
    assert _statuses(store) == {
        "bad": "bounced",
        "new": "pending",
        "off": "unsubscribed",
        "out": "unsubscribed",
        "pay": "confirmed",
        "reg": "confirmed",
        "spam": "suppressed",
    }
    assert _person(store, "reg@example.org").tags == ("cooks", "poets")


def test_buttondown_knows_from_where_somebody_came(store: Store) -> None:
    """With the day they came that is evidence; who came from nowhere was imported."""
    _bring(store, "subscribers.csv", BUTTONDOWN)
    assert _acts(store, "reg@example.org") == [(Act.ASKED, 2023, "203.0.113.0/24")]
    assert _acts(store, "pay@example.org") == [(Act.IMPORTED, 2026, "")]
    assert _acts(store, "off@example.org") == [(Act.LEFT, 2024, "")]


SUBSTACK = (
    "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at\n"
    "free@example.org,false,,other,false,2025-05-05T05:05:05.000Z,\n"
    "paid@example.org,true,2027-01-01T00:00:00.000Z,yearly,false,2025-05-05T05:05:05Z,\n"
    "mute@example.org,false,,other,true,2025-05-05T05:05:05.000Z,\n"
)


def test_substack_out_of_its_archive(store: Store) -> None:
    """The list alone is read, not who opened what; whoever pays nothing receives too."""
    files = {
        "posts/12.opens.csv": "post_id,email\n12,stranger@example.org\n",
        "posts.csv": "post_id,title\n12,Tea\n",
        "email_list.teahouse.csv": SUBSTACK,
    }
    report = _bring(store, "export.zip", _zip(files))
    assert (report.systems, report.added) == (("Substack",), 3)
    assert _statuses(store) == {
        "free": "confirmed",
        "mute": "unsubscribed",
        "paid": "confirmed",
    }
    joined = _person(store, "free@example.org").joined
    assert joined == datetime(2025, 5, 5, 5, 5, 5, tzinfo=UTC)


def test_ghost_tells_who_gets_mail(store: Store) -> None:
    """Whoever is not subscribed to its mails, or deleted, is unsubscribed here."""
    text = (
        "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,"
        "created_at,deleted_at,labels,tiers\n"
        '1,yes@example.org,Yes,,true,false,,2024-01-01T00:00:00.000Z,,"Tea,Cake",\n'
        "2,no@example.org,No,,false,false,,2024-01-01T00:00:00.000Z,,,\n"
        "3,unsaid@example.org,U,,,false,,2024-01-01T00:00:00.000Z,,,\n"
        "4,gone@example.org,G,,true,false,,2024-01-01T00:00:00.000Z,2024-02-02,,\n"
    )
    report = _bring(store, "members.csv", text)
    assert (report.systems, report.added) == (("Ghost",), 4)
    assert _statuses(store) == {
        "gone": "unsubscribed",
        "no": "unsubscribed",
        "unsaid": "unsubscribed",
        "yes": "confirmed",
    }
    assert _person(store, "yes@example.org").tags == ("cake", "tea")


def test_who_left_here_stays_away_whatever_they_are_there(store: Store) -> None:
    """Another program's word brings nobody back."""
    _bring(store, "a.csv", "email,status\nfree@example.org,unsubscribed\n")
    report = _bring(store, "email_list.csv", SUBSTACK)
    assert (report.added, report.kept_out) == (2, 1)
    assert _statuses(store)["free"] == "unsubscribed"
