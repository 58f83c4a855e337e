"""The ids of deliveries: the same on every run, and nobody can guess them.

An id stands in the Message-ID, in the subject that ends a subscription by mail, and in the
envelope's sender (VERP). What comes back with it is believed to be about that delivery, so
whoever knows an address must not be able to work it out: it is keyed. It is the first 24
hexadecimal digits of a SHA-256 over 32 octets that only we can derive from the campaign's
id, the `Mailbox.key`, a NUL, and the tag of the edition's language. Cut to 96 bits it gives
nobody a state to go on from.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

ID_LENGTH = 24
"""Hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class DeliveryIds:
    """Derives the ids of deliveries with a key of our own; can be pickled."""

    key: bytes = field(repr=False)
    """From the key that signs links: with another one all ids are others."""

    def of(self, campaign: str, mailbox_key: str, language_tag: str) -> str:
        """Derive the id of one delivery."""
        return self.within(campaign)(mailbox_key, language_tag)

    def within(self, campaign: str) -> Callable[[str, str], str]:
        """Give what derives the ids of one campaign, by mailbox key and language tag."""
        seed = self.seed(campaign)
        return lambda mailbox_key, language_tag: (
            sha256(seed + f"{mailbox_key}{tail_of(language_tag)}".encode()).hexdigest()
        )[:ID_LENGTH]

    def seed(self, campaign: str) -> bytes:
        """Derive what all ids of a campaign begin with, for whoever has many to write."""
        return hmac.digest(self.key, campaign.encode(), "sha256")


def tail_of(language_tag: str) -> str:
    """Write what stands behind the `Mailbox.key`, which holds no NUL."""
    return f"\0{language_tag}"
