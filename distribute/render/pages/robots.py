"""What robots are told (RFC 9309): they are welcome, and where the list of pages lies."""

from distribute.editions.publication import Publication
from distribute.render.document import Page


def render_robots(publication: Publication) -> Page:
    """Make ``robots.txt``; robots ask for it only at the top of a host."""
    return Page(
        "robots.txt",
        f"User-agent: *\nAllow: /\n\nSitemap: {publication.url}/sitemap.xml\n",
    )
