"""Which issue a post says it is, and never a number out of a product name."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from distribute.posts.filename import plain_slug
from distribute.posts.post import Post

_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20}
_END = r"(?![0-9a-z]|[.,]\d)"
_HASH = re.compile(r"(?<![0-9a-z&/])#\s?(\d{1,5})" + _END)
_ISSUE = re.compile(
    r"(?<![a-z])(?:issue|edition|édition|edición|edição|edicao|edizione|ausgabe|"
    r"numéro|número|numero|nummer|sayı|выпуск|номер|العدد|عدد|no\.|nr\.|n[º°]|№)"
    r"\s?[-_:.]?\s?#?\s?(\d{1,5})" + _END
)
_PERIOD = re.compile(r"第\s?([\d一二三四五六七八九十百零〇]{1,6})\s?[期号號回]")
_NEWSLETTER = (
    r"newsletter|bulletin|boletín|boletim|bülteni?|digest|weekly|monthly|rundbrief|"
    r"bollettino|nieuwsbrief|infolettre|简报|周报|周刊|月刊|通讯|通訊|週報|рассылка|"
    r"дайджест|النشرة|نشرة"
)
_AFTER_NUMBER = r"(?=\s*(?:$|[\[(:|,;]|\.(?!\d)|\s[-–—]))"
_STATED = re.compile(r"(?:\D{0,20}\W)?#?(\d{1,9})(?:\.0)?")  # 5, #5, Issue 5, 5.0
_IN_FILE_NAME = (
    re.compile(r"#\s?(\d{1,5})(?!\d)"),
    re.compile(r"(?<![a-z])issue[\s_#-]{0,3}(\d{1,5})(?!\d|[._]\d)"),
    re.compile(rf"(?:{_NEWSLETTER})[\s_-]{{1,3}}(\d{{1,4}})(?=$|[\s_.-](?!\d))"),
    re.compile(r"^(\d{1,4})$"),
)
_CHINESE_DIGITS = "一二三四五六七八九"
_CHINESE_NUMBER = re.compile(
    rf"(?:(?P<hundreds>[{_CHINESE_DIGITS}])百(?=[零〇]|.?十|$)[零〇]?)?"
    rf"(?:(?P<tens>[{_CHINESE_DIGITS}]?)十)?(?P<ones>[{_CHINESE_DIGITS}]?)"
)
"""Up to 九百九十九; 一百二 is left alone, for it may mean 102 or 120."""


class Evidence(IntEnum):
    """Where an issue comes from, the strongest first."""

    FRONT_MATTER = 0
    TITLE = 1
    FILE_NAME = 2
    SHARED = 3
    ALONE = 4


@dataclass(frozen=True, slots=True)
class Claim:
    """The issue that a post says, or is taken, to belong to."""

    id: str
    number: int | None
    evidence: Evidence
    reason: str


def claim_of(post: Post, *, stem: str, names: Collection[str] = ()) -> Claim | None:
    """Read the issue off the front matter, the title or the file name, in this order.

    `stem` is the file name's title without its language tag; `names` are the titles of
    the newsletter, after which a number counts as well: ``Example News 12: …``.
    """
    if post.front_matter.issue:
        return _stated(post.front_matter.issue)
    if (number := title_number(post.front_matter.title, names)) is not None:
        return Claim(str(number), number, Evidence.TITLE, f"title says {number}")
    if (number := file_number(stem)) is not None:
        return Claim(
            str(number), number, Evidence.FILE_NAME, f"file name says {number}"
        )
    return None


def title_number(title: str, names: Collection[str] = ()) -> int | None:
    """Find the number of the issue in a title, if it says one.

    >>> [title_number(t) for t in ("News #7: T5", "简报（Issue#5）", "GPT-2, C# 9", "Newsletter 13 [EN]")]
    [7, 5, None, 13]
    """
    text = _half_width(title).casefold()
    if match := _HASH.search(text):
        return int(match[1])
    if (match := _ISSUE.search(text)) and not _is_year(match[1]):
        return int(match[1])
    if match := _PERIOD.search(text):
        return _chinese_number(match[1])
    match = _behind_name(tuple(names)).search(text)
    return int(match[1]) if match and not _is_year(match[1]) else None


def file_number(name: str) -> int | None:
    """Find the number of the issue in the title of a file name, in safe forms only.

    >>> [file_number(n) for n in ("News_#5_", "ISSUE_4", "Newsletter_8", "TensorFlow_2_1")]
    [5, 4, 8, None]
    """
    text = _half_width(name).casefold()
    for form in _IN_FILE_NAME:
        match = form.search(text)
        if match and not _is_year(match[1]):
            return int(match[1])
    return None


@lru_cache(maxsize=8)
def _behind_name(names: tuple[str, ...]) -> re.Pattern[str]:
    """Find a number behind what newsletters are called, or these are."""
    words = "|".join([_NEWSLETTER, *(re.escape(n.casefold()) for n in names if n)])
    return re.compile(rf"(?:{words})\s?(\d{{1,4}}){_AFTER_NUMBER}")


def _half_width(text: str) -> str:
    return text if text.isascii() else text.translate(_FULL_WIDTH)


def _stated(text: str) -> Claim:
    if match := _STATED.fullmatch(text.strip()):
        number = int(match[1])
        return Claim(str(number), number, Evidence.FRONT_MATTER, "front matter issue")
    slug = plain_slug(text) or "issue"
    return Claim(slug, None, Evidence.FRONT_MATTER, "front matter issue")


def _is_year(digits: str) -> bool:
    return 1900 <= int(digits) <= 2100


def _chinese_number(text: str) -> int | None:
    """Read a number in digits, or below a thousand as 二十一 or 一百零五."""
    if text.isdecimal():
        return int(text)
    match = _CHINESE_NUMBER.fullmatch(text)
    if match is None:
        return None
    hundreds, tens, ones = (
        _CHINESE_DIGITS.index(digit) + 1 if digit else 0
        for digit in match.group("hundreds", "tens", "ones")
    )
    if match["tens"] == "":
        tens = 1  # 十 alone is ten
    return 100 * hundreds + 10 * tens + ones
