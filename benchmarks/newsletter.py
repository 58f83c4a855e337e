"""A newsletter to measure with: its posts, its settings, its subscribers."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle, islice
from pathlib import Path

from benchmarks.ours import distribute
from benchmarks.prose import LANGUAGES, post
from distribute.audience.database.database import open_database, transaction

LARGE = 116_000
"""Octets of a large message."""

_SETTINGS = """
[newsletter]
title = "Slow Rivers"
url = "https://rivers.example.org"
tag = "rivers.example.org,2026"
posts = "posts"
languages = {languages}
address = "1 Ferry Lane"

[sender]
from = "Slow Rivers <news@rivers.example.org>"
bounces = "bounces@rivers.example.org"

[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
connections = {connections}
"""
_DKIM = """
[dkim]
domain = "rivers.example.org"
keys = [{ selector = "s1", file = "s1.pem" }]
"""
_POST = """---
title: "Slow Rivers #1 [{tag}]"
lang: {tag}
issue: 1
---
Rivers are slow.

{text}
"""
_TINY = {
    "email.html": '<!DOCTYPE html>\n<html lang="{{ language }}" dir="ltr"><head>'
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark">'
    "<title>{{ edition.title }}</title></head><body>"
    '<div role="article" lang="{{ language }}" dir="ltr">'
    "<h1>{{ edition.title }}</h1>{{ body | safe }}"
    "<p>{% for line in sender %}{{ line }} {% endfor %}</p>"
    '<p><a href="{{ reader.unsubscribe }}">{{ t("email.unsubscribe") }}</a></p>'
    "</div></body></html>\n",
    "email.txt": '{{ text.strip("\\n") }}\n\n{{ reader.unsubscribe }}\n\n'
    "{% for line in sender %}\n{{ line }}\n{% endfor %}\n",
}
_FIRST_NAMES = (
    "Ada", "Bruno", "Chloé", "Dai", "Esra", "Fatou", "Gül", "Håkon", "Inês", "João",
    "Kofi", "Li", "Mónica", "Nour", "Olga", "Priya", "Quentin", "Rui", "Søren",
    "Tomás", "Uma", "Věra", "Wei", "Xochitl", "Yusuf", "Zoë", "李梅",
)  # fmt: skip
_LAST_NAMES = (
    "Abreu", "Berg", "Çelik", "Dubois", "Eze", "Ferreira", "García", "Haddad", "Ito",
    "Jansen", "Kowalski", "Lefèvre", "Müller", "Nguyen", "O'Brien", "Park", "Quispe",
)  # fmt: skip
_WISHES = ("en", "fr", "pt-PT en", "zh")
"""One for each language of the newsletter, so that each is read by a quarter."""


class Size(StrEnum):
    """How large the messages are."""

    LARGE = "116 KB"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Newsletter:
    """A newsletter in a folder of its own, ready to be sent over and over."""

    folder: Path
    size: Size

    def prepare(self) -> None:
        """Write its posts, as long as makes the messages as large as they shall be."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "posts").mkdir(parents=True)
        if self.size is Size.SMALL:
            _write_files(self.folder / "templates" / "email", _TINY)
        self._write_posts(dict.fromkeys(LANGUAGES, 0))
        self.configure(port=25)
        self.address(len(LANGUAGES))
        if self.size is Size.LARGE:
            self._write_posts(self._sections_for(LARGE))

    def configure(
        self,
        *,
        port: int,
        connections: int = 8,
        key: Path | None = None,
        store: str = "",
    ) -> None:
        """Say which server to send to, whether to sign with a DKIM key, and to what store.

        That is the URL of a database; without one it is a file in the folder.
        """
        settings = _SETTINGS.format(
            languages=list(LANGUAGES), port=port, connections=connections
        )
        if key is not None:
            shutil.copy(key, self.folder / "s1.pem")
            settings += _DKIM
        if store:
            settings += f'\n[store]\nurl = "{store}"\n'
        (self.folder / "distribute.toml").write_text(settings, "utf-8")

    def address(self, subscribers: int) -> None:
        """Give it so many subscribers, who have got nothing yet."""
        prepared = self.folder / "lists" / f"{subscribers}.db"
        if not prepared.exists():
            prepared.parent.mkdir(exist_ok=True)
            write_subscribers(prepared, subscribers)
        for name in ("distribute.db-wal", "distribute.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        shutil.copy(prepared, self.folder / "distribute.db")

    def previews(self) -> Mapping[str, bytes]:
        """Write one message per language to files, and give them by language."""
        distribute(self.folder, "send", "1", "--dry-run").run()
        folder = self.folder / "out" / "preview" / "mail"
        by_folder = {
            path.parent.name: path.read_bytes() for path in folder.rglob("*.eml")
        }
        return {language: by_folder[language.lower()] for language in LANGUAGES}

    def _write_posts(self, sections: Mapping[str, int]) -> None:
        for tag in LANGUAGES:
            text = _POST.format(tag=tag, text=post(tag, sections[tag]))
            path = self.folder / "posts" / f"2026-01-02-rivers.{tag}.md"
            path.write_text(text, "utf-8")

    def _sections_for(self, octets: int) -> Mapping[str, int]:
        """Find out how long a post must be, from two tries in each language."""
        sizes = []
        for sections in (10, 50):
            self._write_posts(dict.fromkeys(LANGUAGES, sections))
            sizes.append(self.previews())
        few, many = sizes
        slopes = {tag: (len(many[tag]) - len(few[tag])) / 40 for tag in LANGUAGES}
        return {
            tag: 10 + round((octets - len(few[tag])) / slopes[tag]) for tag in LANGUAGES
        }


def write_subscribers(path: Path, count: int) -> None:
    """Make a database with so many subscribers, all of them confirmed."""
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    with closing(open_database(unfinished)) as connection:
        with transaction(connection):
            connection.executemany(
                "INSERT INTO subscriber"
                " (key, address, name, languages, only_these, status, joined, source)"
                " VALUES (?, ?, ?, ?, 0, 'confirmed', '2026-01-01T00:00:00+00:00', '')",
                _subscribers(count),
            )
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    unfinished.rename(path)


def people(count: int) -> Iterator[tuple[str, str, str]]:
    """Make up so many readers: address, name, and the languages they wish for."""
    names = zip(cycle(_FIRST_NAMES), cycle(_LAST_NAMES), cycle(_WISHES), strict=False)
    for number, (first, last, wish) in enumerate(islice(names, count)):
        yield (
            f"reader.{number:07}@mail{number % 97}.example.net",
            f"{first} {last}",
            wish,
        )


def _subscribers(count: int) -> Iterator[tuple[str, str, str, str]]:
    for address, name, wish in people(count):
        yield address, address, name, wish


def _write_files(folder: Path, texts: Mapping[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
