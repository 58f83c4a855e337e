"""Old addresses as files of the site."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from distribute.editions.edition import Edition, Issue
from distribute.web.file import SiteFile
from distribute.web.site.site import SiteOptions

MakeEdition = Callable[..., Edition]
MakeIssue = Callable[..., Issue]
Plan = Callable[..., Sequence[SiteFile]]


def test_each_old_address_is_a_file(
    plan: Plan, edition_of: MakeEdition, issue_of: MakeIssue
) -> None:
    """It belongs to its post, and is not listed unless somebody wants the list."""
    edition = edition_of(1, former=("old/", "2019/a.html"))
    files = {file.path: file for file in plan(issue_of(edition))}
    assert (
        b'content="0; url=../en/night-1/index.html"' in files["old/index.html"].make()
    )
    assert b"../en/night-1/index.html" in files["2019/a.html"].make()
    assert files["old/index.html"].post == edition.post.path
    assert "_redirects" not in files
    listed = plan(issue_of(edition), options=SiteOptions(redirects=True))
    (list_,) = [file for file in listed if file.path == "_redirects"]
    assert b"/old/ /en/night-1/ 301\n" in list_.make()


def test_it_is_made_anew_only_if_it_leads_elsewhere(
    plan: Plan, edition_of: MakeEdition, issue_of: MakeIssue
) -> None:
    """What it shows is in its fingerprint."""

    def fingerprint(**changes: object) -> str:
        edition = edition_of(1, former=("old/",), **changes)
        files = {file.path: file for file in plan(issue_of(edition))}
        return files["old/index.html"].fingerprint

    assert fingerprint() == fingerprint()
    assert fingerprint() != fingerprint(title="Another")
    assert fingerprint() != fingerprint(path="en/other/")


def test_there_is_none_to_a_page_of_the_future(
    plan: Plan, edition_of: MakeEdition, issue_of: MakeIssue
) -> None:
    """Nothing leads to what is not out yet."""
    now, later = (datetime(2026, 3, day, tzinfo=UTC) for day in (10, 20))
    edition = edition_of(1)
    coming = replace(edition_of(2, former=("old/",)), published=later)
    paths = {file.path for file in plan(issue_of(edition), issue_of(coming), now=now)}
    assert "old/index.html" not in paths
