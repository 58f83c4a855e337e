"""What an edition says, from the author's Markdown: HTML, plain text, links, findings."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from distribute.editions.edition import Edition, Issue
from distribute.editions.files import published_url
from distribute.editions.publication import Publication
from distribute.finding import Finding, Severity
from distribute.render.document import Content
from distribute.render.excerpt import excerpt_of, preheader_of
from distribute.render.formula import settle_formulas
from distribute.render.html.sanitise import sanitise
from distribute.render.html.settle import settle_html
from distribute.render.html.write import to_html
from distribute.render.levels import headings_of, settle_levels
from distribute.render.links.linkify import linkify
from distribute.render.links.resolve import image_urls, link_targets, resolve_links
from distribute.render.links.slips import find_slips
from distribute.render.liquid.resolve import LiquidContext, resolve_liquid
from distribute.render.markdown.parse import read_markdown
from distribute.render.spoken import spoken
from distribute.render.text.write import to_text
from distribute.render.tree import Kind, Tree, walk

_POST_FILE = re.compile(
    r"(?:\.{0,2}/)*(?:_?posts/)?(?P<stem>[^/?#:]+)\.(?:md|markdown)(?P<rest>#.*)?", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a post can refer to outside itself."""

    publication: Publication
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Stem of each post's file, as Jekyll's ``post_url`` names it, to its page's URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A post as a tree, ready to be written in any form."""

    tree: Tree
    links: tuple[str, ...]
    """The author's links; see `Content.links`."""
    findings: tuple[Finding, ...]


def surroundings_of(publication: Publication, issues: Iterable[Issue]) -> Surroundings:
    """Collect the addresses of all editions."""
    editions = (edition for issue in issues for edition in issue.editions.values())
    return Surroundings(
        publication=publication,
        addresses={edition.post.path.stem: edition.url for edition in editions},
    )


def render_content(edition: Edition, surroundings: Surroundings) -> Content:
    """Render what an edition says; pure, and it never fails on what an author wrote."""
    reading = read_tree(edition, surroundings)
    tree = reading.tree
    context = _liquid_context(edition, surroundings)
    front_matter = edition.post.front_matter
    given = spoken(front_matter.excerpt or edition.excerpt, context)
    excerpt = excerpt_of(tree, given)
    preheader = spoken(front_matter.preheader, context)
    return Content(
        html=sanitise(to_html(tree, base=edition.url)),
        text=to_text(tree),
        excerpt=excerpt,
        preheader=preheader_of(tree, preheader, excerpt),
        headings=headings_of(tree),
        links=reading.links,
        images=image_urls(tree),
        findings=reading.findings,
    )


def read_tree(edition: Edition, surroundings: Surroundings) -> Reading:
    """Parse a post and settle everything in it; nodes know their lines in the file."""
    post = edition.post
    source, notes = resolve_liquid(
        post.body, _liquid_context(edition, surroundings), first_line=post.body_line
    )
    read = read_markdown(source, first_line=post.body_line)
    parsed = read.tree
    slips = find_slips(parsed, path=post.path, source=source, first_line=post.body_line)
    settled, dropped = settle_html(parsed, path=post.path)

    def beside(url: str) -> str:
        page = _page_of_post(url, surroundings.addresses)
        return page or published_url(url, post.path, surroundings.publication)

    resolved, broken = resolve_links(
        settled,
        base=edition.url,
        path=post.path,
        known=surroundings.addresses.values(),
        beside=beside,
    )
    odd = (note.located(post.path) for note in (*notes, *read.notes))
    return Reading(
        tree=settle_formulas(settle_levels(linkify(resolved))),
        links=link_targets(settled, base=edition.url, beside=beside),
        findings=_in_order(
            (*_unsaid(edition, settled), *odd, *slips, *dropped, *broken)
        ),
    )


def _unsaid(edition: Edition, tree: Tree) -> tuple[Finding, ...]:
    """Report a post that shows nothing at all, before it goes out as a blank message."""
    if any(node.text.strip() or node.kind is Kind.IMAGE for node in walk(tree)):
        return ()
    return (
        Finding(
            rule="post-empty",
            severity=Severity.ERROR,
            path=edition.post.path,
            line=edition.post.body_line,
            message="the post says nothing",
            hint="Write its text below the front matter, or make it a draft.",
        ),
    )


def _liquid_context(edition: Edition, surroundings: Surroundings) -> LiquidContext:
    publication = surroundings.publication
    return LiquidContext(
        site_url=publication.url,
        posts=surroundings.addresses,
        variables={
            "site.title": publication.title_in(edition.language),
            "page.title": edition.title,
            "page.url": edition.url,
        },
    )


def _page_of_post(url: str, addresses: Mapping[str, str]) -> str:
    """Give the page of a post whose file is named, as an author sees it in the folder."""
    file = _POST_FILE.fullmatch(url)
    page = addresses.get(unquote(file["stem"]), "") if file else ""
    return page + (file["rest"] or "") if file and page else ""


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (finding.line, finding.column)))
