"""An issue in some languages, and people who wish for some: what plans are made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePosixPath

from hypothesis import settings
from hypothesis import strategies as st

from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.campaign import Outcome
from distribute.campaign.message.delivery_ids import DeliveryIds
from distribute.campaign.plan.choices import Choices
from distribute.campaign.plan.plan import Counts, campaign_id
from distribute.campaign.plan.survey import Fate, Surveyor, standing_of
from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.posts.post import FileName, FrontMatter, Post

TODAY = date(2026, 3, 1)
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
IDS = DeliveryIds(bytes(range(32)))
PUBLICATION = publication_with()
ADA, BO, CY = (somebody(name=name) for name in ("ada", "bo", "cy"))


@dataclass(frozen=True)
class Plan:
    """What comes of everybody, in the order of their keys, and all in all."""

    deliveries: Sequence[Fate]
    skipped: Sequence[Fate]
    counts: Counts
    digest: str

    @property
    def reasons(self) -> list[str]:
        """Why some get nothing."""
        return [fate.reason for fate in self.skipped]

    @property
    def served(self) -> list[str]:
        """The keys of those who get something."""
        return [fate.key for fate in self.deliveries]


def plan(
    subscribers: Iterable[Subscriber],
    *,
    issue: Issue | None = None,
    publication: Publication | None = None,
    delivered: Mapping[str, str] = {},
    contents: Mapping[Language, str] = {},
) -> Plan:
    """Plan an issue for these, given what the ledger has of them by key."""
    issue = issue or ISSUE
    surveyor = Surveyor(Choices.for_issue(issue, publication or PUBLICATION))
    people = [
        standing_of(each, TODAY, delivered.get(each.mailbox.key, ""))
        for each in sorted(subscribers, key=lambda each: each.mailbox.key)
    ]
    fates = list(surveyor.fates(people))
    survey = surveyor.survey(campaign_id(issue), people, contents)
    return Plan(
        deliveries=[fate for fate in fates if fate.language],
        skipped=[fate for fate in fates if not fate.language],
        counts=survey.counts,
        digest=survey.digest,
    )


def plan_for(*people: Subscriber) -> Plan:
    """Plan the issue for these."""
    return plan(people)


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
    unique_by=lambda person: person.mailbox.key,
)
issues = st.lists(st.sampled_from(TAGS), min_size=1, unique=True).map(
    lambda tags: issue_in(" ".join(tags))
)
ledgers = st.dictionaries(
    st.sampled_from([f"{name}@example.org" for name in "abcde"]),
    st.sampled_from(Outcome),
)
examples = settings(max_examples=150, deadline=None)
