"""Posts made up on the spot, as proofs to look for findings in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from distribute.checks.proof import Proof
from distribute.editions.asset import Asset
from distribute.editions.edition import Issue
from distribute.editions.issues import resolve_issues
from distribute.editions.publication import Publication
from distribute.editions.resolve import EditionRules
from distribute.finding import Finding
from distribute.language import Language
from distribute.posts.source import parse_post
from distribute.render.content.content import render_content
from distribute.render.content.surroundings import Surroundings, surroundings_of
from distribute.render.theme.theme import theme_of

SITE = "https://harbour.example.org"
TAGS = ("en", "fr", "pt-BR", "es", "tr", "zh", "ar", "de", "fa", "th")


def proofs(
    bodies: Mapping[str, str],
    *,
    head: str = "",
    assets: Mapping[str, Asset] | None = None,
) -> list[Proof]:
    """Make the proofs of one issue from its bodies by language; English is the original."""
    publication = Publication(
        title="Harbour letters",
        url=SITE,
        tag="harbour.example.org,2026",
        languages=tuple(map(Language, TAGS)),
        files=frozenset(assets or ()),
        assets=assets or {},
    )
    posts = [
        parse_post(_file(tag, body, head), PurePosixPath(f"posts/2026-05-01-{tag}.md"))
        for tag, body in bodies.items()
    ]
    issues = resolve_issues(
        posts, publication=publication, rules=EditionRules(), authors={}
    ).issues
    (issue,) = issues
    return pulled(issue, surroundings_of(publication, issues))


def pulled(issue: Issue, surroundings: Surroundings) -> list[Proof]:
    """Pull the proofs of an issue that is resolved."""
    return [
        Proof(
            edition=edition,
            issue=issue,
            publication=surroundings.publication,
            surroundings=surroundings,
            theme=theme_of({}),
            content=render_content(edition, surroundings),
            campaign=None,
            public_url=surroundings.publication.url,
        )
        for edition in issue.editions.values()
    ]


def proof(
    body: str,
    language: str = "en",
    *,
    head: str = "",
    assets: Mapping[str, Asset] | None = None,
) -> Proof:
    """Make the proof of one edition."""
    (made,) = proofs({language: body}, head=head, assets=assets)
    return made


def found(
    find: Callable[[Proof], Iterable[Finding]], body: str, language: str = "en"
) -> list[Finding]:
    """Look for findings in a text, and see that each points at what is there."""
    made = proof(body, language)
    return [*placed(find(made), made)]


def rules_of(findings: Iterable[Finding]) -> list[str]:
    """Name the rules of findings."""
    return [finding.rule for finding in findings]


def placed(findings: Iterable[Finding], *of: Proof) -> Iterator[Finding]:
    """Pass findings on whose words stand in the line that they name."""
    lines = {made.edition.post.path: (made.edition.post, made.lines) for made in of}
    for finding in findings:
        post, body = lines[finding.path]
        if finding.line >= post.body_line:
            assert finding.words in body[finding.line - post.body_line], finding
        yield finding


def compared(
    compare: Callable[[Sequence[Proof]], Iterable[Finding]], **bodies: str
) -> list[Finding]:
    """Look for findings between editions; ``pt_BR`` is the language ``pt-BR``."""
    made = proofs({tag.replace("_", "-"): body for tag, body in bodies.items()})
    return [*placed(compare(made), *made)]


def _file(tag: str, body: str, head: str) -> bytes:
    title = "" if "title:" in head else f"title: A letter in {tag}\n"
    return f"---\n{title}lang: {tag}\nissue: 1\n{head}---\n{body}\n".encode()
