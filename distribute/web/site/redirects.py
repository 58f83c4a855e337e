"""What stands at old addresses, as planned files."""

from collections.abc import Iterator

from distribute.editions.edition import Edition
from distribute.render.pages.redirect import (
    file_at_former,
    render_redirect,
    render_redirects,
)
from distribute.web.file import SiteFile
from distribute.web.site.material import Material


def plan_redirects(material: Material, *, listed: bool) -> Iterator[SiteFile]:
    """Plan a page at each old address of what is public; `listed` adds ``_redirects``."""
    editions = [
        edition
        for issue in material.issues
        for edition in issue.editions.values()
        if edition.former
    ]
    for edition in editions:
        for former in edition.former:
            yield _page(former, edition, material)
    if listed:
        page = render_redirects(editions, material.publication)
        yield material.file(page.path, page.html.encode, page.html)


def _page(former: str, edition: Edition, material: Material) -> SiteFile:
    def make() -> str:
        page = render_redirect(
            former, edition, publication=material.publication, theme=material.theme
        )
        return page.html

    card = material.card(edition)
    return material.file(file_at_former(former), make, card, post=edition.post.path)
