"""What the author wrote: one source file, read but not interpreted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import PurePath

from distribute.finding import Finding
from distribute.posts.late import LateText


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The YAML head of a post, in Jekyll's names; blank values count as absent."""

    title: str = ""
    author: tuple[str, ...] = ()
    """Handles or names, as written."""
    excerpt: str = ""
    preheader: str = ""
    lang: str = ""
    issue: str = ""
    date: str = ""
    """As written: a day, or an instant with or without a zone."""
    send: str = ""
    """When the issue shall be sent, as written."""
    modified: str = ""
    slug: str = ""
    permalink: str = ""
    redirect_from: tuple[str, ...] = ()
    """Addresses that its page had elsewhere, as written."""
    ref: str = ""
    """What the translations of one text share, if they say so (``ref``, ``translationKey``)."""
    tags: tuple[str, ...] = ()
    image: str = ""
    """The cover, as written."""
    thumb: str = ""
    draft: bool = False
    """True for ``draft: true`` and for ``published: false``."""
    guid: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)
    """Every other key."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Line of each key in the file, from 1; for findings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileName:
    """What the name of a file says, Jekyll's way: ``2026-01-19-Some_name[PT-BR].md``."""

    name: str
    """As it stands in the folder."""
    date: date | None
    title: str
    """What lies between the date and the last suffix."""
    slug: str
    """The title made safe for an address, as Jekyll's ``:title`` does it."""
    tags: tuple[str, ...]
    """What looks like a language tag, most explicit first: ``PT-BR``, ``fr``."""


@dataclass(frozen=True, kw_only=True)
class Post:
    """One source file. Text is NFC-as-written, with LF line ends and without a BOM."""

    path: PurePath
    """Where it lies, as findings shall print it."""
    file_name: FileName
    front_matter: FrontMatter
    body: LateText = LateText()  # noqa: RUF009 - a descriptor, and no default
    """Markdown below the front matter, mojibake repaired."""
    body_line: int
    """Line of the file on which the body begins, from 1."""
    findings: tuple[Finding, ...] = ()
    """What was repaired or odd while reading."""
    digest: str = field(default="", compare=False)
    """The `digest_of` its body, where whoever read it knows it: they change together."""


def digest_of(body: str) -> str:
    """Digest a text: SHA-256, as hexadecimal digits."""
    return sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
