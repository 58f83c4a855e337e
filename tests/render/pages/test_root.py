"""The page at the root."""

from collections.abc import Callable
from dataclasses import replace

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.pages.root import render_root
from distribute.render.theme.theme import Theme


def test_the_root_offers_the_languages(theme: Theme, publication: Publication) -> None:
    """Each language is offered in itself, by plain links."""
    page = render_root(publication, theme)
    assert page.path == "index.html"
    for tag, name in (("pt-BR", "Português (Brasil)"), ("ar", "العربية")):
        language = Language(tag)
        assert f'<li lang="{tag}" dir="{language.direction}">' in page.html
        link = f'<a href="{language.folder}/index.html" hreflang="{tag}">{name}</a>'
        assert link in page.html
    assert "رسائل النهر" in page.html
    assert page.html.count('class="named"') == len(publication.languages)
    assert (
        'class="named"' not in render_root(replace(publication, titles={}), theme).html
    )
    assert 'hreflang="x-default" href="https://news.example.org/"' in page.html
    assert "http-equiv" not in page.html


def test_the_root_names_the_latest_issues(
    theme: Theme, publication: Publication, make_issue: Callable[..., Issue]
) -> None:
    """Under each language stands what came out last in it, in its own words."""
    html = render_root(publication, theme, make_issue(tags=("en", "zh")).editions).html
    assert "Slow rivers &amp; &lt;quick&gt; boats" in html
    assert "慢河与快船" in html
    assert html.count('<time datetime="2026-11-05">') == 2
    assert "最新一期" in html
    assert "Neueste Ausgabe" not in html
    assert 'og:image" content="https://news.example.org/cover.png"' in html


def test_one_language_is_no_choice(theme: Theme, publication: Publication) -> None:
    """The root leads on at once, without a script, and says where the page really is."""
    html = render_root(replace(publication, languages=(Language("fr"),)), theme).html
    assert '<meta http-equiv="refresh" content="0; url=fr/index.html">' in html
    assert '<link rel="canonical" href="https://news.example.org/fr/">' in html
    assert '<link rel="alternate" hreflang' not in html
    assert '<a href="fr/index.html" hreflang="fr">Français</a>' in html
