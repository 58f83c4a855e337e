"""Newsletters whose sites the judges look at: the sample, real posts, and hostile ones."""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.sample import sample_folder
from distribute.editions.edition import Edition
from distribute.web.site.shelves import published_issues
from tests.commands import NOW, Answer, call

_parse: Callable[[bytes], Element] = ElementTree.fromstring
FEEDS = """
[feeds]
limit = {limit}
hub = "https://hub.example.org/"
combined = true
editor = "Editor <editor@example.org>"
rights = "Share & share alike"
icon = "https://example.org/icon.png"
logo = "https://example.org/logo.png"
"""
"""All that can be said about feeds; they are small, so that there are archive pages."""


@dataclass(frozen=True)
class Letter:
    """A newsletter and the site that was built of it."""

    folder: Path

    @property
    def site(self) -> Path:
        """Where the site is."""
        return self.folder / "out" / "site"

    def build(self, *, now: str = NOW) -> Answer:
        """Build it, by a fixed clock; it has to work."""
        answer = call("-C", self.folder, "build", now=now)
        assert answer.status == 0, answer.err
        return answer

    def feeds(self, name: str) -> Mapping[str, Path]:
        """Give the current documents of a format, by the folder of their language."""
        found = sorted(self.site.glob(f"*/{name}"))
        return {path.parent.name: path for path in found if path.parent.name != "all"}

    def documents(self, *formats: str) -> list[Path]:
        """Give all documents of some formats, archive pages and the joint feed too."""
        pattern = re.compile(rf"({'|'.join(formats)})(-\d+)?\.(xml|json)")
        return sorted(p for p in self.site.glob("*/*") if pattern.fullmatch(p.name))

    def address_of(self, path: Path) -> str:
        """Say where a file of the site is published."""
        return f"{self.newsletter.publication.url}/{path.relative_to(self.site)}"

    def file_at(self, address: str) -> Path:
        """Find the file that is published at an address."""
        home = f"{self.newsletter.publication.url}/"
        assert address.startswith(home), address
        return self.site / unquote(address.removeprefix(home))

    @cached_property
    def newsletter(self) -> Newsletter:
        """What it was read as."""
        return Newsletter(self.folder)

    @cached_property
    def public(self) -> Mapping[str, Edition]:
        """All editions that are public, by their address."""
        now = datetime.fromtimestamp(int(NOW), UTC)
        issues = published_issues(self.newsletter.issues, now)
        editions = (e for issue in issues for e in issue.editions.values())
        return {edition.url: edition for edition in editions}

    def in_language(self, folder: str) -> Mapping[str, Edition]:
        """Give the public editions of a language, by their address."""
        return {u: e for u, e in self.public.items() if e.language.folder == folder}

    def translations_of(self, url: str) -> set[str]:
        """Give the addresses of the other editions of the same issue."""
        issue = self.public[url].issue
        return {e.url for e in self.public.values() if e.issue == issue} - {url}


def xml(path: Path) -> Element:
    """Read a document that we wrote ourselves."""
    return _parse(path.read_bytes())


def json_feed(path: Path) -> dict[str, Any]:
    """Read a JSON Feed."""
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


def copy_sample(folder: Path, *, limit: int = 2) -> Letter:
    """Copy the sample newsletter, with small feeds."""
    shutil.copytree(sample_folder(), folder, ignore=shutil.ignore_patterns("out"))
    with (folder / "distribute.toml").open("a", encoding="utf-8") as file:
        file.write(FEEDS.format(limit=limit))
    return Letter(folder)


def write_letter(
    folder: Path,
    posts: Mapping[str, str | bytes],
    *,
    languages: str = '"en"',
    more: str = "",
) -> Letter:
    """Write a newsletter of these posts, by their file names."""
    (folder / "posts").mkdir(parents=True, exist_ok=True)
    (folder / "distribute.toml").write_text(
        '[newsletter]\ntitle = "Tide Tables"\nurl = "https://tides.example.org"\n'
        f'tag = "tides.example.org,2026"\nlanguages = [{languages}]\n{more}',
        encoding="utf-8",
    )
    for name, text in posts.items():
        octets = text.encode() if isinstance(text, str) else text
        (folder / "posts" / name).write_bytes(octets)
    return Letter(folder)
