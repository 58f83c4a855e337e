"""What the includes of Jekyll themes show, by their parameters: a video, a picture.

Themes name their files and parameters as they like. What counts is what is there: a
provider or a video's id, a picture's address, a description.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

_PARAMETER = re.compile(
    r"([A-Za-z_][\w-]*)\s*=\s*(?:\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)'|([^\s\"']+))"
)
_VARIABLE = re.compile(r"(?:page|post|site|include|layout)\.")
"""A value that only the theme knows."""
_VIDEO_PAGES = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "dailymotion": "https://www.dailymotion.com/video/{}",
    "bilibili": "https://www.bilibili.com/video/{}",
    "google-drive": "https://drive.google.com/file/d/{}/view",
    "loom": "https://www.loom.com/share/{}",
    "twitch": "https://www.twitch.tv/videos/{}",
}
_PROVIDER_NAMES = {
    "youtube": "YouTube",
    "vimeo": "Vimeo",
    "dailymotion": "Dailymotion",
    "bilibili": "Bilibili",
    "google-drive": "Google Drive",
    "loom": "Loom",
    "twitch": "Twitch",
}
_ADDRESS_NAMES = (
    "url",
    "src",
    "file",
    "path",
    "image_path",
    "image",
    "img",
    "href",
    "link",
)
_WORD_NAMES = ("text", "content", "title", "caption", "description", "message", "label")
_PICTURE_FILE = re.compile(r"ima?ge?|figure|photo|picture|screenshot|gif|caption")
_PICTURE_URL = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp)(?:[?#].*)?$", re.I)
_HOST = re.compile(r"[a-z]+://(?:www\.)?([^/?#]+)", re.I)
_MARKUP = re.compile(r"([\\`*_\[\]{}|$~])")
_VIDEO = "\u25b6\ufe0e"
"""What stands before a video's name: a sign, which every language reads."""
_LINE_SEPARATOR = "\u2028"
"""A line break that takes no line of the source."""


@dataclass(frozen=True, slots=True)
class Include:
    """An include: the theme's file, and what is handed to it."""

    file: str
    parameters: Mapping[str, str]

    def first(self, *names: str) -> str:
        """Give the first parameter that says something."""
        given = (self.parameters.get(name, "").strip() for name in names)
        return next(filter(None, given), "")

    def words(self) -> str:
        """Give what a reader would have read, as Markdown, with its link if any."""
        texts = [self.parameters.get(name, "").strip() for name in _WORD_NAMES]
        text = escaped(" ".join(filter(None, texts)))
        address = self.first(*_ADDRESS_NAMES)
        if not address:
            return text
        return f"[{text}](<{_bracketed(address)}>)" if text else f"<{address}>"


def read_parameters(text: str) -> dict[str, str]:
    """Read ``name="value"`` pairs; names are lower-cased, the first one counts.

    >>> read_parameters('url="a.png" zoom=60')
    {'url': 'a.png', 'zoom': '60'}
    """
    found: dict[str, str] = {}
    for name, double, single, bare in _PARAMETER.findall(text):
        value = re.sub(r"\\(.)", r"\1", double or single) or bare
        if not _VARIABLE.match(bare):
            found.setdefault(name.lower(), " ".join(value.split()))
    return found


def include_markdown(include: Include) -> str | None:
    """Write a video as a link and a picture with its caption, or give up on others."""
    video = _video(include)
    return _picture(include) if video is None else video


def _video(include: Include) -> str | None:
    provider = _provider(include)
    id_ = include.first(
        "id", "video_id", "videoid", "youtube_id", "youtubeid", "vimeo_id"
    )
    address = id_ if "://" in id_ else include.first("url", "src", "link")
    if not provider or not (id_ or address):
        return None
    if not address or "://" not in address:
        address = _video_page(provider, id_ or address)
    title = include.first("title", "description", "caption", "alt")
    name = title or _PROVIDER_NAMES.get(provider) or _host(address)
    return f"[{_VIDEO} {escaped(name)}](<{_bracketed(address)}>)"


def _host(address: str) -> str:
    found = _HOST.match(address)
    return found[1] if found else address


def _provider(include: Include) -> str:
    given = include.first("provider", "service", "type").lower().replace("_", "-")
    if given in _VIDEO_PAGES:
        return given
    file = include.file.lower()
    named = next((name for name in _VIDEO_PAGES if name in file), "")
    if named:
        return named
    return (given or "youtube") if "video" in file else ""


def _video_page(provider: str, id_: str) -> str:
    """Make a video's address; ids come with left-over parts of a query."""
    id_ = re.sub(r"[&?\s]+$", "", id_)
    page = _VIDEO_PAGES.get(provider, "{}")
    separator = "&" if "?" in page else "?"
    name, mark, query = id_.partition("?") if "?" in id_ else id_.partition("&")
    return page.format(quote(name, safe="-_.~:/")) + (separator + query if mark else "")


def _picture(include: Include) -> str | None:
    address = include.first(*_ADDRESS_NAMES)
    by_file = _PICTURE_FILE.search(include.file.lower())
    if not address or not (by_file or _PICTURE_URL.search(address)):
        return None
    alt = escaped(include.first("alt", "alternative"))
    caption = include.first("description", "caption", "text", "title")
    picture = f"![{alt}](<{_bracketed(address)}>)"
    return f"{picture}{_LINE_SEPARATOR}*{escaped(caption)}*" if caption else picture


def escaped(text: str) -> str:
    r"""Keep Markdown from reading something into a plain text.

    >>> escaped("2 * 3 [x]")
    '2 \\* 3 \\[x\\]'
    """
    return _MARKUP.sub(r"\\\1", text)


def _bracketed(address: str) -> str:
    """Make an address fit between angle brackets."""
    return address.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
