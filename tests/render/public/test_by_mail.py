"""The page for joining where nothing answers on the web."""

from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from distribute.editions.publication import Publication
from distribute.errors import RenderError
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.public.by_mail import render_by_mail
from distribute.render.theme.theme import Theme
from tests.render.conftest import TAGS
from tests.render.public.reading import Document


def test_a_mail_says_which_language_is_wanted(
    publication: Publication, theme: Theme
) -> None:
    """There is one for each, the page's own first, to the address of the newsletter."""
    ours = Mailbox("news+join&x@bücher.example")
    by_mail = replace(publication, joins_by=ours)
    page = render_by_mail(Language("tr"), by_mail, theme)
    assert page.path == "tr/subscribe/index.html"
    document = Document(page.html)
    hrefs = [a["href"] for a in document.all("a") if a.get("class") == "button"]
    subjects = [parse_qs(urlsplit(href).query)["subject"][0] for href in hrefs]
    assert sorted(subjects) == sorted(f"subscribe {tag}" for tag in TAGS)
    assert subjects[0] == "subscribe tr"
    assert {unquote(urlsplit(href).path) for href in hrefs} == {
        "news+join&x@xn--bcher-kva.example"
    }
    assert ours.address in document.one("main").text
    assert [code.text for code in document.all("code")] == subjects


def test_it_works_from_a_folder_too(publication: Publication, theme: Theme) -> None:
    """Links to the archive, to other languages and to the style sheet are relative."""
    by_mail = replace(publication, joins_by=Mailbox("news@example.org"))
    document = Document(render_by_mail(Language("pt-BR"), by_mail, theme).html)
    hrefs = [each["href"] for each in document.all("a", "link")]
    assert "../../pt-br/index.html" in hrefs
    assert "../../zh/subscribe/index.html" in hrefs
    assert "../../public.css" in hrefs
    assert "https://news.example.org/pt-br/subscribe/" in hrefs


def test_without_an_address_there_is_no_such_page(
    publication: Publication, theme: Theme
) -> None:
    """Nobody could be written to."""
    with pytest.raises(RenderError, match="nobody to write to"):
        render_by_mail(Language("en"), publication, theme)
