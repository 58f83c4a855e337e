"""What is one reader's own in a message, checked and ready to be put in.

Most readers have a plain address, and a name that fits beside it: for them one look at
everything at once is enough. Others take a more careful way, to the same result where
both will do.
"""

import re
from binascii import b2a_base64
from html import escape
from typing import NamedTuple

from distribute.campaign.message import headers
from distribute.campaign.message.delivery_ids import ID_LENGTH
from distribute.campaign.message.heading import (
    checked_id,
    has_one_click,
    is_by_mail,
    one_click_field,
)
from distribute.campaign.message.links import Links, PlainLinks, plain_links
from distribute.campaign.message.mime import LINE
from distribute.campaign.message.slots import Values
from distribute.mailbox import Mailbox

_PLAIN = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}@[A-Za-z0-9._-]+\n"
    rf"[0-9a-f]{{{ID_LENGTH}}}"
).fullmatch
"""Address and delivery that stand as they are in envelope, header, text and HTML.

Nothing in them is encoded in quoted-printable or escaped in HTML, and no line made of
them begins with a dot or with ``From ``.
"""
_ROOM = LINE - len('To: "" <>')
"""What a name and an address may take for To to be one line; see `headers.mailbox`."""
_ROOM_ENCODED = LINE - len("To: =?utf-8?b??= <>")
"""The same for a name in an encoded word."""
_WORD = (LINE - len("To: =?utf-8?b??=")) // 4 * 3
"""Octets of a name that one encoded word holds; see `encoded_words`."""
_QUOTED = b'"\\='
"""What cannot stand in a quoted string, or would have to be looked at again."""
_MARKUP = b"&<>\"'"
"""What cannot stand in HTML."""
_S = ord("s")
_ONE_CLICK = one_click_field()


class Own(NamedTuple):
    """One reader's own."""

    rcpt_to: str
    """The address as it stands in an envelope."""
    to: bytes
    """The field To."""
    delivery_id: bytes
    url: bytes
    """As it stands in List-Unsubscribe; empty if that is by mail alone."""
    one_click: bytes
    """The field that promises it, where it may."""
    text: Values
    html: Values


def own_of(name: str, address: str, delivery_id: str, links: Links | PlainLinks) -> Own:
    """Check and encode what is one reader's own.

    Raises `MailboxError` if the address cannot be written to, `PlanError` if the
    delivery's id or a link is none: nothing breaks out of its field or line.
    """
    known = plain_links(links) if isinstance(links, Links) else links
    if not known or not _PLAIN(f"{address}\n{delivery_id}") or len(address) > _ROOM:
        return _careful(Mailbox(address, name), delivery_id, links)
    url, other, leave, choose = known
    shown = headers.display_name(name)
    called, place = shown.encode(), address.encode()
    to = _plain_to(called, place) or headers.mailbox("To", Mailbox(address, name))
    marked = called if _has_none(_MARKUP, called) else escape(shown).encode()
    lines = None, place + b"=\r\n", leave, choose
    text, html = (called, place, url, other), (marked, place, url, other)
    one_click = _ONE_CLICK if url[4] == _S else b""
    id_ = delivery_id.encode()
    return tuple.__new__(  # half the time that Own(...) takes
        Own, (address, to, id_, url, one_click, (text, lines), (html, lines))
    )


def _plain_to(name: bytes, address: bytes) -> bytes:
    """Write To as `headers.mailbox` does, or nothing if it takes more than a look.

    The name is tidy, and the address short and plain.
    """
    if not name:
        return b"To: %b\r\n" % address
    size = len(name) + len(address)
    if name.isascii() and size <= _ROOM and _has_none(_QUOTED, name):
        return b'To: "%b" <%b>\r\n' % (name, address)
    if name.isascii() or len(name) > _WORD:
        return b""
    word = b2a_base64(name, newline=False)
    joint = b" " if len(word) + len(address) <= _ROOM_ENCODED else b"\r\n "
    return b"To: =?utf-8?b?%b?=%b<%b>\r\n" % (word, joint, address)


def _has_none(characters: bytes, text: bytes) -> bool:
    return len(text.translate(None, characters)) == len(text)


def _careful(mailbox: Mailbox, delivery_id: str, links: Links | PlainLinks) -> Own:
    """Check everything, and leave the lines to be made where they are wanted."""
    checked_id(delivery_id)
    to = headers.mailbox("To", mailbox)
    url, other = (
        str(link, "ascii") if isinstance(link, bytes) else link for link in links[:2]
    )
    for link in (url, other):  # with the comma it will have
        headers.urls("List-Unsubscribe", link, "mailto:x")
    values = headers.display_name(mailbox.name), mailbox.address, url, other
    lines = None, None, None, None
    return Own(
        rcpt_to=headers.checked_address(mailbox),
        to=to,
        delivery_id=delivery_id.encode(),
        url=b"" if is_by_mail(url) else url.encode(),
        one_click=_ONE_CLICK if has_one_click(url) else b"",
        text=([value.encode() for value in values], lines),
        html=([escape(value).encode() for value in values], lines),
    )
