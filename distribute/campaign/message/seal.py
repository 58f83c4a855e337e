"""The signatures of an edition's messages, with what these share looked at once.

A signature covers the canonical form of the fields and of the body. The pieces of a
compiled message are whole lines, so that the form of each does not depend on its
neighbours, and values are in it as they are: nobody's has a space at the end of a line,
or two in a row. The digest of all that stands before the first value is taken once.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from distribute.campaign.message.canonical import relaxed_body, relaxed_field
from distribute.campaign.message.dkim import DkimSigner
from distribute.campaign.message.headers import fields_of

if TYPE_CHECKING:
    from _hashlib import HASH


class Seal:
    """Signs the messages of one edition. Can be pickled; the digest is then taken anew."""

    __slots__ = ("_dkim", "_fields", "_first", "_prefix", "_shared", "body")

    def __init__(
        self,
        dkim: DkimSigner,
        shared: Sequence[bytes],
        body: Sequence[bytes],
        first: int,
    ) -> None:
        """`shared` are the fields before, between and behind those of each reader.

        `body` are the pieces of the message, the header's left empty; it is kept in its
        canonical form. The first value stands at place `first`.
        """
        self._dkim = dkim
        self._shared = shared
        self._fields = [list(map(relaxed_field, fields_of(raw))) for raw in shared]
        self._first = first
        self._prefix: HASH | None = None
        self.body = [relaxed_body(piece) for piece in body]

    def sign(self, own: Sequence[bytes], body: Sequence[bytes]) -> bytes:
        """Write the DKIM-Signature fields of one message.

        `own` are the fields of one reader, one of them empty where it is missing, and
        `body` a copy of `Seal.body` with values in it.
        """
        fields = self._fields[0].copy()
        for raw, behind in zip(own, self._fields[1:], strict=True):
            if raw:
                fields.append(relaxed_field(raw))
            fields += behind
        return self._dkim.sign(fields, self._digest(body))

    def _digest(self, body: Sequence[bytes]) -> bytes:
        if self._prefix is None:
            self._prefix = sha256(b"".join(body[: self._first]))
        digest = self._prefix.copy()
        for piece in body[self._first :]:
            digest.update(piece)
        return digest.digest()

    def __reduce__(self) -> tuple[object, ...]:
        return Seal, (self._dkim, self._shared, self.body, self._first)
