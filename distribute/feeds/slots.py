"""What entries say, put into a document once all the rest of it is written.

Content is nearly all of a feed. Libraries that write XML or JSON look at every character
of it several times; to escape it is all that is needed, and takes a tenth of the time.
"""

import json
from collections.abc import Iterable
from functools import lru_cache

from distribute.feeds.options import LIMIT
from distribute.render.characters import clean

SLOT = "..."
"""Stands for what an entry says."""


def filled(document: bytes, slot: bytes, contents: Iterable[bytes]) -> bytes:
    """Put the contents into the slots, in their order.

    `slot` is `SLOT` with what is beside it, by which no other text is mistaken for one.

    >>> filled(b"<b>...</b><i>...</i>", b"...</i>", [b"Up"])
    b'<b>...</b><i>Up</i>'
    """
    before, _, after = slot.partition(SLOT.encode())
    first, *others = document.split(slot)
    parts = [first]
    for content, other in zip(contents, others, strict=True):
        parts += (before, content, after, other)
    return b"".join(parts)


@lru_cache(maxsize=LIMIT)
def is_sayable(content: str) -> bool:
    """Tell whether XML can say it: it is asked for every format."""
    return clean(content) == content


@lru_cache(maxsize=LIMIT)
def in_xml(content: str) -> bytes:
    """Write as text of an element what `is_sayable`; in RSS and Atom it is the same."""
    special = content.encode().replace(b"&", b"&amp;")
    return special.replace(b"<", b"&lt;").replace(b">", b"&gt;")


def in_json(content: str) -> bytes:
    """Write as what stands between the quotes of a string."""
    if not is_sayable(content):
        return json.dumps(content, ensure_ascii=False)[1:-1].encode()
    special = content.encode().replace(b"\\", rb"\\").replace(b'"', rb"\"")
    return special.replace(b"\n", rb"\n").replace(b"\t", rb"\t")
