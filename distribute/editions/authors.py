"""Who wrote a post: handles become names by way of the file of authors."""

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from urllib.parse import urlsplit

from distribute.editions.edition import Author
from distribute.editions.prose import fold
from distribute.editions.remarks import warn
from distribute.errors import AuthorsError, FrontMatterError
from distribute.finding import Finding
from distribute.posts.post import Post
from distribute.posts.yaml_head import read_head

_URL_KEYS = ("web", "url", "website", "homepage", "uri")


def parse_authors(text: str, path: PurePath) -> Mapping[str, Author]:
    """Read a file of authors, Jekyll's ``_data/authors.yml``: handle, name, ``web``.

    Raises `AuthorsError`, with the line, if it is not YAML of that shape.
    """
    try:
        head = read_head(text.removeprefix("\ufeff"), path=path)
    except FrontMatterError as error:
        raise AuthorsError(
            error.reason, path=path, line=error.line, hint=error.hint
        ) from error
    return {
        handle: _author(handle, entry, path, head.lines[handle])
        for handle, entry in head.values.items()
    }


def authors_of(
    post: Post, authors: Mapping[str, Author]
) -> tuple[tuple[Author, ...], tuple[Finding, ...]]:
    """Name the authors of a post; a handle that nobody has stands for itself, and warns."""
    findings: list[Finding] = []
    found: list[Author] = []
    for written in post.front_matter.author:
        for name in _split(written, authors):
            author = _find(name, authors)
            found.append(author or Author(name))
            if author is None and authors and not _is_full_name(name):
                findings.append(_unknown(post, name, authors))
    return tuple(dict.fromkeys(found)), tuple(findings)


def _author(handle: str, entry: object, path: PurePath, line: int) -> Author:
    if entry is None or isinstance(entry, str):
        return Author(fold(entry or handle))
    if not isinstance(entry, Mapping):
        raise AuthorsError(
            f"{handle} is neither a name nor keys and values",
            path=path,
            line=line,
            hint="Write name: and, if you like, web: below the handle.",
        )
    name = fold(str(entry.get("name") or handle))
    urls = (str(entry.get(key) or "").strip() for key in _URL_KEYS)
    return Author(name, next((url for url in urls if _is_web(url)), ""))


def _split(written: str, authors: Mapping[str, Author]) -> Iterable[str]:
    """Split ``ada, ben`` and ``ada & ben`` if every part is an author."""
    parts = [part.strip() for part in written.replace("&", ",").split(",")]
    if len(parts) > 1 and all(_find(part, authors) for part in parts):
        return parts
    return [written]


def _find(name: str, authors: Mapping[str, Author]) -> Author | None:
    """Find an author by handle, then by handle in any case, then by name."""
    if name in authors:
        return authors[name]
    key = name.casefold()
    by_handle = (a for handle, a in authors.items() if handle.casefold() == key)
    by_name = (a for a in authors.values() if a.name.casefold() == key)
    return next(by_handle, None) or next(by_name, None)


def _is_full_name(name: str) -> bool:
    return " " in name


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _unknown(post: Post, name: str, authors: Mapping[str, Author]) -> Finding:
    from difflib import get_close_matches  # for mistakes alone

    close = get_close_matches(name, authors, n=1)
    return warn(
        post,
        "author",
        rule="author-unknown",
        message=f"the author {name} is not in the file of authors",
        hint=f"Did you mean {close[0]}?" if close else "Add the author to that file.",
        words=name,
    )
