"""An issue in some languages, and people who wish for some: what plans are made of."""

from datetime import UTC, datetime
from pathlib import PurePosixPath

from hypothesis import settings
from hypothesis import strategies as st

from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.campaign import Outcome, Plan
from distribute.campaign.plan import (
    plan_campaign,
)
from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.posts.post import FileName, FrontMatter, Post

PUBLISHED = datetime(2026, 3, 1, tzinfo=UTC)


def edition_in(language: Language) -> Edition:
    """Make an edition in a language."""
    name = f"2026-03-01-letter-{language}.md"
    return Edition(
        issue="5",
        number=5,
        language=language,
        title="Letter 5",
        slug="letter-5",
        url=f"https://letters.example.org/{language.folder}/letter-5/",
        path=f"{language.folder}/letter-5/",
        published=PUBLISHED,
        updated=PUBLISHED,
        authors=(),
        tags=(),
        excerpt="",
        image="",
        original=language.tag == "en",
        post=Post(
            path=PurePosixPath(name),
            file_name=FileName(
                name=name, date=PUBLISHED.date(), title="letter", slug="letter", tags=()
            ),
            front_matter=FrontMatter(),
            body="Hello.",
            body_line=1,
        ),
        decisions=(),
    )


def languages_of(tags: str) -> tuple[Language, ...]:
    """Read tags with a space between."""
    return tuple(Language(tag) for tag in tags.split())


def issue_in(tags: str) -> Issue:
    """Make an issue that exists in these languages."""
    editions = {language: edition_in(language) for language in languages_of(tags)}
    return Issue(id="5", number=5, editions=editions)


def publication_with(*, default: str = "en", fallbacks: str = "") -> Publication:
    """Make a newsletter that falls back to these languages."""
    return Publication(
        title="Letters",
        url="https://letters.example.org",
        tag="example.org,2026",
        languages=languages_of(default),
        fallbacks=languages_of(fallbacks),
    )


def somebody(wishes: str = "", *, name: str = "ada") -> Subscriber:
    """Make a reader; a ! behind the wishes means only these."""
    return Subscriber(
        mailbox=Mailbox(f"{name}@example.org"),
        languages=languages_of(wishes.removesuffix("!")),
        only_these=wishes.endswith("!"),
    )


ISSUE = issue_in("en pt-BR zh-Hans")
PUBLICATION = publication_with()
ADA, BO, CY = (somebody(name=name) for name in ("ada", "bo", "cy"))


def plan_for(*people: Subscriber) -> Plan:
    """Plan the issue for these."""
    return plan_campaign(ISSUE, people, publication=PUBLICATION)


TAGS = ["en", "fr", "pt", "pt-BR", "pt-PT", "zh-Hans", "zh-Hant", "de"]
languages = st.sampled_from([Language(tag) for tag in TAGS])
people = st.lists(
    st.builds(
        Subscriber,
        mailbox=st.builds(
            Mailbox, st.from_regex(r"[a-eA-B][a-b]?@example\.org", fullmatch=True)
        ),
        languages=st.lists(languages, unique=True, max_size=3).map(tuple),
        only_these=st.booleans(),
        status=st.sampled_from(Status) | st.just(Status.CONFIRMED),
    ),
    max_size=12,
)
issues = st.lists(st.sampled_from(TAGS), min_size=1, unique=True).map(
    lambda tags: issue_in(" ".join(tags))
)
ledgers = st.dictionaries(
    st.sampled_from([f"{name}@example.org" for name in "abcde"]),
    st.sampled_from(Outcome),
)
suppressions = st.sets(st.sampled_from([f"{name}@example.org" for name in "abcde"]))
examples = settings(max_examples=150, deadline=None)
