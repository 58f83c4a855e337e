"""Pages lead to where people subscribe, and say how to do so by mail."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.mailbox import Mailbox
from distribute.web.file import SiteFile

ELSEWHERE = "https://example.org/join"
Build = Callable[..., Mapping[str, str]]


@pytest.fixture
def site_of(
    plan: Callable[..., Sequence[SiteFile]],
    issues: tuple[Issue, ...],
    publication: Publication,
) -> Build:
    """Make the site of a newsletter that is joined in some way."""

    def build(**joined: object) -> Mapping[str, str]:
        changed = replace(publication, **joined)  # type: ignore[arg-type]  # by the tests
        files = plan(*issues, publication=changed)
        return {
            file.path: file.make().decode()
            for file in files
            if file.path.endswith(("l", "s"))
        }

    return build


def test_pages_lead_to_our_own_form(site_of: Build) -> None:
    """In the language of the page."""
    site = site_of(joins_at="https://news.example.org/subscribe")
    for tag in ("en", "fr"):
        link = f'href="https://news.example.org/subscribe?lang={tag}"'
        assert link in site[f"{tag}/index.html"]
        assert link in site[f"{tag}/night-1/index.html"]
    assert "public.css" not in site


def test_pages_lead_to_how_to_join_by_mail(site_of: Build) -> None:
    """There is such a page in every language that has an edition, and its style sheet."""
    site = site_of(joins_by=Mailbox("news@example.org"))
    assert 'href="../en/subscribe/index.html"' in site["en/index.html"]
    assert 'href="../../fr/subscribe/index.html"' in site["fr/night-1/index.html"]
    assert (
        "mailto:news@example.org?subject=subscribe%20fr"
        in site["fr/subscribe/index.html"]
    )
    assert 'href="../../public.css"' in site["en/subscribe/index.html"]
    assert ".card" in site["public.css"]


def test_what_the_owner_says_wins(site_of: Build) -> None:
    """Then there is no page of ours, and no link to our form."""
    site = site_of(
        subscribe=ELSEWHERE,
        joins_by=Mailbox("news@example.org"),
        joins_at="https://news.example.org/subscribe",
    )
    assert f'href="{ELSEWHERE}"' in site["en/index.html"]
    assert "en/subscribe/index.html" not in site
    assert "news.example.org/subscribe" not in site["en/index.html"]


def test_pages_of_what_cannot_be_joined_do_not_speak_of_it(site_of: Build) -> None:
    """A newsletter that is read in feeds alone has no such link."""
    site = site_of()
    assert "Subscribe" not in site["en/index.html"]
