"""The feeds as files of the site."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from distribute.editions.asset import Asset
from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.errors import DistributeError
from distribute.feeds.options import FeedOptions
from distribute.finding import Severity
from distribute.language import Language
from distribute.web.file import SiteFile
from distribute.web.site.site import SiteOptions
from distribute.web.site.syndication import too_long, with_addresses

FRENCH = Language("fr")
Plan = Callable[..., Sequence[SiteFile]]


def fingerprints(files: Sequence[SiteFile]) -> dict[str, str]:
    """Give what the files of feeds depend on, by path."""
    names = ("rss", "atom", "feed", "autodiscovery")
    return {
        file.path: file.fingerprint
        for file in files
        if file.path.rpartition("/")[2].startswith(names)
    }


def test_a_new_title_concerns_its_own_feed(
    plan: Plan, issues: tuple[Issue, ...]
) -> None:
    """Whatever was decided about an edition counts in the documents that hold it."""
    newest, *others = issues
    edition = replace(newest.editions[FRENCH], title="Autre titre")
    changed = replace(newest, editions={**newest.editions, FRENCH: edition})
    before, after = fingerprints(plan(*issues)), fingerprints(plan(changed, *others))
    assert {path for path in before if before[path] != after[path]} == {
        *("fr/rss.xml", "fr/atom.xml", "fr/feed.json")
    }


def test_every_option_that_is_seen_counts(
    plan: Plan, issues: tuple[Issue, ...]
) -> None:
    """Another hub is another document in every format; the lines for pages are the same."""
    before = fingerprints(plan(*issues))
    options = SiteOptions(feeds=FeedOptions(hub="https://hub.example.org/"))
    after = fingerprints(plan(*issues, options=options))
    changed = {path for path in before if before[path] != after[path]}
    for folder in ("en", "fr"):
        documents = {
            f"{folder}/{name}" for name in ("rss.xml", "atom.xml", "feed.json")
        }
        assert documents < changed
        assert f"{folder}/autodiscovery.html" not in changed


def test_an_archive_page_is_planned_once_for_all(
    plan: Plan, issues: tuple[Issue, ...], edition_of: Callable[..., Edition]
) -> None:
    """A new issue changes no page of the archive, not even what it depends on."""
    options = SiteOptions(feeds=FeedOptions(limit=1))
    before = fingerprints(plan(*issues, options=options))
    edition = edition_of(4, day=9)
    newest = replace(issues[0], id="4", number=4, editions={edition.language: edition})
    after = fingerprints(plan(newest, *issues, options=options))
    pages = [path for path in before if path.startswith("en/") and "-" in path]
    assert len(pages) == 6
    assert all(before[path] == after[path] for path in pages)
    assert len(after) - len(before) == 3


def test_pictures_of_the_feeds_get_their_addresses(publication: Publication) -> None:
    """A file of the newsletter's is known by its stamp, another's picture stays."""
    asset = Asset(digest="c" * 64, length=1)
    own = replace(publication, files=frozenset({"a b.png"}), assets={"a b.png": asset})
    options = FeedOptions(icon="a b.png", logo="https://cdn.example.org/l.png")
    found = with_addresses(options, own)
    assert found.icon == "https://news.example.org/a%20b.cccccccccc.png"
    assert found.logo == options.logo
    with pytest.raises(DistributeError, match=r"cannot show 'a b.png'"):
        with_addresses(options, publication)


def test_a_post_that_is_too_long_is_told_after_the_build(tmp_path: Path) -> None:
    """What counts is the document as it was written; pages may be as long as they like."""
    files = [
        SiteFile(
            path=path, fingerprint="", make=bytes, post=Path(post) if post else None
        )
        for path, post in (
            ("rss.xml", "a.md"),
            ("atom.xml", "b.md"),
            ("feed.json", None),
            ("page.html", "c.md"),
        )
    ]
    for file, octets in zip(files, (11, 10, 99, 99), strict=True):
        (tmp_path / file.path).write_bytes(b"x" * octets)
    (finding,) = too_long(files, tmp_path, 10)
    assert (finding.path, finding.severity) == (Path("a.md"), Severity.WARNING)
