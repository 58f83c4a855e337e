"""Leaving: one POST is all it takes, for ever, and a GET does nothing."""

import pytest

from distribute.audience.consent import Act
from distribute.audience.reception.token import Purpose, Signer
from distribute.audience.subscriber import Status
from distribute.audience.suppression.suppression import Reason
from tests.web.public.visiting import (
    ADA,
    EVERYBODY,
    FORGOTTEN,
    NOBODY,
    PEOPLE,
    Town,
    token,
)

LEAVE = "/u/" + token(ADA, Purpose.UNSUBSCRIBE)
BOUNDARY = "----x"
MULTIPART = (
    f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
    f'name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--{BOUNDARY}--\r\n'
).encode()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
        (f"multipart/form-data; boundary={BOUNDARY}", MULTIPART),
    ],
)
def test_one_click_is_all_it_takes(here: Town, kind: str, body: bytes) -> None:
    """No cookie, no redirect, no question: 200, and they are off (RFC 8058)."""
    answer = here.client.post(LEAVE, content=body, headers={"Content-Type": kind})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert here.status(ADA) is Status.UNSUBSCRIBED
    with here.books() as books:
        (left,) = books.store.consents(ADA)
    assert (left.act, left.source) == (Act.LEFT, "one-click")


def test_the_button_of_the_page_does_the_same(here: Town) -> None:
    """A person presses it; an empty body will do."""
    assert here.client.get(LEAVE).status_code == 200
    assert here.status(ADA) is Status.CONFIRMED
    assert here.client.post(LEAVE).status_code == 200
    assert here.status(ADA) is Status.UNSUBSCRIBED
    with here.books() as books:
        (left,) = books.store.consents(ADA)
    assert (left.source, left.network) == ("form", "203.0.113.0/24")


def test_the_answer_is_the_same_for_who_has_gone(here: Town) -> None:
    """Gone, forgotten, never known: they are told that they get nothing, which is true."""
    answers = set()
    for address in EVERYBODY:
        path = f"/u/{token(address, Purpose.UNSUBSCRIBE)}?lang=en"
        for _ in range(2):
            answer = here.client.post(path)
            answers.add((answer.status_code, answer.content))
    assert len(answers) == 1
    statuses = {address: here.status(address) for address in PEOPLE}
    assert Status.CONFIRMED not in statuses.values()
    assert here.status(FORGOTTEN) is None


def test_the_page_is_the_same_for_who_has_gone(here: Town) -> None:
    """But for the token, which everybody has their own of."""
    pages = set()
    for address in EVERYBODY:
        own = token(address, Purpose.UNSUBSCRIBE)
        answer = here.client.get(f"/u/{own}?lang=en")
        pages.add(answer.text.replace(own, "TOKEN"))
    assert len(pages) == 1


def test_who_leaves_and_is_not_known_stays_away(here: Town) -> None:
    """An import that comes later must not bring them."""
    here.client.post("/u/" + token(NOBODY, Purpose.UNSUBSCRIBE))
    with here.books() as books:
        assert books.suppressions.reason(NOBODY) is Reason.LEFT


def test_a_retired_key_is_still_good(here: Town) -> None:
    """Mails are kept for years; their links work after the key has been changed."""
    old = Signer(bytes(range(1, 33))).sign(ADA, Purpose.UNSUBSCRIBE)
    assert here.client.post(f"/u/{old}").status_code == 200
    assert here.status(ADA) is Status.UNSUBSCRIBED


def test_the_page_speaks_the_readers_language(here: Town) -> None:
    """Theirs, unless the address asks for another."""
    assert 'lang="ar" dir="rtl"' in here.client.get(LEAVE).text
    assert '<html lang="pt-BR"' in here.client.get(f"{LEAVE}?lang=pt").text


def test_an_unsubscribe_link_opens_nobodys_preferences(here: Town) -> None:
    """Its page leads to them by a letter alone: it may be seen by a scanner."""
    page = here.client.get(LEAVE).text
    assert token(ADA, Purpose.PREFERENCES) not in page


def test_many_clicks_are_not_limited(here: Town) -> None:
    """A mailbox provider sends them all from a few addresses."""
    for number in range(200):
        path = "/u/" + token(f"u{number}@example.org", Purpose.UNSUBSCRIBE)
        assert here.client.post(path).status_code == 200
