"""The forms of the public side: what they ask for, bring back, and promise."""

from dataclasses import replace
from datetime import date

import pytest

from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.public.forms import PAUSES, JoinForm, Wishes, wording_of
from distribute.render.public.pages import PublicPages
from distribute.render.public.trouble import Problem
from distribute.render.theme.theme import Theme
from tests.render.conftest import TAGS
from tests.render.public.every import (
    ARABIC,
    ENGLISH,
    FILLED,
    PORTUGUESE,
    WISHES,
    forms_in,
)
from tests.render.public.reading import Document


def test_the_form_for_joining(pages: PublicPages) -> None:
    """It asks for an address, a name, three languages, and goes by POST."""
    page = Document(
        pages.subscribe(ENGLISH, action="/subscribe", form=JoinForm(begun="s.17"))
    )
    form = page.one("form")
    assert (form["method"], form["action"]) == ("post", "/subscribe")
    sent = {each["name"] for each in page.all("input", "select")}
    assert sent == {
        *("email", "name", "first", "second", "third", "only", "website", "begun")
    }
    assert page.one("input", name_="email")["autocomplete"] == "email"
    assert page.one("input", name_="name")["autocomplete"] == "name"
    assert page.one("input", name_="begun")["value"] == "s.17"
    assert len(list(page.all("button"))) == 1
    offered = [each["value"] for each in page.all("option")]
    assert offered == ["", *TAGS] * 3
    for option in page.all("option"):
        if option["value"]:
            language = Language(option["value"])
            assert (option["lang"], option["dir"]) == (language.tag, language.direction)


def test_the_language_of_the_page_is_proposed(pages: PublicPages) -> None:
    """Who reads the form in a language probably wants the newsletter in it."""
    page = Document(pages.subscribe(ARABIC, action="/subscribe"))
    assert _chosen(page) == ["ar"]
    page = Document(
        pages.subscribe(ARABIC, action="/", form=JoinForm(email="ada@example.org"))
    )
    assert not _chosen(page)


def test_a_mistake_brings_the_form_back_as_it_was(pages: PublicPages) -> None:
    """What is wrong is said at the field, which has the focus; nothing is lost."""
    page = Document(forms_in(ENGLISH, pages)["mistaken"])
    email = page.one("input", name_="email")
    assert (email["value"], email["aria-invalid"]) == ("ada@", "true")
    assert "autofocus" in email.attributes
    mistake = page.one("p", role="alert")
    assert mistake["id"] in email["aria-describedby"].split()
    assert "name@example.org" in mistake.text
    assert page.one("title").text.startswith("Please check: ")
    assert page.one("input", name_="name")["value"] == FILLED.name
    assert page.one("input", name_="begun")["value"] == FILLED.begun
    assert _chosen(page) == ["pt-BR", "en"]
    assert "checked" in page.one("input", name_="only").attributes


def test_a_mistake_in_the_name_is_said_there(pages: PublicPages) -> None:
    """The address then is not called wrong."""
    page = Document(forms_in(ENGLISH, pages)["misnamed"])
    name = page.one("input", name_="name")
    assert name["aria-describedby"] == page.one("p", role="alert")["id"]
    assert not page.one("input", name_="email").get("aria-invalid")


@pytest.mark.parametrize("problem", [each for each in Problem if each])
def test_every_problem_is_told_in_every_form(
    pages: PublicPages, problem: Problem
) -> None:
    """As one message, which screen readers read at once."""
    page = Document(pages.subscribe(ARABIC, action="/", form=FILLED, problem=problem))
    assert page.one("p", role="alert").text


def test_a_newsletter_in_one_language_asks_for_none(
    publication: Publication, theme: Theme
) -> None:
    """There is nothing to choose, neither when joining nor when leaving."""
    pages = PublicPages(replace(publication, languages=(ENGLISH,)), theme)
    joining = Document(pages.subscribe(ARABIC, action="/subscribe"))
    assert not list(joining.all("select", "fieldset"))
    leaving = pages.leave(ENGLISH, action="/u/t", preferences="/p/t")
    assert [a["href"] for a in Document(leaving).all("a") if "/p/" in a["href"]] == [
        "/p/t#pause"
    ]


def test_wishes_that_are_not_offered_are_not_lost(
    publication: Publication, theme: Theme
) -> None:
    """One stands for the nearest that there is; one near none is offered as well."""
    some = replace(publication, languages=(ENGLISH, PORTUGUESE))
    wishes = Wishes(languages=(Language("pt-PT"), Language("fi"), PORTUGUESE, ENGLISH))
    html = PublicPages(some, theme).preferences(ENGLISH, action="/", wishes=wishes)
    assert _chosen(Document(html)) == ["pt-BR", "fi", "en"]


def test_a_pause_can_be_begun_and_ended(pages: PublicPages) -> None:
    """What is chosen at first changes nothing; who pauses can go on."""
    paused = _pauses(pages.preferences(ENGLISH, action="/", wishes=WISHES))
    assert list(paused) == ["", "0", *map(str, PAUSES)]
    assert "February 1, 2027" in paused[""]
    reading = _pauses(pages.preferences(ENGLISH, action="/", wishes=Wishes()))
    assert list(reading) == ["", *map(str, PAUSES)]
    assert reading["30"] == "For 30 days"


def test_what_is_saved_is_said(pages: PublicPages) -> None:
    """It is, in a message that screen readers read, only once it is."""
    wishes = Wishes(paused_until=date(2027, 2, 1))
    saved = Document(
        pages.preferences(ENGLISH, action="/", wishes=wishes, saved=True, leave="/u/t")
    )
    assert saved.one("p", role="status").text
    assert [a for a in saved.all("a") if a["href"] == "/u/t"]
    shown = pages.preferences(ENGLISH, action="/", wishes=wishes)
    assert 'role="status"' not in shown


def test_leaving_takes_one_button(pages: PublicPages) -> None:
    """And beneath it are the choices that keep somebody a reader."""
    page = Document(pages.leave(ARABIC, action="/u/t", preferences="/p/t"))
    assert page.one("form")["action"] == "/u/t"
    assert len(list(page.all("button"))) == 1
    assert not list(page.all("input"))
    ways = [a["href"] for a in page.all("a") if a["href"].startswith("/p/")]
    assert ways == ["/p/t#pause", "/p/t"]


@pytest.mark.parametrize("tag", TAGS)
def test_people_agree_to_the_words_that_are_kept(
    publication: Publication, theme: Theme, tag: str
) -> None:
    """The evidence has, word for word, what stands beside the button."""
    language = Language(tag)
    policy = replace(publication, privacy="https://example.org/privacy")
    page = Document(PublicPages(policy, theme).subscribe(language, action="/"))
    [shown] = [p for p in page.all("p") if p.get("class") == "agree"]
    words = wording_of(language, publication=policy, theme=theme)
    agreed, _, privacy = words.partition("\n")
    assert shown.text.startswith(agreed)
    assert policy.title_in(language) in agreed
    assert privacy.endswith(policy.privacy)
    assert wording_of(language, publication=publication, theme=theme) == agreed


def test_the_trap_is_for_machines_alone(pages: PublicPages) -> None:
    """Nobody sees it, reaches it by the keyboard or has it read out."""
    html = pages.subscribe(ENGLISH, action="/subscribe")
    trap = Document(html).one("input", name_="website")
    assert (trap["tabindex"], trap["autocomplete"]) == ("-1", "off")
    assert '<div class="trap" aria-hidden="true">' in html
    assert ".trap { display: none; }" in pages.style_sheet.html


def _chosen(page: Document) -> list[str]:
    chosen = (o for o in page.all("option") if "selected" in o.attributes)
    return [option["value"] for option in chosen if option["value"]]


def _pauses(html: str) -> dict[str, str]:
    """Give the choices of the last field, by what is sent."""
    options = list(Document(html).all("option"))
    start = max(at for at, option in enumerate(options) if option["value"] == "")
    return {option["value"]: option.text for option in options[start:]}
