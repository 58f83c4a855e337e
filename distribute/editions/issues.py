"""From posts to issues: every edition decided, with reasons, newest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from distribute.editions.address.addresses import assign_addresses
from distribute.editions.appointed import decide_sending
from distribute.editions.assemble import assemble
from distribute.editions.edition import Author, Edition, Issue
from distribute.editions.grouping.grouping import group
from distribute.editions.grouping.settle import Group
from distribute.editions.language.impression import Impress, impression_of
from distribute.editions.order import newest_first
from distribute.editions.publication import Publication
from distribute.editions.resolve import Candidate, EditionRules, LeftOut, resolve
from distribute.finding import Finding
from distribute.posts.post import Post

_NOBODY: Mapping[str, Author] = {}


@dataclass(frozen=True, slots=True)
class Resolution:
    """The issues, newest first; the posts in none of them; what should be known."""

    issues: tuple[Issue, ...]
    left_out: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]


def resolve_issues(
    posts: Iterable[Post],
    *,
    publication: Publication,
    rules: EditionRules,
    authors: Mapping[str, Author] = _NOBODY,
    impress: Impress = impression_of,
) -> Resolution:
    """Decide about all posts, and bring translations of one text together.

    Never fails: a post that cannot be placed is left out, with the reason, and where
    somebody should act there is a finding too. The order of `posts` does not matter.
    `impress` may remember what the posts looked like before.
    """
    in_order = sorted(posts, key=lambda post: str(post.path))
    resolved = [
        resolve(post, publication=publication, rules=rules, impress=impress)
        for post in in_order
    ]
    candidates = [found for found, _ in resolved if isinstance(found, Candidate)]
    left_out = [found for found, _ in resolved if isinstance(found, LeftOut)]
    grouping = group(candidates)
    issues, findings = _issues(grouping.groups, publication, rules, authors)
    early = (finding for _, found in resolved for finding in found)
    return Resolution(
        issues=tuple(sorted(issues, key=lambda issue: newest_first(_lead(issue)))),
        left_out=(*left_out, *grouping.left_out),
        findings=(*early, *grouping.findings, *findings),
    )


def _issues(
    groups: Sequence[Group],
    publication: Publication,
    rules: EditionRules,
    authors: Mapping[str, Author],
) -> tuple[list[Issue], list[Finding]]:
    addresses, found = assign_addresses(
        [(m.candidate, g.id) for g in groups for m in g.members.values()],
        pattern=rules.permalink,
        publication=publication,
    )
    issues, findings = [], list(found)
    for one in groups:
        editions = {}
        for language in publication.languages:
            if (member := one.members.get(language)) is None:
                continue
            editions[language], odd = assemble(
                member,
                group=one,
                address=addresses[member.candidate.post.path],
                publication=publication,
                authors=authors,
            )
            findings.extend(odd)
        send, odd = decide_sending(one.id, editions.values(), rules)
        findings.extend(odd)
        issue = Issue(id=one.id, number=one.number, editions=editions, send=send)
        issues.append(issue)
    return issues, findings


def _lead(issue: Issue) -> Edition:
    """Give the edition whose date is the issue's: the original, else the first published."""
    editions = issue.editions.values()
    return min(editions, key=lambda e: (not e.original, e.published, str(e.post.path)))
