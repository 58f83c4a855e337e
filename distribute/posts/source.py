"""Read posts from a folder; the one door to python-frontmatter."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from distribute.errors import FrontMatterError, SourceError
from distribute.finding import Finding, Severity
from distribute.posts.decoding import decode
from distribute.posts.fields import read_fields
from distribute.posts.filename import MARKDOWN_SUFFIXES, parse_file_name
from distribute.posts.folder import list_posts
from distribute.posts.post import Post
from distribute.posts.yaml_head import read_head

if TYPE_CHECKING:
    from frontmatter.default_handlers import YAMLHandler

MAX_BYTES = 4 * 1024 * 1024
"""Largest file that is read; the text of a post is a hundred times smaller."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder held: the posts that can be read, and findings about all files."""

    posts: tuple[Post, ...]
    findings: tuple[Finding, ...]


Read = Callable[[Path, PurePath], Post]
"""Read the post at a path; the other is how findings print it. See `read_post`."""


_OPENING = "---\n"
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
# a key on the first line, and a title before long
_UNOPENED = re.compile(r"(?=[\s\S]{0,4000}?^title[ \t]*:)[A-Za-z_]\w*[ \t]*:", re.M)
_TOML = re.compile(r"\s*^\+\+\+[ \t]*$", re.MULTILINE)


def read_posts(
    folder: Path,
    *,
    shown: PurePath | None = None,
    suffixes: Collection[str] = MARKDOWN_SUFFIXES,
    read: Read | None = None,
) -> Reading:
    """Read every post in a folder and below, in the order of their paths.

    `shown` is how findings print the folder; `suffixes` are those of posts, in lower
    case with the dot; `read` may remember what it made of the same file before. A post
    that cannot be read becomes an error among the findings, and the others are read.
    Raises `SourceError` only if the folder cannot be listed.
    """
    read = read or _read
    listing = list_posts(folder, shown=shown or folder, suffixes=suffixes)
    posts: list[Post] = []
    findings = list(listing.findings)
    for path, place in listing.files:
        try:
            post = read(path, place)
        except SourceError as error:
            findings.append(_finding_of(error))
        else:
            posts.append(post)
            findings.extend(post.findings)
    return Reading(tuple(posts), tuple(findings))


def read_post(path: Path, *, shown: PurePath | None = None) -> Post:
    """Read one post; `shown` is how findings print its path.

    Raises `SourceError`, with the line where there is one, for a file that is not UTF-8
    text or whose front matter is broken.
    """
    return _read(path, shown or path)


def _read(path: Path, place: PurePath) -> Post:
    return parse_post(bytes_of(path, place), place)


def parse_post(data: bytes, path: PurePath) -> Post:
    """Make a post of the bytes of a file: as `read_post`, without touching the disk."""
    text, text_findings = decode(data, path)
    if not text.strip():
        hint = "Write the post, or remove the file."
        raise SourceError("the file is empty", path=path, line=1, hint=hint)
    front, body, shape_findings = _split(text, path)
    first_line = text.count("\n", 0, text.find(front)) + 1
    head = read_head(front, path=path, first_line=first_line)
    front_matter, field_findings = read_fields(head, path=path)
    return Post(
        path=path,
        file_name=parse_file_name(path.name),
        front_matter=front_matter,
        body=body,
        body_line=text.count("\n", 0, len(text) - len(body)) + 1,
        findings=(*text_findings, *shape_findings, *field_findings),
    )


def bytes_of(path: Path, place: PurePath) -> bytes:
    """Read a file, if it is not far too large for a post; else raises `SourceError`."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(
                f"the file is larger than {MAX_BYTES // 1024} KiB",
                path=place,
                hint="A post is text; put images and data beside it.",
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise SourceError(
            f"the file cannot be read: {getattr(error, 'strerror', None) or error}",
            path=place,
            hint="See that it is there and that you may read it.",
        ) from error


def _split(text: str, path: PurePath) -> tuple[str, str, tuple[Finding, ...]]:
    """Cut a text into YAML and body, also where the author forgot the first ``---``."""
    if text.startswith(_OPENING) and (closing := _CLOSING.search(text, len(_OPENING))):
        return text[len(_OPENING) : closing.start()], text[closing.end() :], ()
    handler = _handler()
    if handler.detect(text):
        try:
            return *handler.split(text), ()
        except ValueError:
            raise FrontMatterError(
                "the front matter has no end",
                path=path,
                line=_first_line(text),
                hint="Add a line --- below the last of its keys.",
            ) from None
    if _TOML.match(text):
        raise FrontMatterError(
            "TOML front matter is not supported",
            path=path,
            line=_first_line(text),
            hint="Write it as YAML, between two lines of ---.",
        )
    if unopened := _unopened(text, path):
        message = "the line --- above the front matter is missing; it is read anyway"
        return *unopened, (_odd(path, "front-matter-unopened", message),)
    return "", text, (_odd(path, "front-matter-missing", "there is no front matter"),)


@cache
def _handler() -> "YAMLHandler":
    """Make what cuts odd posts; python-frontmatter loads YAML, which takes a while."""
    from frontmatter.default_handlers import YAMLHandler

    class JekyllHandler(YAMLHandler):
        """Cut a post where Jekyll does: between ``---`` and the next ``---`` or ``...``.

        Blank lines above the first are forgiven. python-frontmatter's own cut takes any
        row of dashes for the end, and strips the first line of the body.
        """

        FM_BOUNDARY = re.compile(r"\s*^---[ \t]*(?:\n|\Z)", re.MULTILINE)

        def split(self, text: str) -> tuple[str, str]:
            """Cut the text into the YAML and the body.

            Raises `ValueError` where the YAML has no end.
            """
            opening = self.FM_BOUNDARY.match(text)
            start = opening.end() if opening else 0
            closing = _CLOSING.search(text, start)
            if closing is None:
                raise ValueError("no closing ---")
            return text[start : closing.start()], text[closing.end() :]

    return JekyllHandler()


def _unopened(text: str, path: PurePath) -> tuple[str, str] | None:
    """Cut off keys and values at the top of a file that end at a ``---``, if any do.

    Only with a ``title`` among them and if they are good YAML: a line above ``---`` is
    also how Markdown writes a heading.
    """
    if not _UNOPENED.match(text):
        return None
    try:
        front, body = _handler().split(text)
        read_head(front, path=path)
    except (ValueError, FrontMatterError):
        return None
    return front, body


def _first_line(text: str) -> int:
    return text.count("\n", 0, len(text) - len(text.lstrip())) + 1


def _odd(path: PurePath, rule: str, message: str) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.WARNING,
        path=path,
        line=1,
        message=message,
        hint="Begin the file with --- and title: on the next line, and end with ---.",
    )


def _finding_of(error: SourceError) -> Finding:
    is_head = isinstance(error, FrontMatterError)
    return Finding(
        rule="front-matter-invalid" if is_head else "post-unreadable",
        severity=Severity.ERROR,
        path=error.path,
        line=error.line,
        message=error.reason,
        hint=error.hint,
    )
