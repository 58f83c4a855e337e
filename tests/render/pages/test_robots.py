"""What robots are told."""

from distribute.editions.publication import Publication
from distribute.render.pages.robots import render_robots


def test_robots_are_welcome(publication: Publication) -> None:
    """They learn where the list of pages lies."""
    page = render_robots(publication)
    assert page.path == "robots.txt"
    assert page.html == (
        "User-agent: *\nAllow: /\n\nSitemap: https://news.example.org/sitemap.xml\n"
    )
