"""Personal values: tokens in the finished e-mail, put in for each reader.

A token is letters, digits and hyphens, so that it passes unchanged through templates, CSS
inliners and URLs. It ends in a salt taken from a hash of the content: no post can contain
the token of its own e-mail.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from html import escape

from distribute.render.document import Email


class Slot(StrEnum):
    """What differs from reader to reader."""

    NAME = "name"
    """Display name; may be empty."""
    ADDRESS = "address"
    """``local@domain``, as written for people."""
    UNSUBSCRIBE = "unsubscribe"
    """URL of the reader's own page to leave."""


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


def fill(document: str, salt: str, values: Mapping[Slot, str]) -> str:
    """Put personal values in place of their tokens.

    The values must already be escaped for the document. They are put in at once, so a
    value that looks like a token stays as it is. A slot without a value is a `KeyError`.
    """
    slots = "|".join(Slot)
    return re.sub(
        f"({slots})-{re.escape(salt)}", lambda match: values[Slot(match[1])], document
    )


def personalise(
    email: Email, *, name: str, address: str, unsubscribe_url: str
) -> tuple[str, str]:
    """Make one reader's HTML and text of an e-mail, each value escaped as it needs."""
    values = {
        Slot.NAME: name,
        Slot.ADDRESS: address,
        Slot.UNSUBSCRIBE: unsubscribe_url,
    }
    escaped = {slot: escape(value) for slot, value in values.items()}
    return (
        fill(email.html, email.salt, escaped),
        fill(email.text, email.salt, values),
    )
