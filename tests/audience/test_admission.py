"""Who gets in, who is brought up to date, and who stays away."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.admission import Verdict, admit, chosen_since, fold, readmit
from distribute.audience.consent import Act, Consent
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.suppression.suppression import Reason
from distribute.language import Language
from distribute.mailbox import Mailbox

EN, FR = Language("en"), Language("fr")
ADA = Subscriber(mailbox=Mailbox("ada@example.org", "Ada"), languages=(EN,))

CHOSE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

statuses = st.sampled_from(Status)


@pytest.mark.parametrize("status", Status)
def test_a_newcomer_gets_the_status_asked_for(status: Status) -> None:
    """Whoever is not on the list is added, also as somebody not to be written to."""
    newcomer = replace(ADA, status=status)
    assert admit(newcomer, None).verdict is Verdict.ADDED
    assert admit(newcomer, None).subscriber == newcomer


@given(asked=statuses, known=statuses)
@settings(max_examples=100, deadline=None)
def test_no_status_ever_gets_better(asked: Status, known: Status) -> None:
    """Whatever is asked for, nobody comes nearer to receiving than they are."""
    for decide in (admit, fold):
        admission = decide(replace(ADA, status=asked), replace(ADA, status=known))
        assert admission.subscriber.status.gravity == max(asked.gravity, known.gravity)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status.PENDING, "pending: only they can confirm"),
        (Status.UNSUBSCRIBED, "unsubscribed: only they can come back"),
        (
            Status.BOUNCED,
            "bounced: `distribute audience add` puts them back if that was a mistake",
        ),
        (Status.COMPLAINED, "complained: only they can come back"),
        (Status.SUPPRESSED, "suppressed: only they can come back"),
    ],
)
def test_whoever_left_is_kept_out(status: Status, reason: str) -> None:
    """Somebody who left is left alone, name and languages too, and the reason is given."""
    known = replace(ADA, status=status)
    applicant = Subscriber(mailbox=Mailbox("ada@example.org", "A."), languages=(FR,))
    admission = admit(applicant, known)
    assert (admission.verdict, admission.reason) == (Verdict.KEPT_OUT, reason)
    assert admission.subscriber == known


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("known", [None, replace(ADA, status=Status.SUPPRESSED)])
def test_the_suppressed_are_kept_out_whoever_they_are(
    known: Subscriber | None, reason: Reason
) -> None:
    """Known or not, for whatever reason, which is given; nothing about them changes."""
    applicant = replace(ADA, tags=("press",), languages=(FR,))
    admission = admit(applicant, known, reason)
    assert admission.verdict is Verdict.KEPT_OUT
    assert admission.subscriber.status is Status.SUPPRESSED
    assert str(reason) in admission.reason
    if known:
        assert admission.subscriber == known


@given(asked=statuses, before=statuses)
@settings(max_examples=100, deadline=None)
def test_who_bounced_is_let_in_by_hand_as_far_as_they_were_before(
    asked: Status, before: Status
) -> None:
    """A bounce is no wish of theirs; what they wished before it counts as ever."""
    known = replace(ADA, status=Status.BOUNCED)
    applicant = replace(ADA, status=asked, languages=(FR,))
    admission = readmit(applicant, known, before)
    if asked.gravity < before.gravity:
        assert (admission.verdict, admission.subscriber) == (Verdict.KEPT_OUT, known)
        assert admission.reason
    else:
        assert admission.verdict is Verdict.UPDATED
        assert admission.subscriber == applicant
        assert admission.reason == "had bounced, and is on the list again"


def test_name_and_languages_are_brought_up_to_date() -> None:
    """What an applicant says anew replaces what was known, but not how they joined."""
    known = replace(ADA, source="form")
    applicant = Subscriber(
        mailbox=Mailbox("ADA@example.org", "Ada L."),
        languages=(FR, EN),
        only_these=True,
        source="import people.csv",
    )
    admission = admit(applicant, known)
    assert admission.verdict is Verdict.UPDATED
    assert admission.subscriber == Subscriber(
        mailbox=Mailbox("ada@example.org", "Ada L."),
        languages=(FR, EN),
        only_these=True,
        source="form",
    )


def test_what_is_not_said_is_not_erased() -> None:
    """An applicant without a name and languages changes nothing."""
    known = replace(ADA, only_these=True)
    applicant = Subscriber(mailbox=Mailbox("ada@example.org"))
    assert admit(applicant, known).verdict is Verdict.UNCHANGED
    assert admit(applicant, known).subscriber == known


def test_an_import_can_take_somebody_off() -> None:
    """A graver status is believed: a list of those who left is a list like others."""
    admission = admit(replace(ADA, status=Status.UNSUBSCRIBED), ADA)
    assert admission.verdict is Verdict.UPDATED
    assert admission.subscriber.status is Status.UNSUBSCRIBED


def test_only_these_without_languages_means_nothing() -> None:
    """To want only what one has not named would mean to want nothing at all."""
    applicant = replace(ADA, languages=(), only_these=True)
    assert admit(applicant, None).subscriber.only_these is False


def test_of_a_repeated_mailbox_the_first_line_counts() -> None:
    """A second applicant changes neither name nor languages, but may have left."""
    second = replace(ADA, mailbox=Mailbox("ada@example.org", "Other"), languages=(FR,))
    assert fold(second, ADA).verdict is Verdict.UNCHANGED
    gone = replace(second, status=Status.COMPLAINED)
    assert fold(gone, ADA).subscriber == replace(ADA, status=Status.COMPLAINED)


def test_tags_are_added_and_none_is_taken() -> None:
    """What an import knows of somebody is not all that is known."""
    known = replace(ADA, tags=("press", "vip"))
    admission = admit(replace(ADA, tags=("guest", "press")), known)
    assert admission.subscriber.tags == ("guest", "press", "vip")
    assert admit(ADA, known).verdict is Verdict.UNCHANGED


def test_what_somebody_chose_themselves_stays() -> None:
    """Name, languages and pause; it is said, for the file says something else."""
    known = replace(ADA, paused_until=date(2026, 12, 24))
    applicant = Subscriber(
        mailbox=Mailbox("ada@example.org", "A. L."), languages=(FR,), only_these=True
    )
    admission = admit(applicant, known, chose=CHOSE)
    assert (admission.verdict, admission.subscriber) == (Verdict.UNCHANGED, known)
    assert admission.reason == "stays as they chose themselves on 2026-11-20"
    assert admit(ADA, known, chose=CHOSE).reason == ""
    assert admit(applicant, known).subscriber.languages == (FR,)


def test_who_chose_themselves_may_be_tagged_or_taken_off() -> None:
    """That is no wish of theirs; whoever left somewhere has left."""
    applicant = replace(
        ADA, languages=(FR,), tags=("press",), status=Status.UNSUBSCRIBED
    )
    admission = admit(applicant, ADA, chose=CHOSE)
    assert admission.verdict is Verdict.UPDATED
    assert admission.subscriber == replace(
        ADA, tags=("press",), status=Status.UNSUBSCRIBED
    )
    assert admission.reason


def consent(act: Act, days: int, source: str = "form") -> Consent:
    """Act some days after `CHOSE`."""
    return Consent(at=CHOSE + timedelta(days=days), act=act, source=source)


@pytest.mark.parametrize("act", [Act.CHOSE, Act.CONFIRMED])
@pytest.mark.parametrize("source", ["form", "mail"])
def test_the_last_choice_counts_until_a_file_knows_of_later(
    act: Act, source: str
) -> None:
    """A file without any time knows nothing; one from the same moment knows it all."""
    consents = [consent(act, 0, source), consent(Act.CHOSE, -9), consent(Act.ASKED, 5)]
    day = timedelta(days=1)
    assert chosen_since(consents, []) == CHOSE
    assert chosen_since(consents, [CHOSE - day]) == CHOSE
    assert chosen_since(consents, [CHOSE - day, CHOSE]) is None
    assert chosen_since(consents, [CHOSE + day]) is None


@pytest.mark.parametrize("act", Act)
def test_what_a_file_or_an_operator_said_is_no_choice_of_theirs(act: Act) -> None:
    """Neither a confirmation elsewhere, nor any other act of theirs."""
    assert chosen_since([consent(act, 0, "import people.csv")], []) is None
    found = chosen_since([consent(act, 0, "form")], [])
    assert (found == CHOSE) is (act in {Act.CHOSE, Act.CONFIRMED})
    assert chosen_since([], []) is None
