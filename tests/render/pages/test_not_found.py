"""The page for pages that are not there."""

from dataclasses import replace

import pytest

from distribute.editions.publication import Publication
from distribute.render.pages.not_found import render_not_found
from distribute.render.theme.theme import Theme


@pytest.mark.parametrize(
    ("site", "root"),
    [
        ("https://news.example.org", "/"),
        ("https://example.org/letters/river", "/letters/river/"),
    ],
)
def test_a_missing_page_is_missed_in_every_language(
    theme: Theme, publication: Publication, site: str, root: str
) -> None:
    """Its links hold at any depth of the site, and no robot keeps it."""
    page = render_not_found(replace(publication, url=site), theme)
    assert page.path == "404.html"
    assert f'<link rel="stylesheet" href="{root}style.css">' in page.html
    for tag, folder, words in (
        ("en", "en", "This page does not exist."),
        ("ar", "ar", "هذه الصفحة غير موجودة."),
        ("pt-BR", "pt-br", "Esta página não existe."),
    ):
        assert words in page.html
        assert f'<a href="{root}{folder}/index.html" hreflang="{tag}">' in page.html
    assert '<meta name="robots" content="noindex">' in page.html
    assert "canonical" not in page.html
