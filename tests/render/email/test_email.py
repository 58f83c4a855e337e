"""What an e-mail says and looks like, in all eight languages."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Content, Email
from distribute.render.email.email import render_email
from distribute.render.theme.theme import Theme
from tests.render.email.mails import TAGS, TEXT, Render

URL = re.compile(r"https?://[^\s\"'<>()]+")


def head_and_body(email: Email) -> tuple[str, str]:
    """Part the document at its body."""
    head, _, body = email.html.partition("<body")
    return head, body


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


def test_the_text_is_the_whole_post(render: Render) -> None:
    """Title, address of the page, the post and the same footer, in this order."""
    email = render(text="\n\nFirst.\n\nLast.\n\n\n")
    order = (
        "Slow rivers & <quick> boats\nBy Ada Byron (https://example.net/ada), G. Hopper\n",
        "River Letters · Issue 5 · November 5, 2026\n",
        "View in browser: https://news.example.org/en/boats-5/\n\nFirst.\n\nLast.\n\n--",
        "Français: https://news.example.org/fr/boats-5/\n",
        "Unsubscribe: unsubscribe-",
        "\nRiver Letters\n2 Quay Lane\nHarbour & Co\nPortsea\n",
    )
    places = [email.text.index(part) for part in order]
    assert places == sorted(places)
    assert "\n\n\n" not in email.text
