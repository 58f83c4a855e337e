"""An e-mail is the same bytes every time, whatever it says, until it is made personal."""

import re
from collections.abc import Callable

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Content
from distribute.render.email.email import inlined, lay_out_email, render_email
from distribute.render.email.personal import Slot, personalise, token
from distribute.render.theme.theme import Theme
from tests.render.email.mails import TAGS, TEXT, Render


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
    for slot in (Slot.ADDRESS, Slot.UNSUBSCRIBE, Slot.PREFERENCES):
        assert token(slot, email.salt) in email.html
        assert token(slot, email.salt) in email.text
    values = {
        Slot.NAME: "",
        Slot.ADDRESS: "o'brien&co@example.com",
        Slot.UNSUBSCRIBE: "https://news.example.org/u/x?l=a&m=b",
        Slot.PREFERENCES: "https://news.example.org/p/x?l=a&m=b",
    }
    html, text = personalise(email, values)
    assert email.salt not in html + text
    assert 'href="https://news.example.org/u/x?l=a&amp;m=b"' in html
    assert "https://news.example.org/u/x?l=a&m=b\n" in text
    assert 'href="https://news.example.org/p/x?l=a&amp;m=b"' in html
    assert "https://news.example.org/p/x?l=a&m=b\n" in text
    assert "o&#x27;brien&amp;co@example.com" in html
    assert "o'brien&co@example.com" in text


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
