"""A file that comes with an entry, such as a recording: ``enclosure`` in front matter.

Formats want its length in octets and its type, so that it must be one of the newsletter's
own files. Pictures that a post shows are no enclosures.
"""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from distribute.editions.edition import Edition
from distribute.editions.files import asset_of, published_url
from distribute.editions.publication import Publication
from distribute.feeds.feed import Enclosure

_TYPES = {
    ".csv": "text/csv",
    ".epub": "application/epub+zip",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".pdf": "application/pdf",
    ".webm": "video/webm",
    ".zip": "application/zip",
}


def enclosure_of(edition: Edition, publication: Publication) -> Enclosure | None:
    """Describe the file that a post names; `None` if it names none that is published."""
    written = written_enclosure(edition)
    url = published_url(written, edition.post.path, publication) if written else ""
    asset = asset_of(url, publication) if url else None
    if asset is None:
        return None
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    known = asset.media_type or _TYPES.get(suffix, "application/octet-stream")
    return Enclosure(url, known, asset.length)


def written_enclosure(edition: Edition) -> str:
    """Give what stands in the front matter; empty if nothing does."""
    written = edition.post.front_matter.extra.get("enclosure", "")
    return written.strip() if isinstance(written, str) else ""
