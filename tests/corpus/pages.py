"""Real posts as they are shown: their words and addresses, and how tests name them."""

import re
from collections import Counter
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from distribute.render.document import Content

Expected = Mapping[str, Mapping[str, Any]]
Contents = Mapping[str, Content]
Texts = Mapping[str, str]

SITE = "https://dair.ai"
WORD = re.compile(r"\w+")
CJK = re.compile(r"[\u4e00-\u9fff]|\[ZH\]")
WITHIN_WORDS = frozenset({"a", "em", "strong", "b", "i", "code", "sup", "sub", "ins"})


def named(contents: Contents, *parts: str) -> Content:
    """Give the content of the one post whose file name has all these parts."""
    return contents[name_of(contents, *parts)]


def name_of(contents: Contents, *parts: str) -> str:
    """Give the one file name that has all these parts."""
    (found,) = (name for name in contents if all(part in name for part in parts))
    return found


def hrefs(content: Content) -> list[str]:
    """List where the links of a page lead, in reading order."""
    return Page(content.html).hrefs


class Page(HTMLParser):
    """Reads the words and addresses of a fragment, as a browser shows them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.hrefs: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where links lead, and where words end."""
        if tag == "a":
            self.hrefs.append(dict(attrs).get("href") or "")
        if tag not in WITHIN_WORDS:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        """Note what is shown."""
        self.pieces.append(data)

    @property
    def words(self) -> Counter[str]:
        """Count the words shown; of Chinese, the characters."""
        return words("".join(self.pieces))


def words(text: str) -> Counter[str]:
    """Count the words of a text."""
    return Counter(WORD.findall(text))
