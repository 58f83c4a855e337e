"""The links in a message by which its reader decides about their subscription alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from distribute.audience.reception.token import Signer
from distribute.campaign.message.mime import LINE
from distribute.mailbox import Mailbox

_PLAIN = re.compile(r"https?://[A-Za-z0-9.:_~/-]{1,850}").fullmatch
"""Well within a line of a header (RFC 5322 section 2.1.1)."""
_SOFT = LINE - 1
"""Characters in a line of quoted-printable before its soft break."""


class Links(NamedTuple):
    """What one reader may follow, and nobody else."""

    unsubscribe: str
    """Ends the subscription: https, or mailto where nothing answers on the web."""
    preferences: str
    """Changes languages, or pauses; of the same kind."""


PlainLinks = tuple[bytes, bytes, bytes, bytes]
"""The same two if they stand as they are in header, text and HTML, then their lines.

Nothing in them is encoded in quoted-printable or escaped in HTML. The lines are those
that `distribute.campaign.message.mime.softly_ended` makes; none begins with a dot. No class, for
these are made for every single delivery.
"""


@dataclass(frozen=True, slots=True)
class Linking:
    """Gives readers the links to their own pages on the web; can be pickled."""

    signer: Signer
    public_url: str
    """Where the public side answers, without a trailing slash."""

    def __call__(self, mailbox: Mailbox) -> Links:
        """Sign the links of one mailbox."""
        return self.of(mailbox.key)

    def of(self, key: str) -> Links:
        """Sign the links of a `Mailbox.key`."""
        leave, choose = self._starts
        unsubscribe, preferences = self.signer.pairs()(key)
        return Links(leave + unsubscribe.decode(), choose + preferences.decode())

    def by_key(self) -> Callable[[str], Links | PlainLinks]:
        """Give what signs links by `Mailbox.key`, to whoever has many to sign.

        They are plain if the public address is, for a token always is.
        """
        start = self._starts[0]
        if not _PLAIN(start) or len(start) > _SOFT:
            return self.of
        leave, choose = (start.encode() for start in self._starts)
        pair = self.signer.pairs()

        def links(key: str) -> PlainLinks:
            unsubscribe, preferences = pair(key)
            url, other = leave + unsubscribe, choose + preferences
            return url, other, _lines(url), _lines(other)

        return links

    @property
    def _starts(self) -> tuple[str, str]:
        return f"{self.public_url}/u/", f"{self.public_url}/p/"


def plain_links(links: Links) -> PlainLinks | None:
    """Encode links if they are plain."""
    for link in links:
        if not _PLAIN(link) or "." in link[_SOFT::_SOFT]:
            return None
    url, other = (link.encode() for link in links)
    return url, other, _lines(url), _lines(other)


def _lines(url: bytes) -> bytes:
    size = len(url)
    if size <= _SOFT:
        return url + b"=\r\n"
    if size <= 2 * _SOFT:
        return b"%b=\r\n%b=\r\n" % (url[:_SOFT], url[_SOFT:])
    starts = range(0, size, _SOFT)
    return b"".join([b"%b=\r\n" % url[start : start + _SOFT] for start in starts])
