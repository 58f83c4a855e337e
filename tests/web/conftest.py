"""A small newsletter whose editions are rendered already, and a place for its site."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest

from distribute.editions.edition import Author, Edition, Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.posts.post import FileName, FrontMatter, Post
from distribute.render.document import Content
from distribute.render.theme.files import read_theme_files
from distribute.web.file import SiteFile
from distribute.web.fingerprint import fingerprint_of
from distribute.web.site.look import Look
from distribute.web.site.site import SiteOptions, plan_site

ENGLISH, FRENCH, ARABIC = Language("en"), Language("fr"), Language("ar")
SITE = "https://news.example.org"


NOW = datetime(2026, 3, 31, tzinfo=UTC)


class Known:
    """Contents that need no rendering; it counts how often each was asked for."""

    def __init__(self, contents: Mapping[str, Content]) -> None:
        self.contents = contents
        self.asked: list[str] = []

    def digest(self, edition: Edition) -> str:
        """Digest what an edition says."""
        return fingerprint_of(self.contents[edition.url])

    def of(self, edition: Edition) -> Content:
        """Give it, and remember that somebody asked."""
        self.asked.append(edition.url)
        return self.contents[edition.url]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Name a place that does not exist yet."""
    return tmp_path / "out" / "site"


@pytest.fixture(scope="session")
def look() -> Look:
    """Read the shipped theme."""
    return Look(read_theme_files())


@pytest.fixture
def plan(
    contents_of: Callable[..., dict[str, Content]],
    publication: Publication,
    look: Look,
) -> Callable[..., Sequence[SiteFile]]:
    """Plan the site of some issues."""

    def make(
        *issues: Issue,
        now: datetime = NOW,
        publication: Publication = publication,
        contents: Known | None = None,
        look: Look = look,
        options: SiteOptions | None = None,
    ) -> Sequence[SiteFile]:
        return plan_site(
            issues,
            contents or Known(contents_of(*issues)),
            publication=publication,
            look=look,
            now=now,
            options=options or SiteOptions(),
        )

    return make


@pytest.fixture
def publication() -> Publication:
    """Three languages; nobody has written Arabic yet."""
    return Publication(
        title="Night Sky",
        titles={FRENCH: "Ciel de nuit"},
        url=SITE,
        tag="example.org,2026",
        languages=(ENGLISH, FRENCH, ARABIC),
    )


@pytest.fixture
def edition_of() -> Callable[..., Edition]:
    """Make an edition; anything about it can be said, the rest is plausible."""

    def make(
        number: int, language: Language = ENGLISH, day: int = 1, **changes: object
    ) -> Edition:
        slug = f"night-{number}"
        path = f"{language.folder}/{slug}/"
        published = datetime(2026, 3, day, 7, 30, tzinfo=UTC)
        facts: dict[str, object] = {
            "issue": str(number),
            "number": number,
            "language": language,
            "title": f"Night {number}",
            "slug": slug,
            "url": f"{SITE}/{path}",
            "path": path,
            "published": published,
            "updated": published,
            "authors": (Author("Ada"),),
            "tags": (),
            "excerpt": "",
            "image": "",
            "original": language == ENGLISH,
            "post": _post(slug, language),
            "decisions": (),
        }
        return Edition(**(facts | changes))  # type: ignore[arg-type]  # a test says what it needs

    return make


def _post(slug: str, language: Language) -> Post:
    name = f"2026-03-01-{slug}[{language}].md"
    return Post(
        path=PurePosixPath("posts") / name,
        file_name=FileName(name=name, date=None, title=slug, slug=slug, tags=()),
        front_matter=FrontMatter(),
        body="",
        body_line=1,
    )


@pytest.fixture
def issue_of() -> Callable[..., Issue]:
    """Bind editions into an issue."""

    def make(*editions: Edition) -> Issue:
        first = editions[0]
        return Issue(
            id=first.issue,
            number=first.number,
            editions={edition.language: edition for edition in editions},
        )

    return make


@pytest.fixture
def issues(
    edition_of: Callable[..., Edition], issue_of: Callable[..., Issue]
) -> tuple[Issue, ...]:
    """Three issues, newest first; the second has no French edition yet."""
    return (
        issue_of(edition_of(3, day=3), edition_of(3, FRENCH, day=20)),
        issue_of(edition_of(2, day=2)),
        issue_of(edition_of(1, day=1), edition_of(1, FRENCH, day=4)),
    )


@pytest.fixture
def contents_of() -> Callable[..., dict[str, Content]]:
    """Say something in every edition."""

    def make(*issues: Issue) -> dict[str, Content]:
        return {
            edition.url: Content(
                html=f"<p>It is night {edition.number}.</p>",
                excerpt=f"Night {edition.number}.",
                preheader="",
            )
            for issue in issues
            for edition in issue.editions.values()
        }

    return make
