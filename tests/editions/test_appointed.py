"""When an issue shall be sent: what its posts say, if they agree."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from distribute.editions.edition import Issue
from distribute.editions.issues import resolve_issues
from distribute.editions.publication import Publication
from distribute.editions.resolve import EditionRules
from distribute.finding import Finding, Severity
from distribute.language import Language
from tests.editions.conftest import MakePost

PUBLICATION = Publication(
    title="Letters",
    url="https://letters.example.org",
    tag="example.org,2026",
    languages=(Language("en"), Language("pt-BR")),
)
RULES = EditionRules(zone=ZoneInfo("Europe/Berlin"), hour=time(18))


def _decide(
    make_post: MakePost, english: str, portuguese: str = ""
) -> tuple[Issue, Sequence[Finding]]:
    """Make an issue of two posts; what is given is more of their front matter."""
    posts = [
        make_post("2026-11-01-a.md", f"lang: en\nissue: 5\n{english}"),
        make_post("2026-11-01-b.md", f"lang: pt-BR\nissue: 5\n{portuguese}"),
    ]
    resolution = resolve_issues(posts, publication=PUBLICATION, rules=RULES)
    (issue,) = resolution.issues
    return issue, [f for f in resolution.findings if f.rule.startswith("send")]


@pytest.mark.parametrize(
    ("english", "portuguese"),
    [
        ("send: 2026-12-01 09:00", ""),
        ("", "send: 2026-12-01 09:00"),
        ("send: 2026-12-01 09:00", "send: 2026-12-01 05:00 America/Sao_Paulo"),
        ("send: 2026-12-01T08:00:00Z", ""),
    ],
)
def test_one_post_says_when_or_all_say_the_same(
    make_post: MakePost, english: str, portuguese: str
) -> None:
    """In whatever zone; the newsletter's, if none is written."""
    issue, findings = _decide(make_post, english, portuguese)
    assert issue.send is not None
    assert issue.send.at == datetime.fromisoformat("2026-12-01T08:00Z")
    assert not findings


def test_a_day_alone_is_at_the_hour_of_posts(make_post: MakePost) -> None:
    """As with their dates."""
    issue, _ = _decide(make_post, "send: 2026-12-01")
    assert issue.send is not None
    assert issue.send.said == "2026-12-01 18:00 Europe/Berlin"


def test_without_a_word_it_is_not_sent_by_itself(make_post: MakePost) -> None:
    """The date of a post is no order to send it."""
    issue, findings = _decide(make_post, "date: 2026-12-01")
    assert (issue.send, findings) == (None, [])


def test_what_cannot_be_read_is_an_error_and_no_time(make_post: MakePost) -> None:
    """On its line, even where another post says a time."""
    issue, (finding,) = _decide(make_post, "send: soon", "send: 2026-12-01 09:00")
    assert issue.send is None
    assert (finding.rule, finding.severity) == ("send-invalid", Severity.ERROR)
    assert (finding.path.name, finding.line) == ("2026-11-01-a.md", 4)
    assert "'soon' is not a time" in finding.message


def test_two_times_are_an_error_and_no_time(make_post: MakePost) -> None:
    """Nobody can tell which was meant."""
    issue, (finding,) = _decide(
        make_post, "send: 2026-12-01 09:00", "send: 2026-12-01 09:00 UTC"
    )
    assert issue.send is None
    assert (finding.rule, finding.severity) == ("send-disagrees", Severity.ERROR)
    assert finding.path.name == "2026-11-01-b.md"
    assert "2026-11-01-a.md" in finding.message


def test_a_time_that_does_not_exist_is_decided_and_said(make_post: MakePost) -> None:
    """A warning, and the time that is meant."""
    issue, (finding,) = _decide(make_post, "send: 2027-03-28 02:30")
    assert issue.send is not None
    assert issue.send.at == datetime.fromisoformat("2027-03-28T01:30Z")
    assert (finding.rule, finding.severity) == ("send-shifted", Severity.WARNING)
