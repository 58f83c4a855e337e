"""A crowd of invented subscribers: names in many scripts, domains beyond ASCII."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

NAMES = (
    "Ada Kestrel",
    "Kestrel, Ada",
    'Bo "The Lens" Quill',
    "O'Hara-Quill (home)",
    "back\\slash; semi:colon",
    "Ünal Çağrı Işık",
    "Ñandú Peñalosa i Güell",
    "Żaneta Gęś-Łąkowa",
    "Nguyễn Thị Hồng Ánh",
    "Ιάσων Φεγγάρης",
    "Лунный Ёж",
    "نور الهدى القمري",
    "לילה כוכבי",
    "柳 星河",
    "星野　しずく",
    "별빛 하늘",
    "चाँदनी शर्मा",
    "จันทร์ ดาวเรือง",
    "👩🏽\u200d🚀 Zoë 🏳️\u200d🌈🇧🇷",
    "=?utf-8?q?not=20a=20word?=",
    "someone@example.com",
    "Zoe\u0301 decomposed",
    "Ada <Kestrel>",
    "Александра Константиновна Звездочётова-Лунная",
    "A name that goes on and on, as long as the form lets it, " + "and on " * 15,
    "",
)
"""One is so long that it takes several encoded words (RFC 2047); see `TOO_LONG`."""
TOO_LONG = 45
"""Octets in one encoded word; Python puts spaces between those of a longer name."""
DOMAINS = {
    "example.org": "example.org",
    "mail.example.net": "mail.example.net",
    "bücher.example": "xn--bcher-kva.example",
    "例え.example": "xn--r8jz45g.example",
    "пошта.example": "xn--80a1acn3a.example",
    "بريد.example": "xn--ngbof4h.example",
}
"""Domains as people write them, and as they travel."""
_LOCALS = ("reader{}", "Reader.{}", "reader+news{}", "o'{}", "r_{}", "{}")


@dataclass(frozen=True)
class Reader:
    """One of the crowd."""

    name: str
    """As it is to be read in the mail program."""
    address: str
    wire: str
    """The address as it travels: its domain in ASCII."""
    wishes: str
    """The cell of their languages."""


def crowd(count: int, wishes: Sequence[str]) -> list[Reader]:
    """Invent readers; every name meets every wish sooner or later."""
    domains = list(DOMAINS.items())
    readers = []
    for number in range(count):
        name = NAMES[number % len(NAMES)]
        local = _LOCALS[number % len(_LOCALS)].format(number)
        shown, wire = domains[number // 7 % len(domains)]
        wish = wishes[(number + number // len(NAMES)) % len(wishes)]
        tidy = " ".join(name.replace("e\u0301", "é").split())
        readers.append(Reader(tidy, f"{local}@{shown}", f"{local}@{wire}", wish))
    return readers


def write_list(readers: Iterable[Reader], path: Path, *more: Sequence[str]) -> None:
    """Write the crowd as the CSV that `audience import` reads; `more` are other rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["email", "name", "languages", "status"])
        for reader in readers:
            table.writerow([reader.address, reader.name, reader.wishes, "confirmed"])
        table.writerows(more)
