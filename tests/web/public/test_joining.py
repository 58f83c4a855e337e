"""Joining: nobody is on the list who has not said so twice, and nobody can tell who is."""

from datetime import timedelta

import pytest

from distribute.audience.consent import Act
from distribute.audience.reception.letters import Fate, Kind
from distribute.audience.reception.token import Purpose
from distribute.audience.reception.visits import ASKING_AT_ALL
from distribute.audience.subscriber import Status
from distribute.web.public.app import application
from tests.web.public.visiting import (
    ADA,
    AR,
    EN,
    EVERYBODY,
    NOBODY,
    NOW,
    PT,
    PUBLIC_URL,
    Client,
    Town,
    token,
)


def _asked(here: Town, address: str) -> list[tuple[Kind, Fate]]:
    with here.books() as books:
        return [(each.kind, each.fate) for each in books.letters.of(address)]


def test_the_form_is_there(here: Town) -> None:
    """Whoever comes finds a form, with the time it was made in it."""
    answer = here.client.get("/subscribe")
    assert answer.status_code == 200
    assert here.house.traps.begun(NOW) in answer.text
    assert 'name="website"' in answer.text
    assert 'href="/link?lang=en"' in answer.text


def test_who_asks_is_sent_a_letter_and_nothing_else(here: Town) -> None:
    """The application is noted with all they chose; they are not on the list yet."""
    form = here.form(NOBODY, name="Grace", first="pt-BR", second="en", only="1")
    answer = here.client.post("/subscribe?lang=en", data=form)
    assert answer.status_code == 200
    assert here.status(NOBODY) is None
    assert _asked(here, NOBODY) == [(Kind.JOIN, Fate.WAITING)]
    with here.books() as books:
        application = books.applications.get(NOBODY)
    assert application is not None
    assert application.languages == (PT, EN)
    assert (application.only_these, application.mailbox.name) == (True, "Grace")
    assert (application.wording, application.network) == (
        "0123456789ab",
        "203.0.113.0/24",
    )
    assert here.woken == [1]


def test_no_answer_tells_who_is_on_the_list(here: Town) -> None:
    """Status, headers and every byte are the same, whoever's address it is."""
    answers = set()
    for path in ("/subscribe", "/link"):
        for address in EVERYBODY:
            answer = here.client.post(path, data=here.form(address))
            headers = tuple(sorted(answer.headers.items()))
            answers.add((path, answer.status_code, headers, answer.content))
    assert {(path, status) for path, status, *_ in answers} == {
        ("/subscribe", 200),
        ("/link", 200),
    }
    assert len(answers) == 2


def test_what_is_written_down_does_not_depend_on_who_asks(here: Town) -> None:
    """So the work, and with it the time, is the same."""
    for address in EVERYBODY:
        here.client.post("/subscribe", data=here.form(address))
        assert _asked(here, address) == [(Kind.JOIN, Fate.WAITING)]


@pytest.mark.parametrize(
    ("email", "says"),
    [
        ("", "autofocus"),
        ("ada", "autofocus"),
        ("ada@", "autofocus"),
        ("a@b@c", "autofocus"),
        ("Ada <ada@example.org>", "autofocus"),
        ("ada@example.org, eve@example.org", "autofocus"),
        ("a" * 250 + "@example.org", "autofocus"),
        ("ada@example.org\r\nBcc: eve@example.org", "autofocus"),
    ],
)
def test_what_is_no_address_is_shown_again(here: Town, email: str, says: str) -> None:
    """The form comes back with what was typed, and nothing is noted."""
    before = here.dump()
    answer = here.client.post("/subscribe", data=here.form(email))
    assert answer.status_code == 422
    assert says in answer.text
    assert here.dump() == before


def test_a_name_without_end_is_shown_again(here: Town) -> None:
    """Nobody is called so, and it would have to be stored."""
    form = here.form(NOBODY, name="x" * 101)
    assert here.client.post("/subscribe", data=form).status_code == 422
    assert _asked(here, NOBODY) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("山田\u3000太郎", "山田 太郎"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("Zoe\u0308  O'Neill-Ó ", "Zoë O'Neill-Ó"),
    ],
)
def test_names_are_taken_in_any_script(here: Town, typed: str, kept: str) -> None:
    """Also with the joiners and the wide blanks that belong to some."""
    form = here.form(NOBODY, name=typed)
    assert here.client.post("/subscribe", data=form).status_code == 200
    with here.books() as books:
        application = books.applications.get(NOBODY)
    assert application is not None
    assert application.mailbox.name == kept


@pytest.mark.parametrize(
    "harm", ["\r\n", "\0", "\x1b", "\x85", "\u2028", "\u202e", "\u2066"]
)
def test_a_name_that_does_harm_is_shown_again(here: Town, harm: str) -> None:
    """What begins a line or turns the text around it round is in nobody's name."""
    form = here.form(NOBODY, name=f"Ada{harm}Lovelace")
    assert here.client.post("/subscribe", data=form).status_code == 422
    assert _asked(here, NOBODY) == []


def test_a_program_that_fills_in_everything_is_told_the_same(here: Town) -> None:
    """Nothing is noted, and the answer does not say so."""
    before = here.dump()
    caught = here.client.post("/subscribe", data=here.form(NOBODY, website="http://x"))
    assert here.dump() == before
    honest = here.client.post("/subscribe", data=here.form(NOBODY))
    assert (caught.status_code, caught.content) == (200, honest.content)


@pytest.mark.parametrize(
    "age", [timedelta(0), timedelta(days=3), timedelta(days=-1), None]
)
def test_a_form_that_comes_too_early_or_too_late_is_shown_again(
    here: Town, age: timedelta | None
) -> None:
    """People press the button once more; what they typed is still there."""
    begun = "" if age is None else here.house.traps.begun(NOW - age)
    before = here.dump()
    answer = here.client.post("/subscribe", data=here.form(NOBODY, begun=begun))
    assert answer.status_code == 422
    assert NOBODY in answer.text
    assert here.dump() == before


def test_who_corrects_a_slip_need_not_wait(here: Town) -> None:
    """The page that says what is wrong counts from when the first one was made."""
    fields = here.form("ada@example")
    answer = here.client.post("/subscribe", data=fields)
    assert answer.status_code == 422
    assert f'value="{fields["begun"]}"' in answer.text
    corrected = {**fields, "email": NOBODY}
    assert here.client.post("/subscribe", data=corrected).status_code == 200


def test_a_form_that_came_too_late_begins_anew(here: Town) -> None:
    """What is no good is not kept."""
    begun = here.house.traps.begun(NOW - timedelta(days=3))
    answer = here.client.post("/subscribe", data=here.form(NOBODY, begun=begun))
    assert answer.status_code == 422
    assert f'value="{here.house.traps.begun(NOW)}"' in answer.text


@pytest.mark.parametrize(
    "begun", ["0.", "1763715590.abc", ".", "x.y", "9" * 5000, "é.é"]
)
def test_nobody_makes_up_when_a_form_was_made(here: Town, begun: str) -> None:
    """The time is signed."""
    answer = here.client.post("/subscribe", data=here.form(NOBODY, begun=begun))
    assert answer.status_code == 422


def test_a_network_may_ask_so_often_and_no_more(here: Town) -> None:
    """The limit is the network's: it says nothing about any address."""
    for number in range(30):
        form = here.form(f"u{number}@example.org")
        assert here.client.post("/subscribe", data=form).status_code == 200
    for address in EVERYBODY:
        answer = here.client.post("/subscribe", data=here.form(address))
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "600"
    here.clock.now += timedelta(minutes=10)
    answer = here.client.post("/subscribe", data=here.form(NOBODY))
    assert answer.status_code == 200


def test_no_network_uses_up_what_is_for_all(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is refused for asking too often does not count any more."""
    at_all = ASKING_AT_ALL[0]._replace(most=40)
    monkeypatch.setattr("distribute.web.public.joining.ASKING_AT_ALL", (at_all,))
    for _ in range(50):
        here.client.post("/subscribe", data=here.form(NOBODY))
    other = Client(application(here.house), PUBLIC_URL, ("198.51.100.7", 50000))
    answers = [other.post("/link", data=here.form(NOBODY)) for _ in range(11)]
    other.close()
    assert [each.status_code for each in answers] == [200] * 10 + [429]


def test_a_link_alone_confirms_nothing(here: Town) -> None:
    """Scanners follow it; only the button on its page counts."""
    here.client.post("/subscribe", data=here.form(NOBODY))
    path = "/confirm/" + token(NOBODY, Purpose.CONFIRM, NOW + timedelta(days=7))
    before = here.dump()
    assert here.client.get(path).status_code == 200
    assert here.client.head(path).status_code == 200
    assert here.dump() == before


def test_the_button_makes_a_subscriber(here: Town) -> None:
    """They are greeted in a language of theirs, and led to their choices."""
    form = here.form(NOBODY, first="ar", second="en")
    here.client.post("/subscribe", data=form)
    path = "/confirm/" + token(NOBODY, Purpose.CONFIRM, NOW + timedelta(days=7))
    for _ in range(2):
        answer = here.client.post(path)
        assert answer.status_code == 200
        assert 'dir="rtl"' in answer.text
        assert f"/p/{token(NOBODY, Purpose.PREFERENCES)}" in answer.text
    subscriber = here.subscriber(NOBODY)
    assert subscriber is not None
    assert (subscriber.status, subscriber.languages) == (Status.CONFIRMED, (AR, EN))
    with here.books() as books:
        acts = [(c.act, c.wording, c.network) for c in books.store.consents(NOBODY)]
    network = "203.0.113.0/24"
    assert acts == [
        (Act.ASKED, "0123456789ab", network),
        (Act.CONFIRMED, "0123456789ab", network),
    ]


def test_a_confirmation_is_good_until_its_time(here: Town) -> None:
    """Who is late is told so, and how to ask again; nothing changes."""
    here.client.post("/subscribe", data=here.form(NOBODY))
    path = "/confirm/" + token(NOBODY, Purpose.CONFIRM, NOW)
    for answer in (here.client.get(path), here.client.post(path)):
        assert answer.status_code == 410
        assert "/subscribe" in answer.text
    assert here.status(NOBODY) is None


def test_nobody_is_confirmed_who_did_not_ask(here: Town) -> None:
    """A link that is good for nothing any more says the same as one that is too old."""
    path = "/confirm/" + token(NOBODY, Purpose.CONFIRM, NOW + timedelta(days=7))
    assert here.client.post(path).status_code == 410
    assert here.status(NOBODY) is None


def test_somebody_elses_form_changes_no_subscriber(here: Town) -> None:
    """What is asked for in a subscriber's name is not taken over."""
    before = here.subscriber(ADA)
    here.client.post("/subscribe", data=here.form(ADA, name="Mallory", first="pt-BR"))
    path = "/confirm/" + token(ADA, Purpose.CONFIRM, NOW + timedelta(days=7))
    here.client.post(path)
    assert here.subscriber(ADA) == before
