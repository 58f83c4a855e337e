"""The pages of the archive, as planned files: none is made for it.

What makes a page is loaded where one is made, for most builds make few kinds of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from urllib.parse import unquote

from distribute.editions.edition import Edition, Issue
from distribute.language import Language
from distribute.render.document import Page
from distribute.render.pages.frame import file_at, page_file, stylesheet
from distribute.render.pages.robots import render_robots
from distribute.render.pages.sitemap import render_sitemap, sitemap_paths
from distribute.render.public.around import STYLE_SHEET, public_style_sheet
from distribute.web.file import SiteFile
from distribute.web.site.material import Material
from distribute.web.site.shelves import Shelf

Neighbours = tuple[Edition | None, Edition | None]
"""The older and the newer edition in the same language."""


def plan_pages(material: Material) -> Iterator[SiteFile]:
    """Plan the page of every edition, and the pages that lead to them."""
    yield from _frontispiece(material)
    yield from _joining(material)
    for language, shelf in material.shelves.items():
        yield _index(language, shelf, material)
        editions = [edition for edition, _ in shelf]
        around = zip([*editions[1:], None], [None, *editions[:-1]], strict=True)
        for (edition, issue), neighbours in zip(shelf, around, strict=True):
            yield _edition(edition, issue, neighbours, material)


def _frontispiece(material: Material) -> Iterator[SiteFile]:
    """Plan what there is once, for readers and for machines."""
    publication = material.publication
    newest = {language: shelf[0][0] for language, shelf in material.shelves.items()}
    yield material.file("style.css", lambda: stylesheet(material.theme).html)
    yield material.file("robots.txt", lambda: render_robots(publication).html)
    yield material.file("404.html", partial(_not_found, material))
    yield material.file(
        "index.html",
        partial(_root, newest, material),
        {language: material.card(edition) for language, edition in newest.items()},
    )
    yield from _sitemap(material)


def _joining(material: Material) -> Iterator[SiteFile]:
    """Plan the pages for joining by mail, where nothing answers on the web."""
    publication = material.publication
    if not publication.has_by_mail:
        return
    yield material.file(STYLE_SHEET, lambda: public_style_sheet(material.theme).html)
    for language in publication.languages:
        path = page_file(publication.by_mail_path(language))
        yield material.file(path, partial(_by_mail, language, material))


def _by_mail(language: Language, material: Material) -> str:
    from distribute.render.public.by_mail import render_by_mail

    return render_by_mail(language, material.publication, material.theme).html


def _not_found(material: Material) -> str:
    from distribute.render.pages.not_found import render_not_found

    return render_not_found(material.publication, material.theme).html


def _root(newest: Mapping[Language, Edition], material: Material) -> str:
    from distribute.render.pages.root import render_root

    return render_root(material.publication, material.theme, newest).html


def _sitemap(material: Material) -> Iterator[SiteFile]:
    """Plan the files that list all pages."""
    issues, publication = material.issues, material.publication

    @cache
    def pages() -> Sequence[Page]:
        return render_sitemap(issues, publication)

    def make(number: int) -> str:
        return pages()[number].html

    told = [
        [material.card(edition) for edition in issue.editions.values()]
        for issue in issues
    ]
    for number, path in enumerate(sitemap_paths(issues, publication)):
        yield material.file(path, partial(make, number), told)


def _index(language: Language, shelf: Shelf, material: Material) -> SiteFile:
    listed = [(edition, material.summaries.of(edition).excerpt) for edition, _ in shelf]

    def make() -> str:
        from distribute.render.pages.index import render_index

        page = render_index(
            language, listed, publication=material.publication, theme=material.theme
        )
        return page.html

    told = [(material.card(edition), excerpt) for edition, excerpt in listed]
    return material.file(f"{language.folder}/index.html", make, told)


def _edition(
    edition: Edition, issue: Issue, neighbours: Neighbours, material: Material
) -> SiteFile:
    """Plan a page; it shows of its neighbours no more than where they are."""

    def make() -> str:
        from distribute.render.pages.page import render_page

        page = render_page(
            edition,
            material.contents.of(edition),
            issue,
            neighbours=neighbours,
            publication=material.publication,
            theme=material.theme,
        )
        return page.html

    return material.file(
        unquote(file_at(edition)),
        make,
        material.card(edition),
        material.contents.digest(edition),
        [material.card(other) for other in issue.editions.values()],
        [each and (each.path, each.url, each.title) for each in neighbours],
        post=edition.post.path,
    )
