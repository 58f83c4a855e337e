"""What is one reader's own in a message, checked and ready to be put in.

Most readers have a plain name and a short address: for them one look at everything at
once is enough. Others take a more careful way, to the same result where both will do.
"""

import re
from html import escape
from typing import NamedTuple

from distribute.campaign import headers
from distribute.campaign.heading import ID_LENGTH, checked_id, has_one_click
from distribute.campaign.slots import Values
from distribute.mailbox import Mailbox

_WORD = r"[A-Za-z0-9_.-]"
_PLAIN_NAME = rf"(?!From )(?:[A-Za-z0-9]{_WORD}*(?: {_WORD}+)*)?"
_PLAIN_REST = (
    r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}@[A-Za-z0-9._-]+\n"
    rf"[0-9a-f]{{{ID_LENGTH}}}\n"
    r"https?://[A-Za-z0-9.:_~/-]{1,141}"
)
"""Address, delivery and URL that stand as they are in header, text and HTML.

Nothing in them is encoded in quoted-printable or escaped in HTML, and no line made of
them begins with a dot or with ``From ``.
"""
_ALL_PLAIN = re.compile(f"{_PLAIN_NAME}\n{_PLAIN_REST}").fullmatch
_REST_PLAIN = re.compile(_PLAIN_REST).fullmatch
_ROOM = 76 - len('To: "" <>')
"""What a name and an address may take for To to be one line; see `headers.mailbox`."""
_SOFT = 75
"""Characters in a line of quoted-printable before its soft break."""


class Own(NamedTuple):
    """One reader's own."""

    to: bytes
    """The field To."""
    url: bytes
    """As it stands in List-Unsubscribe."""
    has_one_click: bool
    text: Values
    html: Values


def own_of(mailbox: Mailbox, delivery_id: str, url: str) -> Own:
    """Check and encode what is one reader's own.

    Raises `MailboxError` if the address cannot be written to, `PlanError` if the
    delivery's id or the URL is none: nothing breaks out of its field or line.
    """
    name, address = mailbox.name, mailbox.address
    rest = f"{address}\n{delivery_id}\n{url}"
    if len(address) > _ROOM or url[_SOFT : _SOFT + 1] == ".":
        return _careful(mailbox, delivery_id, url)
    if len(name) + len(address) <= _ROOM and _ALL_PLAIN(f"{name}\n{rest}"):
        to = f'To: "{name}" <{address}>\r\n' if name else f"To: {address}\r\n"
        octets = name.encode(), address.encode(), url.encode()
        values = octets, _plain_lines(*octets)
        return Own(to.encode(), octets[2], url[4] == "s", values, values)
    if _REST_PLAIN(rest):
        return _careful_with_name(mailbox, url)
    return _careful(mailbox, delivery_id, url)


def _plain_lines(name: bytes, address: bytes, url: bytes) -> tuple[bytes, bytes, bytes]:
    """Encode plain values as `distribute.campaign.mime.softly_ended` does."""
    return (
        name and name + b"=\r\n",
        address + b"=\r\n",
        url + b"=\r\n"
        if len(url) <= _SOFT
        else b"%b=\r\n%b=\r\n" % (url[:_SOFT], url[_SOFT:]),
    )


def _careful_with_name(mailbox: Mailbox, url: str) -> Own:
    """Encode any name beside plain values."""
    name = headers.display_name(mailbox.name)
    others = mailbox.address.encode(), url.encode()
    lines = None, *_plain_lines(b"", *others)[1:]
    text = (name.encode(), *others), lines
    marked = escape(name)
    html = text if marked == name else ((marked.encode(), *others), lines)
    return Own(headers.mailbox("To", mailbox), others[1], url[4] == "s", text, html)


def _careful(mailbox: Mailbox, delivery_id: str, url: str) -> Own:
    """Check everything, and leave the lines to be made where they are wanted."""
    checked_id(delivery_id)
    to = headers.mailbox("To", mailbox)
    headers.urls("List-Unsubscribe", url, "mailto:x")  # with the comma it will have
    values = headers.display_name(mailbox.name), mailbox.address, url
    lines = None, None, None
    text = [value.encode() for value in values], lines
    html = [escape(value).encode() for value in values], lines
    return Own(to, url.encode(), has_one_click(url), text, html)
