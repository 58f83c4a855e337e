"""What is wrong with a newsletter as its feeds show it."""

from collections.abc import Callable, Sequence

from distribute.editions.edition import Edition
from distribute.editions.publication import Publication
from distribute.feeds.lint import feed_findings
from distribute.feeds.options import FeedOptions
from distribute.finding import Finding, Severity
from distribute.language import Language

FRENCH = Language("fr")


def findings_of(
    editions: Sequence[Edition],
    publication: Publication,
    weight: int = 100,
) -> list[Finding]:
    """Look at editions that all weigh the same."""
    found = feed_findings(
        editions,
        weigh=lambda _: weight,
        publication=publication,
        options=FeedOptions(size=100_000),
    )
    return list(found)


def test_nothing_is_wrong_with_plain_posts(
    edition_of: Callable[..., Edition], publication: Publication
) -> None:
    """Two languages, two posts, no findings."""
    editions = [edition_of("a"), edition_of("b"), edition_of("a", FRENCH)]
    assert findings_of(editions, publication) == []


def test_a_shared_id_is_an_error_with_file_and_line(
    edition_of: Callable[..., Edition], publication: Publication
) -> None:
    """In one language or across two, the later post is named, and the line of its guid."""
    front_matter = {"guid": "urn:x:1", "lines": {"guid": 4}}
    english, other = (edition_of(s, front_matter=front_matter) for s in ("a", "b"))
    french = edition_of("a", FRENCH, front_matter=front_matter)
    for pair in ([english, other], [english, french]):
        (finding,) = findings_of(pair, publication)
        assert (finding.rule, finding.severity) == ("feed-id-taken", Severity.ERROR)
        assert (finding.path, finding.line) == (pair[1].post.path, 4)
        assert str(english.post.path) in finding.message


def test_a_post_too_long_for_a_document_is_told(
    edition_of: Callable[..., Edition], publication: Publication
) -> None:
    """It is a warning; where validators and readers give up, an error."""
    (warning,) = findings_of([edition_of()], publication, weight=200_000)
    assert (warning.rule, warning.severity) == ("feed-entry-long", Severity.WARNING)
    assert "195 KiB" in warning.message
    (error,) = findings_of([edition_of()], publication, weight=5_000_001)
    assert error.severity is Severity.ERROR


def test_what_is_in_no_feed_may_be_long(
    edition_of: Callable[..., Edition], publication: Publication
) -> None:
    """``feed: false`` is a way out."""
    hidden = edition_of(front_matter={"extra": {"feed": False}})
    found = findings_of([hidden], publication, weight=200_000)
    assert "feed-entry-long" not in {finding.rule for finding in found}


def test_an_enclosure_that_is_nowhere_is_told(
    edition_of: Callable[..., Edition], publication: Publication
) -> None:
    """A file that is not the newsletter's own has no length that could be written."""
    front_matter = {"extra": {"enclosure": "talk.mp3"}, "lines": {"enclosure": 5}}
    (finding,) = findings_of([edition_of(front_matter=front_matter)], publication)
    assert (finding.rule, finding.line) == ("enclosure-missing", 5)
    assert "'talk.mp3'" in finding.message


def test_a_language_that_is_kept_out_of_feeds_altogether_is_told(
    edition_of: Callable[..., Edition], publication: Publication
) -> None:
    """One post that goes in is enough."""
    out = {"extra": {"feed": False}}
    editions = [
        edition_of("a"),
        edition_of("b", front_matter=out),
        edition_of("a", FRENCH, front_matter=out),
    ]
    (finding,) = findings_of(editions, publication)
    assert (finding.rule, finding.severity) == ("feed-empty", Severity.WARNING)
    assert "every post in fr says feed: false" in finding.message
    assert finding.path.name == "distribute.toml"
