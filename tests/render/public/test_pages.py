"""The pages where people join, choose and leave."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.public.forms import JoinForm, Wishes
from distribute.render.public.pages import PublicPages
from distribute.render.public.trouble import Problem, Trouble
from distribute.render.theme.theme import Theme
from tests.render.conftest import TAGS
from tests.render.public.every import (
    ENGLISH,
    FORMS,
    PORTUGUESE,
    answers_in,
    forms_in,
    pages_in,
)
from tests.render.public.reading import Document

EVIL = "\"'><script>alert(1)</script>&lt;"


@pytest.fixture(scope="module", params=TAGS)
def whole(
    request: pytest.FixtureRequest, publication: Publication, theme: Theme
) -> tuple[Language, Mapping[str, Document]]:
    """Read every page in one language."""
    language = Language(request.param)
    policy = replace(publication, privacy="https://news.example.org/privacy/?a=1&b=2")
    html = pages_in(language, policy, theme)
    return language, {name: Document(each) for name, each in html.items()}


def test_every_page_says_what_it_is(
    whole: tuple[Language, Mapping[str, Document]],
) -> None:
    """It has its language and direction, a title, one heading, and one main part."""
    language, documents = whole
    for name, page in documents.items():
        top = page.one("html")
        assert (top["lang"], top["dir"]) == (language.tag, language.direction), name
        assert page.one("title").text.strip(), name
        assert page.one("h1").text.strip() in page.one("title").text, name
        assert page.one("main")["id"] == "_content"
        assert "{" not in page.one("body").text, name


def test_no_page_needs_more_than_its_style_sheet(
    whole: tuple[Language, Mapping[str, Document]],
) -> None:
    """There is no script and no style in it, and nothing comes from elsewhere."""
    _, documents = whole
    for name, page in documents.items():
        sheet = page.one("link", rel="stylesheet")
        assert sheet["href"].removeprefix("../../").removeprefix("/") == "public.css"
        assert not list(page.all("script", "style", "iframe", "img", "object")), name
        for element in page.elements:
            bad = {key for key in element.attributes if key.startswith("on")}
            assert not bad | ({"style"} & element.attributes.keys()), name


def test_every_field_has_its_label_and_its_hints(
    whole: tuple[Language, Mapping[str, Document]],
) -> None:
    """Labels, hints and mistakes are tied to fields by ids that each occur once."""
    _, documents = whole
    for name, page in documents.items():
        ids = [each["id"] for each in page.elements if "id" in each.attributes]
        assert len(ids) == len(set(ids)), name
        labels = {each["for"] for each in page.all("label")}
        assert labels <= set(ids)
        for element in page.elements:
            described = (element.get("aria-describedby") or "").split()
            assert set(described) <= set(ids), (name, described)
            if element.name in {"input", "select"} and element.get("type") != "hidden":
                assert element["id"] in labels, name


def test_every_link_to_another_language_is_plain(
    whole: tuple[Language, Mapping[str, Document]],
) -> None:
    """It says which language it leads to, in that language; its own is not among them."""
    language, documents = whole
    for name, page in documents.items():
        links = [each for each in page.all("a") if each.get("hreflang")]
        if name not in {"by_mail", *FORMS}:
            assert not links, name
            continue
        assert {each["hreflang"] for each in links} == {*TAGS} - {language.tag}
        for link in links:
            target = Language(link["hreflang"])
            assert (link["lang"], link["dir"]) == (target.tag, target.direction)
            assert link.text == target.autonym
            if name != "by_mail":
                assert link["href"] == f"?lang={target}"


def test_what_was_typed_is_never_markup(publication: Publication, theme: Theme) -> None:
    """Whatever comes in through a form, a link or the settings is text again."""
    hostile = replace(
        publication,
        title=EVIL,
        titles={},
        descriptions={ENGLISH: EVIL},
        address=EVIL,
        privacy=f"https://example.org/{EVIL}",
    )
    pages = PublicPages(hostile, theme, public_url=f"https://x.example/{EVIL}")
    form = JoinForm(email=EVIL, name=EVIL, begun=EVIL)
    written = [
        pages.subscribe(ENGLISH, action=EVIL, form=form, problem=Problem.EMAIL),
        pages.ask_link(ENGLISH, action=EVIL, form=form),
        pages.confirm(ENGLISH, action=EVIL),
        pages.leave(ENGLISH, action=EVIL, preferences=EVIL),
        pages.left(ENGLISH, subscribe=EVIL),
        pages.welcome(ENGLISH, preferences=EVIL),
        pages.preferences(ENGLISH, action=EVIL, wishes=Wishes(name=EVIL), leave=EVIL),
        pages.trouble(ENGLISH, Trouble.DEFECT, subscribe=EVIL, change=EVIL),
    ]
    for html in written:
        assert not list(Document(html).all("script"))
    assert Document(written[0]).one("input", name_="email")["value"] == EVIL
    assert Document(written[3]).one("form")["action"] == EVIL


def test_the_archive_is_near(publication: Publication, theme: Theme) -> None:
    """On the same host it is found by its path, else by its address."""
    site = replace(publication, url="https://example.org/letters")
    here = PublicPages(site, theme, public_url="https://example.org/join")
    page = Document(here.asked(PORTUGUESE))
    hrefs = [each["href"] for each in page.all("a", "link")]
    assert "/join/public.css" in hrefs
    assert "/letters/pt-br/index.html" in hrefs
    there = PublicPages(site, theme, public_url="https://join.example.org")
    page = Document(there.asked(PORTUGUESE))
    hrefs = [each["href"] for each in page.all("a", "link")]
    assert "/public.css" in hrefs
    assert "https://example.org/letters/pt-br/index.html" in hrefs


def test_the_pages_speak_more_languages_than_the_newsletter(
    publication: Publication, theme: Theme
) -> None:
    """Those of the newsletter come first; the archive of another is the default's."""
    pages = PublicPages(replace(publication, languages=(PORTUGUESE, ENGLISH)), theme)
    assert pages.languages[:2] == (PORTUGUESE, ENGLISH)
    assert {each.tag for each in pages.languages} == {*TAGS}
    page = Document(pages.asked(Language("de")))
    assert "/pt-br/index.html" in [each["href"] for each in page.all("a")]


def test_every_trouble_has_words_of_its_own(pages: PublicPages) -> None:
    """No two say the same, in any language, and robots keep none."""
    for tag in TAGS:
        texts = set()
        for trouble in Trouble:
            page = Document(pages.trouble(Language(tag), trouble))
            texts.add(page.one("main").text)
            assert page.one("meta", name_="robots")["content"] == "noindex"
        assert len(texts) == len(Trouble), tag


def test_a_bearers_own_pages_are_kept_by_no_robot(pages: PublicPages) -> None:
    """Only the form for joining may be found."""
    found = {**forms_in(ENGLISH, pages), **answers_in(ENGLISH, pages)}
    open_to_all = {name for name, html in found.items() if "noindex" not in html}
    assert open_to_all == {"subscribe", "mistaken", "misnamed", "again"}
