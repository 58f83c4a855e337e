"""A message is the same one wherever it lies."""

import pytest

from distribute.campaign.returned.identity import identity_of
from distribute.campaign.returned.mime import open_message

BARE = b"Date: Fri, 20 Nov 2026 09:00:00 +0000\nFrom: a@example.net\n\nFrom here\nall\n"
NAMED = b"Message-ID: <1@example.net>\n" + BARE


def identity(data: bytes) -> bytes:
    """Identify a message."""
    return identity_of(data, open_message(data).header)


@pytest.mark.parametrize(
    "same",
    [
        b"Return-Path: <>\nDelivered-To: b@example.org\n",
        b"Received: from x\n\tby y; Fri\nX-Spam-Status: No,\n score=0\nStatus: RO\n",
        b"X-Gmail-Labels: Inbox\nX-Keywords:   \nContent-Length: 20\n",
    ],
)
@pytest.mark.parametrize("message", [BARE, NAMED])
def test_what_is_added_on_the_way_makes_no_other_message(
    message: bytes, same: bytes
) -> None:
    """Neither do ends of lines, blank ends, nor the quotes of a mbox."""
    stored = same + message.replace(b"\nFrom here", b"\n>From here") + b"\n\n"

    assert identity(stored) == identity(message)
    assert identity(stored.replace(b"\n", b"\r\n")) == identity(message)


@pytest.mark.parametrize("message", [BARE, NAMED])
def test_another_date_or_sender_makes_another_message(message: bytes) -> None:
    """Programs that give all their answers one Message-ID still are heard each time."""
    assert identity(message.replace(b"20 Nov", b"21 Nov")) != identity(message)
    assert identity(message.replace(b"a@", b"b@")) != identity(message)


def test_without_a_message_id_the_words_count() -> None:
    """Any other word makes another message."""
    assert identity(BARE.replace(b"all", b"none")) != identity(BARE)
    assert identity(BARE + b"more") != identity(BARE)


def test_fields_cannot_be_moved_into_one_another() -> None:
    """What is hashed has its length before it."""
    one = b"Message-ID: <1>\nDate: a b\nFrom: c\n\n"
    other = b"Message-ID: <1>\nDate: a\nFrom: b c\n\n"

    assert identity(one) != identity(other)
