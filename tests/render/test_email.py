"""An edition as an e-mail, in all eight languages."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.errors import RenderError
from distribute.language import Language
from distribute.render.document import Content, Email
from distribute.render.email import inlined, lay_out_email, render_email
from distribute.render.personal import Slot, personalise, token
from distribute.render.theme.theme import Theme

TAGS = ("en", "pt-BR", "es", "fr", "zh", "tr", "ar", "de")
URL = re.compile(r"https?://[^\s\"'<>()]+")
TEXT = "The whole post.\n"
Render = Callable[..., Email]


@pytest.fixture
def render(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> Render:
    """Render one edition of an issue, or of another one given."""

    def rendered(
        tag: str = "en",
        *,
        content: Content | None = None,
        text: str = TEXT,
        issue: Issue | None = None,
    ) -> Email:
        issue = issue or make_issue()
        edition = issue.editions[Language(tag)]
        return render_email(
            edition,
            content or make_content(),
            issue,
            text=text,
            publication=publication,
            theme=theme,
        )

    return rendered


def head_and_body(email: Email) -> tuple[str, str]:
    """Part the document at its body."""
    head, _, body = email.html.partition("<body")
    return head, body


@pytest.mark.parametrize("tag", TAGS)
def test_language_and_direction_stand_wherever_clients_look(
    render: Render, tag: str
) -> None:
    """Document, body, wrapper and layout tables all say language and direction."""
    html = re.sub(r"<!--.*?-->", "", render(tag).html, flags=re.DOTALL)
    said = f'lang="{tag}" dir="{"rtl" if tag == "ar" else "ltr"}"'
    assert html.startswith(f"<!DOCTYPE html>\n<html {said} xmlns:v=")
    for element in ("<body ", '<div role="article" ', '<table role="presentation" '):
        found = re.findall(rf"{element}[^>]*>", html)
        assert found
        assert all(said in each for each in found), element


@pytest.mark.parametrize("tag", TAGS)
def test_the_mail_says_what_it_must(render: Render, tag: str, theme: Theme) -> None:
    """Title, number, date, authors, reason, way out and sender are there."""
    email = render(tag)
    html = unescape(email.html)
    catalogue = theme.catalogue(Language(tag))
    for key in ("email.unsubscribe", "email.view", "issue.other_languages"):
        assert catalogue.say(key, {}) in html
        assert catalogue.say(key, {}) in email.text
    for said in ("Ada Byron", "G. Hopper", "2 Quay Lane", "Harbour & Co", "2026"):
        assert said in html
        assert said in email.text
    assert catalogue.say("issue.number", {"number": 5}) in html
    assert html.count("<h1") == 1


def test_the_subject_is_the_title(render: Render) -> None:
    """The subject is the title to the letter, the preheader the content's."""
    email = render("en")
    assert email.subject == "Slow rivers & <quick> boats"
    assert email.preheader == (
        "What the river brought us this fortnight, in five minutes."
    )
    assert "<title>Slow rivers &amp; &lt;quick&gt; boats</title>" in email.html


def test_the_preheader_comes_first(render: Render) -> None:
    """The preheader leads the body, hidden, without padding and without a colour."""
    body = head_and_body(render())[1]
    first = re.search(r"<div[^>]*>(.*?)</div>", body)
    assert first is not None
    assert first[1] == "What the river brought us this fortnight, in five minutes."
    assert "display:none" in first[0]
    assert "mso-hide:all" in first[0]
    assert "color" not in first[0]


def test_without_a_preheader_nothing_is_hidden(
    render: Render, make_content: Callable[..., Content]
) -> None:
    """An empty preheader leaves no empty box."""
    email = render(content=replace(make_content(), preheader=""))
    assert "display:none" not in email.html


def test_three_sheets_in_their_order(render: Render) -> None:
    """One sheet is inlined; narrow and dark follow in one, Outlook's in another."""
    head = head_and_body(render())[0]
    head = re.sub(r"<!--\[if mso\]>.*?<!\[endif\]-->", "", head, flags=re.DOTALL)
    sheets = re.findall(r"<style>(.*?)</style>", head, flags=re.DOTALL)
    assert len(sheets) == 2
    assert sheets[0].index("max-width:600px") < sheets[0].index("prefers-color-scheme")
    assert "[data-ogsc]" in sheets[1]
    assert "@media" not in sheets[1]
    assert "data-premailer" not in head
    assert sum(map(len, sheets)) < 12_000


@pytest.mark.parametrize("tag", TAGS)
def test_the_mail_is_small(render: Render, tag: str) -> None:
    """What the house adds to a post leaves room for the post."""
    assert len(render(tag).html.encode()) < 40_000


@pytest.mark.parametrize("tag", TAGS)
def test_nobody_is_tracked(
    render: Render, publication: Publication, make_issue: Callable[..., Issue], tag: str
) -> None:
    """Every address in the mail is the author's, the newsletter's or an edition's."""
    email = render(tag)
    issue = make_issue()
    own = {edition.url for edition in issue.editions.values()}
    own |= {publication.home_url(Language(tag)), "https://example.net/ada"}
    posted = {
        "https://example.net/read?a=1&b=2",
        "https://example.net/go",
        "https://example.net/boat.png",
        "https://example.net/wide.png",
        "https://example.net/icon.png",
        "https://news.example.org/en/boats-5/#fn:1",
    }
    assert set(URL.findall(unescape(email.html))) <= own | posted
    assert set(URL.findall(email.text)) <= own
    images = re.findall(r"<img[^>]*>", email.html)
    assert len(images) == 3
    assert "background-image" not in email.html
    assert "url(" not in email.html


def test_other_languages_are_offered_in_their_own_names(
    render: Render, make_issue: Callable[..., Issue]
) -> None:
    """Only the editions that exist are offered, each by its own name."""
    issue = make_issue(tags=("en", "ar", "zh"))
    email = render("zh", issue=issue)
    for tag, name, direction in (("en", "English", "ltr"), ("ar", "العربية", "rtl")):
        link = (
            rf'<a href="https://news.example.org/{tag}/boats-5/" lang="{tag}" '
            rf'hreflang="{tag}" dir="{direction}"[^>]*>{name}</a>'
        )
        assert re.search(link, email.html)
        assert f"{name}：https://news.example.org/{tag}/boats-5/" in email.text
    assert "Français" not in email.html + email.text
    assert "中文" not in email.html


def test_a_lone_edition_offers_no_other(
    render: Render, make_issue: Callable[..., Issue]
) -> None:
    """Without translations nothing is said about them."""
    email = render("en", issue=make_issue(tags=("en",)))
    assert "In other languages" not in email.html + email.text


def test_an_issue_without_a_number_is_known_by_its_date(
    render: Render, make_issue: Callable[..., Issue]
) -> None:
    """Nothing is numbered that has no number."""
    email = render(issue=replace(make_issue(), number=None))
    assert "Issue" not in email.html
    assert "November 5, 2026" in email.html
    assert "None" not in email.html + email.text


def test_nobody_is_named_where_nobody_signed(
    render: Render, make_issue: Callable[..., Issue]
) -> None:
    """Without authors there is no line for them."""
    issue = make_issue()
    anonymous = {
        language: replace(edition, authors=())
        for language, edition in issue.editions.items()
    }
    email = render(issue=replace(issue, editions=anonymous))
    assert 'class="byline"' not in email.html
    assert "\nBy " not in email.text


@pytest.mark.parametrize(
    ("tag", "title", "kind"),
    [
        ("en", "Boats", "title"),
        ("en", "Boats, rivers, " * 6, "title long"),
        ("zh", "慢河与快船" * 7, "title long"),
    ],
)
def test_a_long_title_is_set_smaller(
    render: Render,
    make_issue: Callable[..., Issue],
    tag: str,
    title: str,
    kind: str,
) -> None:
    """A title that lists a whole issue does not fill the first screen."""
    issue = make_issue()
    language = Language(tag)
    titled = replace(issue.editions[language], title=title)
    issue = replace(issue, editions={**issue.editions, language: titled})
    email = render(tag, issue=issue)
    assert f'<h1 class="{kind}"' in email.html


def test_the_sender_is_named_once(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> None:
    """A postal address that begins with the newsletter's name needs no other."""
    issue = make_issue()
    email = render_email(
        issue.editions[Language("en")],
        make_content(),
        issue,
        text=TEXT,
        publication=replace(publication, address="River Letters Ltd.\n\n 2 Quay Lane"),
        theme=theme,
    )
    assert email.text.endswith("\n\nRiver Letters Ltd.\n2 Quay Lane\n")
    assert email.html.count("River Letters</") == 1
    assert "<br><br>" not in re.sub(r"\s", "", email.html)


def test_arabic_is_mirrored(render: Render) -> None:
    """What stands on the left in English stands on the right in Arabic."""
    arabic, english = render("ar").html, render("en").html
    quote = re.compile(r"<blockquote style='?\"?([^>]*)>")
    mirrored, plain = quote.search(arabic), quote.search(english)
    assert mirrored is not None
    assert plain is not None
    assert "border-right-width:3px" in mirrored[1]
    assert "border-left-width:0" in mirrored[1]
    assert "border-left:3px" in plain[1]
    assert "text-align:right" in arabic[arabic.index('class="content"') :][:600]


def test_arabic_keeps_its_order(render: Render) -> None:
    """Separators and the plus signs of C++ stay where they are read."""
    html = render("ar").html
    assert "\u200f·\u200f" in html
    assert "C++\u200e</h1>" in html
    assert '<span dir="ltr">address-' in html
    assert "\u200f" not in render("en").html


@pytest.mark.parametrize("tag", ["ar", "zh"])
def test_no_italics_where_a_script_has_none(render: Render, tag: str) -> None:
    """Arabic and Chinese stress by weight."""
    assert re.search(r"<em style=.font-style:normal; font-weight:600", render(tag).html)


def test_each_script_has_its_fonts(render: Render) -> None:
    """Chinese readers get Chinese glyphs and line height."""
    html = render("zh").html
    assert "Noto Sans CJK SC" in html
    assert "line-height:1.8" in html[html.index('class="content"') :][:600]


def test_code_runs_from_the_left_in_arabic(render: Render) -> None:
    """Code is not mirrored."""
    assert '<pre dir="ltr"' in render("ar").html


def test_the_post_is_not_a_template(
    render: Render, make_content: Callable[..., Content]
) -> None:
    """Braces in a post are shown; so are things that look like tokens."""
    said = "{{ 7 * 7 }} {% if %} {address} unsubscribe-123"
    email = render(content=make_content(f"<p>{said}</p>"), text=said)
    assert f">{said}</p>" in email.html
    assert f"\n{said}\n" in email.text


def test_a_hostile_style_does_not_crash(
    render: Render, make_content: Callable[..., Content]
) -> None:
    """The style that crashes three inliners does not crash this one."""
    email = render(content=make_content('<p style="p">x</p><p style="td">y</p>'))
    assert re.search(r"<p style=.margin:0 0 18px 0[^>]*>x</p>", email.html)


def test_the_same_edition_gives_the_same_bytes(render: Render) -> None:
    """Nothing in a mail depends on when or how often it is made."""
    assert render("tr") == render("tr")


def test_another_text_has_another_salt(
    render: Render, make_content: Callable[..., Content]
) -> None:
    """The salt follows from what the mail says."""
    assert render().salt != render(content=make_content("<p>x</p>")).salt
    assert render().salt != render(text="x").salt


@pytest.mark.parametrize("tag", TAGS)
def test_every_reader_has_an_own_way_out(render: Render, tag: str) -> None:
    """Address and unsubscribe link are tokens until a message is composed."""
    email = render(tag)
    for slot in (Slot.ADDRESS, Slot.UNSUBSCRIBE):
        assert token(slot, email.salt) in email.html
        assert token(slot, email.salt) in email.text
    html, text = personalise(
        email,
        name="",
        address="o'brien&co@example.com",
        unsubscribe_url="https://news.example.org/u/x?l=a&m=b",
    )
    assert email.salt not in html + text
    assert 'href="https://news.example.org/u/x?l=a&amp;m=b"' in html
    assert "https://news.example.org/u/x?l=a&m=b\n" in text
    assert "o&#x27;brien&amp;co@example.com" in html
    assert "o'brien&co@example.com" in text


def test_the_text_is_the_whole_post(render: Render) -> None:
    """Title, address of the page, the post and the same footer, in this order."""
    email = render(text="\n\nFirst.\n\nLast.\n\n\n")
    order = (
        "Slow rivers & <quick> boats\nBy Ada Byron, G. Hopper\n",
        "River Letters · Issue 5 · November 5, 2026\n",
        "View in browser: https://news.example.org/en/boats-5/\n\nFirst.\n\nLast.\n\n--",
        "Français: https://news.example.org/fr/boats-5/\n",
        "Unsubscribe: unsubscribe-",
        "\nRiver Letters\n2 Quay Lane\nHarbour & Co\nPortsea\n",
    )
    places = [email.text.index(part) for part in order]
    assert places == sorted(places)
    assert "\n\n\n" not in email.text


def test_a_language_without_words_is_an_error(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> None:
    """A mail is in one language or it is not made."""
    issue = make_issue()
    edition = replace(issue.editions[Language("en")], language=Language("fi"))
    with pytest.raises(RenderError, match=r"Add catalogues/fi\.toml"):
        render_email(
            edition,
            make_content(),
            issue,
            text=TEXT,
            publication=publication,
            theme=theme,
        )


def test_two_steps_are_one(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> None:
    """Laid out first and inlined later, an e-mail is the same."""
    issue, content = make_issue(), make_content()
    edition = issue.editions[Language("en")]
    whole, laid_out = (
        step(edition, content, issue, text=TEXT, publication=publication, theme=theme)
        for step in (render_email, lay_out_email)
    )
    assert laid_out != whole
    assert inlined(laid_out) == whole
