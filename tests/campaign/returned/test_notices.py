"""Notifications of providers are read in every form they come in."""

import json

import pytest

from distribute.campaign.returned import document
from distribute.campaign.returned.notices import MOST, read_anything, read_notice
from distribute.campaign.returned.provider import Provider
from distribute.campaign.returned.report import Kind
from distribute.errors import AudienceError
from tests.campaign.returned.made import OURS, delivery
from tests.campaign.returned.provider_notices import mailgun, notice_messages, ses, sns

NOTICES = notice_messages()


@pytest.mark.parametrize("name", NOTICES)
def test_a_provider_is_known_by_its_looks(name: str) -> None:
    """A file means the same as what the hook of that provider was told."""
    provider = Provider(name.partition("-")[0])

    assert read_notice(provider, NOTICES[name], ours=OURS) == read_notice(
        None, NOTICES[name], ours=OURS
    )


@pytest.mark.parametrize("provider", Provider)
def test_what_another_provider_tells_is_refused(provider: Provider) -> None:
    """A hook listens to one provider only."""
    for name, body in NOTICES.items():
        if not name.startswith(provider):
            with pytest.raises(AudienceError):
                read_notice(provider, body, ours=OURS)


def test_the_envelope_of_sns_makes_no_other_notification() -> None:
    """What came raw and wrapped is judged once; another event is another one."""
    bounce = ses("x", "Bounce", {"bounceType": "Permanent"})
    other = ses("y", "Bounce", {"bounceType": "Permanent"})
    (raw,), (wrapped,), (another,) = (
        read_notice(Provider.SES, json.dumps(each).encode(), ours=OURS)
        for each in (bounce, sns(bounce), other)
    )

    assert raw == wrapped
    assert raw.identity != another.identity


def test_many_are_read_from_a_list_and_from_lines() -> None:
    """As the events API of Mailgun and exports give them."""
    events = [mailgun("a", "complained"), mailgun("b", "unsubscribed")]
    forms = [
        json.dumps(events),
        json.dumps({"items": events, "paging": {}}),
        "\n".join(json.dumps(event) for event in events) + "\n",
    ]
    for form in forms:
        found = read_anything(f"\ufeff{form}".encode(), ours=OURS)
        kinds = [returned.reports[0].kind for returned in found]
        ids = [returned.reports[0].delivery for returned in found]
        assert kinds == [Kind.COMPLAINT, Kind.LEAVE]
        assert ids == [delivery("a"), delivery("b")]


def test_mail_is_never_taken_for_a_notification() -> None:
    """Anybody may send a message, and what it says needs a proof."""
    (returned,) = read_anything(NOTICES["ses-json-gone"], ours=OURS, is_mail=True)

    assert [report.kind for report in returned.reports] == [Kind.UNKNOWN]


def test_what_sns_says_of_itself_is_no_notification() -> None:
    """Neither is it an error."""
    about = json.dumps({"Type": "SubscriptionConfirmation", "Token": "x"}).encode()

    assert read_notice(Provider.SES, about, ours=OURS) == ()


@pytest.mark.parametrize(
    "garbage",
    [
        b"{",
        b"[1, 2]",
        b"{}",
        b'{"event": "failed"}',
        b'{"RecordType": "Bounce"}',
        b'{"notificationType": "Bounce", "mail": 1}',
        b'{"Message": "no JSON", "Type": "Notification"}',
        b'{"id": "x", "mail_from": "", "rcpt_to": "", "smtputf8": false}',
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": "' + b"x" * document.LARGEST + b'"}',
    ],
)
def test_garbage_is_refused_in_words(garbage: bytes) -> None:
    """It says what it should have been."""
    with pytest.raises(AudienceError) as caught:
        read_anything(garbage, ours=OURS)

    assert "not a notification" in caught.value.reason
    assert len(caught.value.reason) < 500


def test_no_file_holds_more_than_anybody_can_judge() -> None:
    """Its owner is told to split it."""
    with pytest.raises(AudienceError, match="more than"):
        read_anything(json.dumps([{}] * (MOST + 1)).encode(), ours=OURS)


def test_several_recipients_have_a_report_each() -> None:
    """SES may tell of many at once."""
    found = ses(
        "x",
        "Complaint",
        {"complainedRecipients": [{"emailAddress": f"{n}@x.example"} for n in "abc"]},
    )
    (returned,) = read_notice(Provider.SES, json.dumps(found).encode(), ours=OURS)

    assert [r.recipient for r in returned.reports] == [
        "a@x.example",
        "b@x.example",
        "c@x.example",
    ]
