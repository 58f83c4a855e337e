"""What is late, and whom it suits: decided without a database."""

import pickle

import pytest

from distribute.campaign.plan.choices import Choices
from distribute.campaign.plan.extra import correction_id, issue_campaign, late_id
from distribute.campaign.plan.late import (
    LateChoices,
    RepeatedChoices,
    come_after,
    come_later,
)
from distribute.language import Language
from tests.campaign.wishes import languages_of

EN, ES, FR, PT = languages_of("en es fr pt-BR")


@pytest.mark.parametrize(
    ("printed", "finished", "late"),
    [
        ({"en": 1, "es": 1}, 5, ()),
        ({"en": 1}, 5, (ES,)),
        ({"en": 1, "es": 9}, 5, (ES,)),
        ({"en": 1, "es": 5}, 5, ()),
        ({"en": 1}, None, ()),
        ({}, None, ()),
        ({}, 5, ()),  # an earlier version sent it, and noted nothing
    ],
)
def test_late_is_what_was_not_there_when_the_issue_was_sent(
    printed: dict[str, int], finished: int | None, late: tuple[Language, ...]
) -> None:
    """While it is being sent nothing is."""
    assert come_after([EN, ES], printed, finished) == late


@pytest.mark.parametrize(
    ("printed", "later"),
    [
        ({"en": 1, "es": 1}, ()),
        ({"en": 1, "es": 2}, (ES,)),
        ({"es": 1}, (EN,)),
        ({}, ()),
    ],
)
def test_later_is_what_was_not_there_at_first(
    printed: dict[str, int], later: tuple[Language, ...]
) -> None:
    """Whichever language the first ones were in."""
    assert come_later([EN, ES], printed) == later


@pytest.mark.parametrize(
    ("wishes", "edition", "reason"),
    [
        ("es", ES, "asked for es, and it came later"),
        ("es-MX en", ES, "asked for es-MX, es is nearest, and it came later"),
        ("de es", ES, "asked for de, then es, and it came later"),
        ("en es", None, "es is not what suits them best"),
        ("de", None, "es is not what suits them best"),
        ("", None, "es is not what suits them best"),
    ],
)
def test_a_late_edition_is_for_whom_it_suits_best(
    wishes: str, edition: Language | None, reason: str
) -> None:
    """Not for those who would get it as the last resort."""
    choice = LateChoices([EN, ES], ES).of(wishes, 0)
    assert (choice.language, choice.reason) == (edition, reason)


def test_a_correction_is_in_the_language_of_what_it_corrects() -> None:
    """There is no next best."""
    choices = RepeatedChoices([EN, PT], EN)
    assert choices.of("pt-BR", 1).language == PT
    assert choices.of("pt-PT", 1).language is None
    assert choices.of("", 1).language is None


def test_what_is_held_back_is_as_if_it_were_not_there() -> None:
    """Who wants nothing else is told why they get nothing."""
    choices = Choices([EN, ES], (EN,), EN, held_back=[ES])
    assert choices.of("es", 0).reason == "asked for es, en is the default"
    assert choices.of("es", 1).reason == "wants only es, and es came too late"
    assert choices.of("fr", 1).reason == "wants only fr, and there is no edition"


@pytest.mark.parametrize(
    "choices",
    [
        Choices([EN, ES], (EN,), EN, held_back=[ES]),
        LateChoices([EN, ES], ES),
        RepeatedChoices([EN, ES], EN),
    ],
)
def test_choices_work_elsewhere_as_they_do_here(choices: Choices) -> None:
    """Another process writes most of the messages."""
    copy = pickle.loads(pickle.dumps(choices))  # noqa: S301 - our own bytes
    assert [copy.of(w, 0) for w in ("es", "en", "fr")] == [
        choices.of(w, 0) for w in ("es", "en", "fr")
    ]


def test_campaigns_are_named_after_their_issue() -> None:
    """And the name tells which issue that is, whatever stands in it."""
    late = late_id("issue-5.1", PT)
    correction = correction_id("issue-5.1", {"en": "Sorry."}, {"en": "B"})
    assert late == "issue-5.1.late-pt-BR"
    assert correction.startswith("issue-5.1.correction-")
    for name in (late, correction, "issue-5.1"):
        assert issue_campaign(name) == "issue-5.1"


def test_a_correction_is_known_by_its_words_and_texts() -> None:
    """In whatever order they come; a changed word or text makes another one."""
    words, texts = {"en": "Sorry.", "es": "Perdón."}, {"en": "B", "es": "F"}
    name = correction_id("issue-5", words, texts)
    turned = dict(reversed(words.items()))
    assert correction_id("issue-5", turned, texts | {"fr": "X"}) == name
    assert correction_id("issue-5", words | {"en": "Oh."}, texts) != name
    assert correction_id("issue-5", words, texts | {"en": "C"}) != name
