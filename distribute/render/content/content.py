"""What an edition says, from the author's Markdown: HTML, excerpt, links, findings."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from distribute.editions.edition import Edition
from distribute.finding import Finding, Severity
from distribute.render.content.excerpt import excerpt_of, preheader_of
from distribute.render.content.formula import settle_formulas
from distribute.render.content.fragment import fragment_of
from distribute.render.content.levels import settle_headings
from distribute.render.content.manuscript import Manuscript, manuscript_of
from distribute.render.content.spoken import spoken
from distribute.render.content.surroundings import Inquiry, Surroundings, Trace
from distribute.render.document import Content, Heading
from distribute.render.html.settle import settle_html
from distribute.render.links.linkify import linkify
from distribute.render.links.pictures import find_unseen
from distribute.render.links.resolve import image_urls, link_targets, resolve_links
from distribute.render.links.slips import find_slips
from distribute.render.liquid.resolve import LiquidContext, resolve_liquid
from distribute.render.markdown.parse import read_markdown
from distribute.render.tree import Kind, Tree, walk

_POST_FILE = re.compile(
    r"(?:\.{0,2}/)*(?:_?posts/)?(?P<stem>[^/?#:]+)\.(?:md|markdown)(?P<rest>#.*)?", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A post as a tree, ready to be written in any form."""

    tree: Tree
    written: Tree
    """The same with its addresses as the author wrote them: all are there, broken ones
    too, and none that was merely written out."""
    links: tuple[str, ...]
    """The author's links; see `Content.links`."""
    images: tuple[str, ...]
    headings: tuple[Heading, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a text says, and what it asked of its surroundings to say it."""

    content: Content
    trace: Trace


def render_content(edition: Edition, surroundings: Surroundings) -> Content:
    """Render what an edition says; pure, and it never fails on what an author wrote."""
    return render(
        manuscript_of(edition, surroundings.publication), surroundings
    ).content


def render(manuscript: Manuscript, surroundings: Surroundings) -> Rendering:
    """Render a text; the same text with the same answers has the same content."""
    inquiry = Inquiry(surroundings, manuscript.path)
    context = _liquid_context(manuscript, inquiry)
    reading = _read(manuscript, context, inquiry)
    tree = reading.tree
    excerpt = excerpt_of(tree, spoken(manuscript.excerpt, context))
    preheader = spoken(manuscript.preheader, context)
    content = Content(
        html=fragment_of(tree, base=manuscript.url),
        excerpt=excerpt,
        preheader=preheader_of(tree, preheader, excerpt),
        headings=reading.headings,
        links=reading.links,
        images=reading.images,
        findings=reading.findings,
    )
    return Rendering(content, inquiry.trace)


def read_tree(edition: Edition, surroundings: Surroundings) -> Reading:
    """Parse a post and settle everything in it; nodes know their lines in the file."""
    manuscript = manuscript_of(edition, surroundings.publication)
    inquiry = Inquiry(surroundings, manuscript.path)
    return _read(manuscript, _liquid_context(manuscript, inquiry), inquiry)


def _read(manuscript: Manuscript, context: LiquidContext, inquiry: Inquiry) -> Reading:
    path, first_line = manuscript.path, manuscript.body_line
    source, notes = resolve_liquid(manuscript.body, context, first_line=first_line)
    read = read_markdown(source, first_line=first_line)
    parsed = read.tree
    slips = find_slips(parsed, path=path, source=source, first_line=first_line)
    settled, dropped = settle_html(parsed, path=path)

    @cache
    def beside(url: str) -> str:
        if inquiry.leads_elsewhere(url):
            return ""
        page = _page_of_post(url, inquiry.page_of)
        return (
            page or inquiry.file_beside(url) or inquiry.file_from(manuscript.url, url)
        )

    resolved, broken = resolve_links(
        settled,
        base=manuscript.url,
        path=path,
        meant=inquiry.page_meant,
        beside=beside,
    )
    images = image_urls(resolved)
    unseen = (
        find_unseen(resolved, path=path, flaw_of=inquiry.flaw_of)
        if any(map(inquiry.flaw_of, images))
        else ()
    )
    tree, headings = settle_headings(linkify(settle_formulas(resolved)))
    odd = (note.located(path) for note in (*notes, *read.notes))
    return Reading(
        tree=tree,
        written=settled,
        links=link_targets(settled, base=manuscript.url, beside=beside),
        images=images,
        headings=headings,
        findings=_in_order(
            (*_unsaid(manuscript, settled), *odd, *slips, *dropped, *broken, *unseen)
        ),
    )


def _unsaid(manuscript: Manuscript, tree: Tree) -> tuple[Finding, ...]:
    """Report a post that shows nothing at all, before it goes out as a blank message."""
    if any(node.text.strip() or node.kind is Kind.IMAGE for node in walk(tree)):
        return ()
    return (
        Finding(
            rule="post-empty",
            severity=Severity.ERROR,
            path=manuscript.path,
            line=manuscript.body_line,
            message="the post says nothing",
            hint="Write its text below the front matter, or make it a draft.",
        ),
    )


def _liquid_context(manuscript: Manuscript, inquiry: Inquiry) -> LiquidContext:
    return LiquidContext(
        site_url=manuscript.site_url,
        page_of=inquiry.page_of,
        variables={
            "site.title": manuscript.site_title,
            "page.title": manuscript.title,
            "page.url": manuscript.url,
        },
    )


def _page_of_post(url: str, page_of: Callable[[str], str]) -> str:
    """Give the page of a post whose file is named, as an author sees it in the folder."""
    file = _POST_FILE.fullmatch(url)
    page = page_of(unquote(file["stem"])) if file else ""
    return page + (file["rest"] or "") if file and page else ""


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (finding.line, finding.column)))
