"""Decide about one post on its own: language, date, the issue it claims, its slug."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo

from distribute.editions.dates import decide_date
from distribute.editions.edition import Decision
from distribute.editions.language.impression import Impress, impression_of, relatives
from distribute.editions.language.labels import languages_for
from distribute.editions.language.languages import decide_language
from distribute.editions.numbers import Claim, claim_of
from distribute.editions.publication import Publication
from distribute.editions.select import reason_to_leave_out
from distribute.finding import Finding
from distribute.language import Language
from distribute.posts.filename import plain_slug, without_tags
from distribute.posts.post import Post

_MIDNIGHT = time()
_NO_TITLE = frozenset({"", "index", "post", "readme"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRules:
    """How this newsletter turns posts into editions; what `distribute.toml` may change."""

    select_tags: frozenset[str] = frozenset()
    """Posts with none of these tags are left out; empty means that every post counts."""
    permalink: str = "/:lang/:slug/"
    """Address of a page below the site; see `distribute.editions.address.addresses`."""
    zone: tzinfo = UTC
    """Zone of dates without one, and of the newsletter's days."""
    hour: time = _MIDNIGHT
    """Time of day of dates without one."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A post that is in no issue, and why."""

    post: Post
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A post about which everything is decided that it can say on its own."""

    post: Post
    language: Language
    published: datetime
    updated: datetime
    claim: Claim | None
    """The issue it says it belongs to, if it does."""
    first_image: str
    """The first that its text shows, as written; may be empty."""
    stem: str
    """Title of the file name without language tag; of the folder for ``5/en.md``."""
    slug: str
    decisions: tuple[Decision, ...]


def resolve(
    post: Post,
    *,
    publication: Publication,
    rules: EditionRules,
    impress: Impress = impression_of,
) -> tuple[Candidate | LeftOut, tuple[Finding, ...]]:
    """Decide about one post; what it lacks is a finding, and then it is left out."""
    if reason := reason_to_leave_out(post, rules.select_tags):
        return LeftOut(post, reason), ()
    impression = impress(post, relatives(publication.languages))
    spoken = decide_language(post, publication.languages, impression.guess)
    dated = decide_date(post, zone=rules.zone, hour=rules.hour)
    findings = (*spoken.findings, *dated.findings)
    if spoken.language is None:
        return LeftOut(post, spoken.reason), findings
    if dated.published is None or dated.updated is None:
        return LeftOut(post, dated.reason), findings
    stem = _stem(post, spoken.language)
    candidate = Candidate(
        post=post,
        language=spoken.language,
        published=dated.published,
        updated=dated.updated,
        claim=claim_of(post, stem=stem, names=_names(publication)),
        first_image=impression.image,
        stem=stem,
        slug=_slug(post, stem),
        decisions=(
            Decision("language", spoken.language.tag, spoken.reason),
            Decision("published", dated.published.isoformat(), dated.reason),
        ),
    )
    return candidate, findings


def _names(publication: Publication) -> tuple[str, ...]:
    return (publication.title, *publication.titles.values())


def _stem(post: Post, language: Language) -> str:
    tags = [tag for tag in post.file_name.tags if languages_for(tag, [language])]
    stem = without_tags(post.file_name.title, tags)
    return post.path.parent.name if stem.lower() in _NO_TITLE else stem


def _slug(post: Post, stem: str) -> str:
    return plain_slug(post.front_matter.slug) or plain_slug(stem) or "post"
