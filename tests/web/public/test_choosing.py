"""Choosing: by their own link, and only for themselves."""

from datetime import date, timedelta

import pytest

from distribute.audience.reception.token import Purpose
from distribute.audience.subscriber import Status
from distribute.language import Language
from tests.web.public.visiting import ADA, AR, EN, NOBODY, NOW, PEOPLE, PT, Town, token

CHOOSE = "/p/" + token(ADA, Purpose.PREFERENCES)


def test_the_page_shows_what_was_chosen(here: Town) -> None:
    """Name and languages are filled in, and there is a way out."""
    answer = here.client.get(CHOOSE)
    assert answer.status_code == 200
    assert 'value="Ada"' in answer.text
    assert f"/u/{token(ADA, Purpose.UNSUBSCRIBE)}" in answer.text


def test_what_is_chosen_is_kept(here: Town) -> None:
    """Languages in their order, "only these", a name, and a pause in days from now."""
    form = {
        "name": "Grace",
        "first": "pt-BR",
        "second": "ar",
        "only": "1",
        "pause": "30",
    }
    answer = here.client.post(CHOOSE, data=form)
    assert answer.status_code == 200
    known = here.subscriber(ADA)
    assert known is not None
    assert (known.mailbox.name, known.languages) == ("Grace", (PT, AR))
    assert (known.only_these, known.paused_until) == (True, date(2026, 12, 21))


def test_a_pause_stays_unless_it_is_ended(here: Town) -> None:
    """An empty choice changes nothing; what nobody offered does neither."""
    until = date(2026, 12, 21)
    for pause, expected in (("30", until), ("", until), ("-1", until), ("0", None)):
        here.client.post(CHOOSE, data={"first": "en", "pause": pause})
        known = here.subscriber(ADA)
        assert known is not None
        assert (known.paused_until, known.languages) == (expected, (EN,))


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (("xx", "'; DROP TABLE subscriber;--", ""), ()),
        (("en", "EN", "en"), (EN,)),
        (("", "", "ar"), (AR,)),
        (("de", "pt-br", "en"), (PT, EN)),
    ],
)
def test_only_languages_of_the_newsletter_count(
    here: Town, chosen: tuple[str, ...], expected: tuple[Language, ...]
) -> None:
    """Each once, in their order; anything else is as if nothing had been chosen."""
    places = ("first", "second", "third")
    here.client.post(CHOOSE, data=dict(zip(places, chosen, strict=True)))
    known = here.subscriber(ADA)
    assert known is not None
    assert known.languages == expected


def test_a_bad_name_is_shown_again(here: Town) -> None:
    """Nothing is kept of a form that has a mistake."""
    before = here.dump()
    for name in ("x" * 101, "Ada\r\nBcc: eve@example.org", "\x00"):
        answer = here.client.post(CHOOSE, data={"name": name, "first": "pt-BR"})
        assert answer.status_code == 422
    assert here.dump() == before


@pytest.mark.parametrize(
    "address", [a for a, s in PEOPLE.items() if s is not Status.CONFIRMED] + [NOBODY]
)
def test_choosing_brings_nobody_back(here: Town, address: str) -> None:
    """A link in an old mail, which may have been passed on, is no consent."""
    path = "/p/" + token(address, Purpose.PREFERENCES)
    before = here.dump()
    for answer in (here.client.get(path), here.client.post(path, data={"first": "en"})):
        assert answer.status_code == 200
        assert "/subscribe" in answer.text
    assert here.dump() == before


def test_the_link_is_sent_again_to_who_asks(here: Town) -> None:
    """Whoever has lost it has it sent; there is a form for that."""
    assert here.client.get("/link").status_code == 200
    answer = here.client.post("/link", data=here.form(ADA))
    assert answer.status_code == 200
    with here.books() as books:
        (letter,) = books.letters.claim(NOW + timedelta(seconds=1))
        assert letter.mailbox.key == ADA
