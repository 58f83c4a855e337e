"""Editions, contents and issues to make feeds of."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from xml.etree import ElementTree

import pytest

from distribute.editions.edition import Author, Edition, Issue
from distribute.editions.publication import Publication
from distribute.feeds.feed import Feed
from distribute.language import Language
from distribute.posts.post import FileName, FrontMatter, Post
from distribute.render.document import Content
from distribute.render.html.sanitise import sanitise
from tests.feeds.drafting import Material, feed_of

ENGLISH, FRENCH, ARABIC = Language("en"), Language("fr"), Language("ar")
BRAZILIAN = Language("pt-BR")
SITE = "https://news.example.org"
ALSO_IN = {ENGLISH: "Also in:", FRENCH: "Aussi en :"}

EditionMaker = Callable[..., Edition]
IssueMaker = Callable[..., Issue]
ContentMaker = Callable[..., Content]
FeedMaker = Callable[..., Feed]


@pytest.fixture
def publication() -> Publication:
    """Four languages, two of them with a title of their own."""
    return Publication(
        title="Night Sky",
        titles={FRENCH: "Ciel de nuit", ARABIC: "سماء الليل"},
        descriptions={ENGLISH: "What is up there, once a month."},
        url=SITE,
        tag="example.org,2026",
        languages=(ENGLISH, FRENCH, ARABIC, BRAZILIAN),
    )


@pytest.fixture
def edition_of() -> EditionMaker:
    """Make an edition; anything about it can be said, the rest is plausible."""

    def make(
        slug: str = "moons",
        language: Language = ENGLISH,
        *,
        front_matter: Mapping[str, object] | None = None,
        **changes: object,
    ) -> Edition:
        path = f"{language.folder}/{slug}/"
        facts: dict[str, object] = {
            "issue": "1",
            "number": 1,
            "language": language,
            "title": f"About {slug}",
            "slug": slug,
            "url": f"{SITE}/{path}",
            "path": path,
            "published": datetime(2026, 3, 9, 7, 30, tzinfo=UTC),
            "authors": (Author("Ada", "https://ada.example.net/"), Author("Bo")),
            "tags": ("moon", "telescopes"),
            "excerpt": "",
            "image": f"{SITE}/images/moon.jpg",
            "original": language == ENGLISH,
            "post": _post(slug, language, front_matter or {}),
            "decisions": (),
        }
        facts |= changes
        facts.setdefault("updated", facts["published"])
        return Edition(**facts)  # type: ignore[arg-type]  # a test says what it needs

    return make


def _post(slug: str, language: Language, facts: Mapping[str, object]) -> Post:
    name = f"2026-03-09-{slug}[{language}].md"
    return Post(
        path=PurePosixPath("posts") / name,
        file_name=FileName(name=name, date=None, title=slug, slug=slug, tags=()),
        front_matter=FrontMatter(**facts),  # type: ignore[arg-type]  # as above
        body="",
        body_line=1,
    )


@pytest.fixture
def issue_of() -> IssueMaker:
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
def content_of() -> ContentMaker:
    """Say something."""

    def make(html: str = "<p>Look up.</p>", excerpt: str = "Look up.") -> Content:
        html = sanitise(html)
        return Content(html=html, excerpt=excerpt, preheader="")

    return make


@pytest.fixture
def feed_with(
    publication: Publication, issue_of: IssueMaker, content_of: ContentMaker
) -> FeedMaker:
    """Make the feed of the language of the first edition, each edition its own issue."""

    def make(
        *editions: Edition, content: Content | None = None, **options: object
    ) -> Feed:
        said = content or content_of()
        entries: list[Material] = [
            (edition, said, issue_of(edition)) for edition in editions
        ]
        return feed_of(
            editions[0].language,
            entries,
            **({"publication": publication} | options),  # type: ignore[arg-type]  # as above
        )

    return make


@pytest.fixture
def translated_feed(
    publication: Publication,
    edition_of: EditionMaker,
    issue_of: IssueMaker,
    content_of: ContentMaker,
) -> Callable[[Language], Feed]:
    """Make one language's feed of three issues that exist in four languages."""
    issues = [
        issue_of(
            *(
                edition_of(
                    f"night-{number}",
                    language,
                    issue=str(number),
                    number=number,
                    published=datetime(2026, 3, 9, tzinfo=UTC) + timedelta(number),
                )
                for language in publication.languages
            )
        )
        for number in (1, 2, 3)
    ]

    def make(language: Language) -> Feed:
        return feed_of(
            language,
            [(issue.editions[language], content_of(), issue) for issue in issues],
            publication=publication,
            also_in=lambda spoken: ALSO_IN.get(spoken, ""),
            languages=publication.languages,
        )

    return make


@pytest.fixture
def parsed() -> Callable[[bytes], ElementTree.Element]:
    """Parse a document that we wrote ourselves."""
    return ElementTree.fromstring
