"""Tokens stand for what differs from reader to reader."""

from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.language import Language
from distribute.render.document import Email
from distribute.render.email.personal import (
    Slot,
    escaped,
    fill,
    form_of,
    personalise,
    salt_of,
    token,
    values_of,
)


def email(html: str, text: str, salt: str) -> Email:
    """Make an e-mail that says nothing else."""
    return Email(
        language=Language("en"),
        subject="S",
        preheader="",
        html=html,
        text=text,
        salt=salt,
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(), min_size=1))
def test_the_salt_is_in_nothing_that_is_said(parts: list[str]) -> None:
    """No post can contain a token of its own e-mail, and the salt is always the same."""
    salt = salt_of(*parts)
    assert salt == salt_of(*parts)
    assert not any(salt in part for part in parts)


def test_a_salt_that_is_contained_is_not_used() -> None:
    """Even a post that guessed the hash gets another salt."""
    first = salt_of("a")
    assert salt_of("a") != salt_of("a", first)
    assert salt_of("a", first) not in first


def test_the_parts_do_not_run_together() -> None:
    """The salt depends on what is the title and what the text."""
    assert salt_of("ab", "c") != salt_of("a", "bc")


@pytest.mark.parametrize("slot", list(Slot))
def test_a_token_is_safe_in_urls(slot: Slot) -> None:
    """A token is letters, digits and hyphens: nothing rewrites or escapes it."""
    made = token(slot, salt_of("x"))
    assert made.isascii()
    assert made.replace("-", "").isalnum()


def test_filling_puts_in_every_value() -> None:
    """Each token gives way to its value, wherever and however often it stands."""
    salt = salt_of("x")
    name, address = token(Slot.NAME, salt), token(Slot.ADDRESS, salt)
    filled = fill(
        f"{name}, {address}; {name}", salt, {Slot.NAME: "A", Slot.ADDRESS: r"\1"}
    )
    assert filled == r"A, \1; A"


def test_a_value_that_looks_like_a_token_stays() -> None:
    """A reader cannot smuggle a token in by way of a name."""
    salt = salt_of("x")
    sly = token(Slot.UNSUBSCRIBE, salt)
    values = {Slot.NAME: sly, Slot.UNSUBSCRIBE: "https://example.org/u"}
    assert fill(token(Slot.NAME, salt), salt, values) == sly


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(Slot), st.text()), max_size=9))
def test_a_form_says_what_stands_around_the_slots(parts: list[Slot | str]) -> None:
    """Wherever they are: at the ends, side by side, or nowhere at all."""
    salt = salt_of(*parts)
    document = "".join(token(p, salt) if isinstance(p, Slot) else p for p in parts)
    form = form_of(document, salt)

    assert form.slots == tuple(part for part in parts if isinstance(part, Slot))
    assert len(form.shared) == len(form.slots) + 1
    assert "".join(form.shared) == "".join(
        part for part in parts if not isinstance(part, Slot)
    )


def test_every_slot_has_a_value() -> None:
    """In the order in which slots are listed, which those who count on it can see."""
    values = values_of(
        name="<A>",
        address="a@b.example",
        unsubscribe_url="https://c/",
        preferences_url="https://d/",
    )
    assert list(values.items()) == [
        (Slot.NAME, "<A>"),
        (Slot.ADDRESS, "a@b.example"),
        (Slot.UNSUBSCRIBE, "https://c/"),
        (Slot.PREFERENCES, "https://d/"),
    ]
    assert list(values) == list(Slot)
    assert escaped(values)[Slot.NAME] == "&lt;A&gt;"


def test_another_salt_is_another_token() -> None:
    """The tokens of one e-mail mean nothing in another."""
    foreign = token(Slot.NAME, salt_of("y"))
    assert fill(foreign, salt_of("x"), {Slot.NAME: "A"}) == foreign


def test_a_slot_without_a_value_is_an_error() -> None:
    """No token ever reaches a reader."""
    salt = salt_of("x")
    with pytest.raises(KeyError):
        fill(token(Slot.NAME, salt), salt, {})


@settings(max_examples=100, deadline=None)
@given(name=st.text(), address=st.text())
def test_values_are_escaped_in_html_alone(name: str, address: str) -> None:
    """HTML gets escaped values, text gets them as they are."""
    salt = salt_of("x")
    said = f"{token(Slot.NAME, salt)} {token(Slot.ADDRESS, salt)}"
    values = {Slot.NAME: name, Slot.ADDRESS: address}
    html, text = personalise(email(said, said, salt), values)
    assert text == f"{name} {address}"
    assert unescape(html) == text
    assert not set('<>"') & set(html)


def test_a_url_is_escaped_in_html() -> None:
    """An ampersand of the unsubscribe URL is written as HTML wants it."""
    salt = salt_of("x")
    url = token(Slot.UNSUBSCRIBE, salt)
    made = email(f'<a href="{url}">', url, salt)
    html, text = personalise(made, {Slot.UNSUBSCRIBE: "https://example.org/?a=1&b=2"})
    assert html == '<a href="https://example.org/?a=1&amp;b=2">'
    assert text == "https://example.org/?a=1&b=2"
