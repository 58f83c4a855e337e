"""What mail programs do not show: the facts of ``clients.toml``, read once."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("clients.toml")
SOURCE = "https://www.caniemail.com/features/"
KINDS = ("declaration", "at", "selector", "element", "image")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A mail program, or a family that shows mails alike."""

    id: str
    name: str
    weight: int
    """How much it matters if something is not shown there, from 1 to 3."""
    tests: tuple[str, ...]
    """How caniemail calls it: ``outlook.windows``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that not all mail programs show."""

    id: str
    """As caniemail has it; its page is `SOURCE`, then this."""
    what: str
    kind: str
    """One of `KINDS`: of what `pattern` is looked for."""
    pattern: re.Pattern[str]
    tested: str
    """Year and month of the last test."""
    no: frozenset[str]
    """Ids of the programs that drop it."""
    partly: frozenset[str]
    harmless: str
    """Why a mail loses nothing by it; empty where it does."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known."""

    clients: Mapping[str, Client]
    facts: tuple[Fact, ...]
    looked_up: str
    """The day when it was compared with the source."""

    def named(self, id_: str) -> Fact | None:
        """Give the fact with this id, if there is such."""
        return next((fact for fact in self.facts if fact.id == id_), None)


@cache
def known_facts() -> Facts:
    """Read ``clients.toml``, which comes with the package."""
    tables = tomllib.loads(FILE.read_text("utf-8"))
    clients = {
        id_: Client(
            id=id_, name=each["name"], weight=each["weight"], tests=tuple(each["tests"])
        )
        for id_, each in tables["clients"].items()
    }
    facts = tuple(_fact(id_, table) for id_, table in tables["facts"].items())
    return Facts(clients, facts, tables["looked_up"])


def _fact(id_: str, table: Mapping[str, Any]) -> Fact:
    (kind,) = (kind for kind in KINDS if kind in table)
    return Fact(
        id=id_,
        what=table["what"],
        kind=kind,
        pattern=re.compile(table[kind], re.IGNORECASE),
        tested=table["tested"],
        no=frozenset(table.get("no", ())),
        partly=frozenset(table.get("partly", ())),
        harmless=table.get("harmless", ""),
    )
