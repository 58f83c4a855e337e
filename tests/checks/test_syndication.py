"""What feed readers and validators would object to."""

import pytest

from distribute.checks import syndication
from distribute.finding import Severity
from tests.checks.press import SETTINGS, Press, only


@pytest.mark.parametrize(
    "line",
    [
        "guid: tag:example.org,2020:5",
        'guid: "https://example.org/?p=5"',
        "guid: urn:x:1",
    ],
)
def test_an_absolute_uri_is_a_good_guid(press: Press, line: str) -> None:
    """Of any scheme."""
    assert list(syndication.find(press.proof(line))) == []


def test_another_guid_is_a_warning_at_its_line(press: Press) -> None:
    """Unless the post is in no feed."""
    finding = only(syndication.find(press.proof("guid: ferry post 5")), "feed-guid-odd")
    assert (finding.severity, finding.words) == (Severity.WARNING, "ferry post 5")
    assert finding.line == 4
    assert list(syndication.find(press.proof("guid: a b", "feed: false"))) == []


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ('"The <b>ferry</b> runs"', "<b>"),
        ('"Ferries &amp; piers"', "&amp;"),
        ('"The **ferry** runs"', "**ferry**"),
    ],
)
def test_markup_in_a_title_is_a_warning(press: Press, title: str, words: str) -> None:
    """Readers would see it as it stands."""
    finding = only(syndication.find(press.proof(f"title: {title}")), "title-markup")
    assert (finding.words, finding.line) == (words, 2)


@pytest.mark.parametrize(
    "title", ['"Ferries & piers"', '"2 < 3 > 1"', '"C++, R&D, <3 and a*b*c"']
)
def test_signs_that_are_no_markup_may_stand_in_a_title(
    press: Press, title: str
) -> None:
    """They are escaped where they have to be."""
    assert list(syndication.find(press.proof(f"title: {title}"))) == []


def test_a_feed_without_a_description_is_a_note(press: Press) -> None:
    """Naming the languages that lack one."""
    proof = press.proof()
    assert list(syndication.find_undescribed(proof.theme, proof.publication)) == []
    bare = press.proof(settings=SETTINGS.replace("zh = ", "# zh = "))
    found = syndication.find_undescribed(bare.theme, bare.publication)
    finding = only(found, "feed-description-missing")
    assert finding.severity is Severity.NOTE
    assert finding.message.endswith("in zh")
    line = SETTINGS.splitlines()[finding.line - 1]
    assert line == "[newsletter.descriptions]"
