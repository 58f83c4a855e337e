"""Who gets in, who is brought up to date, and who stays away."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.admission import Verdict, admit, fold, readmit
from distribute.audience.subscriber import Status, Subscriber
from distribute.language import Language
from distribute.mailbox import Mailbox

EN, FR = Language("en"), Language("fr")
ADA = Subscriber(mailbox=Mailbox("ada@example.org", "Ada"), languages=(EN,))

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
