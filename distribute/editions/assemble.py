"""From a candidate, its issue and its address to an `Edition`."""

import re
from collections.abc import Mapping

from distribute.editions.address.addresses import Address
from distribute.editions.authors import authors_of
from distribute.editions.edition import Author, Decision, Edition
from distribute.editions.files import asset_of
from distribute.editions.grouping.cover import cover_url
from distribute.editions.grouping.settle import Group, Member
from distribute.editions.language.detect import guess_language
from distribute.editions.language.labels import kin
from distribute.editions.prose import outside_comments, plain, without_hidden
from distribute.editions.publication import Publication
from distribute.editions.remarks import warn
from distribute.editions.resolve import Candidate
from distribute.finding import Finding

_ASKED = "front matter redirect_from"
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.{1,500}?)[ \t#]*$", re.MULTILINE)
_BREAKS = re.compile(r"(?<! ) *[\t\n\r\f\v\x85\u2028\u2029]\s*")
_GAPS = re.compile(r"\s+")
_OVERRIDE = re.compile("[\u202d\u202e]")
"""Characters that turn the reading direction of what follows: with them a title lies."""


def assemble(
    member: Member,
    *,
    group: Group,
    address: Address,
    publication: Publication,
    authors: Mapping[str, Author],
) -> tuple[Edition, tuple[Finding, ...]]:
    """Put together the edition that a candidate is; what it lacks is a finding."""
    candidate = member.candidate
    title, title_findings = _title(candidate)
    excerpt, excerpt_findings = _excerpt(candidate)
    found, author_findings = authors_of(candidate.post, authors)
    url = f"{publication.url}/{address.path}"
    image = cover_url(
        candidate.post, url, publication, first_image=candidate.first_image
    )
    edition = Edition(
        issue=group.id,
        number=group.number,
        language=candidate.language,
        title=title,
        slug=candidate.slug,
        url=url,
        path=address.path,
        former=address.former,
        published=candidate.published,
        updated=candidate.updated,
        authors=found,
        tags=candidate.post.front_matter.tags,
        excerpt=excerpt,
        image=image,
        original=candidate.language == publication.default_language,
        post=candidate.post,
        decisions=(
            *candidate.decisions,
            Decision("issue", group.id, member.reason),
            Decision("address", f"/{address.path}", address.reason),
            *(Decision("old address", f"/{path}", _ASKED) for path in address.former),
        ),
    )
    unseen = _unseen(candidate, image, publication)
    return edition, (*title_findings, *excerpt_findings, *author_findings, *unseen)


def _title(candidate: Candidate) -> tuple[str, tuple[Finding, ...]]:
    """Take the front matter's title, else the first heading, else the file name."""
    post = candidate.post
    if title := _shown(post.front_matter.title):
        return title, _unfit(candidate)
    heading = _HEADING.search(without_hidden(post.body))
    title = plain(heading[1]) if heading else ""
    title = title or re.sub(r"[_\s-]+", " ", candidate.stem).strip() or candidate.slug
    finding = _warning(
        candidate,
        "title-missing",
        f"there is no title; {title!r} is used",
        "Write title: in the front matter.",
    )
    return title, (finding,)


def _shown(title: str) -> str:
    """Leave out of a title what no reader shall get: comments, turns of direction.

    Spaces stay as they are, for the subject is to be the title exactly.
    """
    spoken = outside_comments(title)
    gaps = _BREAKS if spoken == title else _GAPS
    return gaps.sub(" ", _OVERRIDE.sub("", spoken)).strip()


def _unfit(candidate: Candidate) -> tuple[Finding, ...]:
    """Report what a title should not have: turns of direction, or Liquid."""
    title = outside_comments(candidate.post.front_matter.title)
    findings = []
    if _OVERRIDE.search(title):
        message = "the title turns the direction of reading; that character is left out"
        hint = "Delete U+202D or U+202E."
        findings.append(_warning(candidate, "title-direction", message, hint))
    if "{%" in title or "{{" in title:
        message = "Liquid in a title is not resolved: readers will see it as it is"
        hint = "Write the words that it stands for."
        opening = "{%" if "{%" in title else "{{"
        findings.append(_warning(candidate, "title-liquid", message, hint, opening))
    return tuple(findings)


def _excerpt(candidate: Candidate) -> tuple[str, tuple[Finding, ...]]:
    """Make plain text of the excerpt, and see whether anybody translated it."""
    excerpt = plain(candidate.post.front_matter.excerpt)
    if not excerpt:
        return "", ()
    expected = kin(candidate.language.primary)
    guess = guess_language(excerpt, among={expected})
    if guess is None or not guess.is_sure or kin(guess.primary) == expected:
        return excerpt, ()
    finding = _warning(
        candidate,
        "excerpt-language",
        f"the excerpt of this edition in {candidate.language} reads like {guess.primary}",
        "Translate the excerpt, or leave it empty: then the text's beginning is shown.",
        candidate.post.front_matter.excerpt,
    )
    return excerpt, (finding,)


def _unseen(
    candidate: Candidate, image: str, publication: Publication
) -> tuple[Finding, ...]:
    """Report a cover that the front matter names and that readers would not see."""
    named = candidate.post.front_matter.image or candidate.post.front_matter.thumb
    asset = asset_of(image, publication) if named else None
    if asset is None or not asset.flaw:
        return ()
    message = f"readers may not see the cover {image}: {asset.flaw}"
    hint = "Export it again as PNG, JPEG, GIF, WebP, AVIF or SVG."
    return (_warning(candidate, "image-unreadable", message, hint, named),)


def _warning(
    candidate: Candidate, rule: str, message: str, hint: str, words: str = ""
) -> Finding:
    key = rule.partition("-")[0]
    return warn(candidate.post, key, rule=rule, message=message, hint=hint, words=words)
