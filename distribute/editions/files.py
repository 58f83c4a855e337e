"""Files that lie beside the posts and are published with them: pictures, documents.

An author may write a picture's address as it will be on the page, or as an editor
resolves it: from the post's own file. Where the file exists, the file decides.
"""

from pathlib import PurePath, PurePosixPath
from posixpath import normpath
from urllib.parse import quote, unquote, urlsplit

from distribute.editions.publication import Publication


def published_url(written: str, post: PurePath, publication: Publication) -> str:
    """Give the public address of a file that a post refers to; empty if there is none.

    ``../images/a.png`` counts from the post's file, ``/images/a.png`` from the
    newsletter's folder; both become ``https://news.example.org/images/a.png``.
    """
    name = file_name(written, post, publication)
    return f"{publication.url}/{quote(name)}" if name else ""


def file_name(written: str, post: PurePath, publication: Publication) -> str:
    """Name the file that an address means, below the newsletter's folder; or nothing."""
    try:
        parts = urlsplit(written.strip())
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    path = unquote(parts.path)
    if path.startswith("/"):
        candidate = path.lstrip("/")
    else:
        candidate = str(PurePosixPath(_below(post.parent, publication.folder), path))
    name = normpath(candidate)
    return name if name in publication.files else ""


def file_of(url: str, publication: Publication) -> str:
    """Name the file that is published at an address; empty if there is none."""
    root = f"{publication.url}/"
    if not url.startswith(root):
        return ""
    name = unquote(url.removeprefix(root).partition("#")[0].partition("?")[0])
    return name if name in publication.files else ""


def _below(path: PurePath, folder: PurePath) -> str:
    try:
        return path.relative_to(folder).as_posix()
    except ValueError:
        return path.as_posix()
