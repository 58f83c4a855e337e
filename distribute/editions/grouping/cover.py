"""The cover of a post: where it is, and what tells that two posts share it."""

from collections.abc import Iterator
from urllib.parse import quote, urljoin, urlsplit

from distribute.editions.files import published_url
from distribute.editions.publication import Publication
from distribute.posts.post import FrontMatter, Post

_KEPT = "%/:=&?~#+!$,;'@()*[]"


def cover_url(
    post: Post, page: str, publication: Publication, *, first_image: str
) -> str:
    """Give the cover as an absolute address; empty if there is none.

    The front matter's image, then its thumbnail, then the first image of the text. A
    bare file name says nothing about where the file lies, and is passed over. Relative
    addresses are those of files beside the post where there are such, and are else
    resolved against the page (RFC 3986 section 5).
    """
    front_matter = post.front_matter
    named = [
        image for image in (front_matter.image, front_matter.thumb) if "/" in image
    ]
    for written in (*named, first_image):
        if not written:
            continue
        if url := published_url(written, post.path, publication):
            return url
        if url := _absolute(written, page):
            return published_url(url, post.path, publication) or url
    return ""


def cover_keys(front_matter: FrontMatter, first_image: str) -> Iterator[str]:
    """Give what translations of one text have in common: thumbnail, image, first image."""
    for key in (front_matter.thumb, front_matter.image, first_image):
        if key:
            yield key.strip()


def _absolute(written: str, page: str) -> str:
    try:
        url = urljoin(page, quote(written.strip(), safe=_KEPT))
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""
