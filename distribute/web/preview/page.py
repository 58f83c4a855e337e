"""The page of an issue: what is shown of it, in one document that needs nothing else."""

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from distribute.checks.rule import Place
from distribute.web.preview.exhibit import Exhibit
from distribute.web.preview.room import House, Room
from distribute.web.preview.tool import ENGLISH, script, tool

_AT_HAND = 16
"""Editions; who looks at an issue while it is written changes one at a time."""
_SHELL = "default-src 'none'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class View:
    """One way of looking at an edition, and what is found wrong there."""

    name: str
    label: str
    key: str
    """What calls it up by the keyboard."""
    places: tuple[Place, ...] = ()


VIEWS = (
    View("inbox", "Inbox", "i", (Place.INBOX,)),
    View("desktop", "Desktop", "d", (Place.MAIL,)),
    View("phone", "Phone", "p", (Place.MAIL,)),
    View("text", "Text", "t", (Place.TEXT,)),
    View("headers", "Headers", "h", (Place.HEADERS,)),
    View("feed", "Feed", "f", (Place.FEED,)),
    View("source", "Markdown", "s", tuple(Place)),
    View("changes", "Changes", "c"),
    View("raw", "Raw", "r"),
)


def page_of(room: Room, rooms: Sequence[tuple[str, Room]], house: House) -> str:
    """Write the page of a room; `rooms` are all of the gallery with their files' names."""
    return tool().render(
        "preview/index.html",
        ENGLISH,
        {
            "room": room,
            "rooms": rooms,
            "exhibits": room.exhibits,
            "views": VIEWS,
            "sections": [_section(each, room.name) for each in room.exhibits],
            "newsletter": house.publication.title,
            "now": f"{house.now:%Y-%m-%d %H:%M}",
            "zone": house.now.tzname() or "",
            "policy": _policy(),
            "script": script(),
            "data": {each.tag: _data(each) for each in room.exhibits},
        },
    )


@lru_cache(maxsize=_AT_HAND)
def _section(exhibit: Exhibit, room: str) -> str:
    """Write all about one edition."""
    values = {"each": exhibit, "room": room, "places": Place}
    return tool().render("preview/edition.html", ENGLISH, values)


def _policy() -> str:
    """Let nothing run but our own script, and nothing be fetched but what lies beside.

    Frames are bound by this too. The mails in them are full of ``style`` attributes, so
    these have to be allowed; a style sheet can fetch nothing here.
    """
    digest = b64encode(sha256(script().encode()).digest()).decode("ascii")
    allowed = (
        _SHELL,
        f"script-src 'sha256-{digest}'",
        "style-src 'unsafe-inline'",
        "img-src data: file: 'self'",
        "frame-src file: 'self'",
    )
    return "; ".join(allowed)


@lru_cache(maxsize=_AT_HAND)
def _data(exhibit: Exhibit) -> str:
    """Write what the script puts into frames, so that no text can end its element."""
    data = dict(_documents(exhibit))
    data["html"] = exhibit.html
    data["raw"] = exhibit.envelope.message.decode("ascii", "replace")
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _documents(exhibit: Exhibit) -> Iterator[tuple[str, str]]:
    for mode, document in exhibit.variants.items():
        yield str(mode), document
    if exhibit.entry:
        for mode, document in exhibit.entry.variants.items():
            yield f"entry-{mode}", document
