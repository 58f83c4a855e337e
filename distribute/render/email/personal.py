"""Personal values: tokens in the finished e-mail, put in for each reader.

A token is letters, digits and hyphens, so that it passes unchanged through templates, CSS
inliners and URLs. It ends in a salt taken from a hash of the content: no post can contain
the token of its own e-mail.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from html import escape
from itertools import chain

from distribute.render.document import Email


class Slot(StrEnum):
    """What differs from reader to reader."""

    NAME = "name"
    """Display name; may be empty."""
    ADDRESS = "address"
    """``local@domain``, as written for people."""
    UNSUBSCRIBE = "unsubscribe"
    """URL of the reader's own page to leave."""
    PREFERENCES = "preferences"
    """URL of the reader's own page to change languages or pause."""


def salt_of(*parts: str) -> str:
    """Derive a salt from everything an e-mail says, contained in none of it.

    >>> salt_of("Hello") == salt_of("Hello") != salt_of("Hello!")
    True
    """
    salt = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]
    while any(salt in part for part in parts):
        salt = sha256(salt.encode("ascii")).hexdigest()[:24]
    return salt


def token(slot: Slot, salt: str) -> str:
    """Name what stands for a personal value: ``unsubscribe-2cf24dba5fb0a30e26e83b2a``."""
    return f"{slot}-{salt}"


@dataclass(frozen=True, slots=True)
class Form:
    """A document with blanks: what all readers share, and the slots between."""

    shared: tuple[str, ...]
    """One more than there are slots; any may be empty."""
    slots: tuple[Slot, ...]


def form_of(document: str, salt: str) -> Form:
    """Cut a document at its tokens.

    >>> form_of("Dear name-5a17!", "5a17")
    Form(shared=('Dear ', '!'), slots=(<Slot.NAME: 'name'>,))
    """
    cut = re.split(f"({'|'.join(Slot)})-{re.escape(salt)}", document)
    return Form(tuple(cut[::2]), tuple(map(Slot, cut[1::2])))


def values_of(
    *, name: str, address: str, unsubscribe_url: str, preferences_url: str
) -> Mapping[Slot, str]:
    """Say what stands in each slot of one reader's text; for HTML see `escaped`."""
    return {
        Slot.NAME: name,
        Slot.ADDRESS: address,
        Slot.UNSUBSCRIBE: unsubscribe_url,
        Slot.PREFERENCES: preferences_url,
    }


def escaped(values: Mapping[Slot, str]) -> Mapping[Slot, str]:
    """Escape values for HTML: for its text and for quoted attributes."""
    return {slot: escape(value) for slot, value in values.items()}


def fill(document: str, salt: str, values: Mapping[Slot, str]) -> str:
    """Put personal values in place of their tokens.

    The values must already be escaped for the document. They are put in at once, so a
    value that looks like a token stays as it is. A slot without a value is a `KeyError`.
    """
    form = form_of(document, salt)
    own = [values[slot] for slot in form.slots]
    return "".join(chain.from_iterable(zip(form.shared, [*own, ""], strict=True)))


def personalise(email: Email, values: Mapping[Slot, str]) -> tuple[str, str]:
    """Make one reader's HTML and text of an e-mail, each value escaped as it needs."""
    return (
        fill(email.html, email.salt, escaped(values)),
        fill(email.text, email.salt, values),
    )
