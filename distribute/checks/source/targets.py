"""Where the links of an edition lead, so that two editions can be compared."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from posixpath import commonprefix
from typing import TypeVar
from urllib.parse import unquote

from distribute.checks.proof import Proof
from distribute.checks.source.hosts import host_of
from distribute.checks.source.links import unmarked
from distribute.checks.source.report import at
from distribute.language import Language
from distribute.render.glance import inventory
from distribute.render.links.addresses import is_web_address
from distribute.render.tree import Kind

_START = re.compile(r"https?://(?:(?:www|m|mobile)\.)?", re.IGNORECASE)
_ARXIV = re.compile(
    r"(?:export\.)?arxiv\.org/(?:abs|pdf)/([\w./-]+?)(?:v\d+)?(?:\.pdf)?"
)
_Text = TypeVar("_Text", str, list[str])
_PARTS = re.compile(r"[^\W_]+|[\W_]")
_DIGIT_OR_INNER_CAPITAL = re.compile(r"\d|[a-z][A-Z]")
_LONGEST = 80
"""Characters that are compared, of what two addresses do not begin and end with alike."""
ALIKE = 0.8
"""From here on one address was made from the other by a slip of the pen."""
_ALIKE_ID = 0.7
"""As much a number or an identifier must have in common with another: so one digit may
be wrong in five, while two papers of one month are two papers."""
_TELLING_PATH = 8
_PATH = re.compile(r"^[a-z]+://[^/?#]*/?|[?#].*$", re.IGNORECASE)
"""What there is of an address but its path."""


@dataclass(frozen=True, slots=True)
class Target:
    """A link's address as it is written, and the line where it first stands."""

    url: str
    line: int


Targets = Mapping[str, Target]
"""By what tells one page from another, in reading order."""


def targets_of(proof: Proof) -> Targets:
    """List where the links of an edition lead, each page once; broken ones too."""
    found = [*_written(proof)]
    own = {target.url for target in found}
    found += (
        Target(spot.node.url, at(proof, spot)[0])
        for spot in proof.survey.links
        if spot.node.url not in own
    )
    found.sort(key=lambda target: target.line)
    targets: dict[str, Target] = {}
    for target in found:
        targets.setdefault(page_of(target.url), target)
    return targets


def _written(proof: Proof) -> Iterator[Target]:
    """List the author's links, as written."""
    for node in inventory(proof.reading.written).get(Kind.LINK, ()):
        yield Target(node.url.strip(), node.line)


def page_of(url: str) -> str:
    """Reduce an address to what tells one page from another.

    >>> page_of("http://www.Example.org/a/?utm_source=b#c"), page_of("example.org/a")
    ('//example.org/a', 'example.org/a')
    """
    address = unmarked(url.strip()).partition("#")[0]
    if address[:7].lower() == "mailto:":
        return address.partition("?")[0].lower()
    rest = _START.sub("//", address, count=1)
    if paper := _ARXIV.fullmatch(rest.removeprefix("//")):
        return f"//arxiv.org/{paper[1]}"
    return unquote(rest).rstrip("/").lower() or url.strip()


def likeness(one: str, other: str) -> float:
    """Tell how much two addresses have in common, from 0 to 1; 0 for two different ids."""
    ours, theirs = _apart(one, other)
    outside = len(one) + len(other) - len(ours) - len(theirs)
    least = ALIKE * (len(one) + len(other)) - outside
    ours, theirs = ours[:_LONGEST], theirs[:_LONGEST]
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    within = len(ours) + len(theirs)
    if matcher.quick_ratio() * within < least or matcher.ratio() * within < least:
        return 0.0
    if _are_two_things(one, other):
        return 0.0
    return (outside + matcher.ratio() * within) / (len(one) + len(other) or 1)


def _apart(one: _Text, other: _Text) -> tuple[_Text, _Text]:
    """Leave out what two texts, or two lists of words, begin and end with alike."""
    start = len(commonprefix((one, other)))
    one, other = one[start:], other[start:]
    end = len(commonprefix((one[::-1], other[::-1])))
    return one[: len(one) - end], other[: len(other) - end]


def _are_two_things(one: str, other: str) -> bool:
    """Tell whether what differs is an identifier: two videos of one site, two papers."""
    if not (is_web_address(one) and is_web_address(other)):
        return False
    if host_of(one) != host_of(other):
        return False
    ours, theirs = _apart(_PARTS.findall(one), _PARTS.findall(other))
    ours, theirs = ours[:_LONGEST], theirs[:_LONGEST]
    steps = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    return any(
        tag == "replace" and _are_ids("".join(ours[a:b]), "".join(theirs[c:d]))
        for tag, a, b, c, d in steps
    )


def _are_ids(one: str, other: str) -> bool:
    if not all(map(_DIGIT_OR_INNER_CAPITAL.search, (one, other))):
        return False
    one, other = one[:_LONGEST], other[:_LONGEST]
    return SequenceMatcher(None, one, other, autojunk=False).ratio() < _ALIKE_ID


def is_translated(url: str, other: str, languages: tuple[Language, Language]) -> bool:
    """Tell whether two addresses are those of one page in two languages.

    >>> pair = (Language("en"), Language("fr"))
    >>> is_translated("https://en.example.org/Sea", "https://fr.example.org/Mer", pair)
    True
    >>> is_translated("https://a.example/en/sea", "https://a.example/fr/mer", pair)
    True
    """
    original, own = languages
    theirs, ours = names_language(url, original), names_language(other, own)
    return bool(theirs) and theirs == ours


def names_language(url: str, language: Language) -> str:
    """Give an address as far as the part that names the language; empty if none does.

    >>> names_language("https://a.example/b/fr/c", Language("fr"))
    'a/example/b/*'
    """
    tags = {
        language.tag.lower(),
        language.primary,
        language.tag.lower().replace("-", "_"),
    }
    parts = [*host_of(url).split("."), *_PATH.sub("", url).lower().split("/")]
    for index, part in enumerate(parts):
        if part in tags:
            return "/".join((*parts[:index], "*"))
    return ""


def is_mirror(url: str, other: str) -> bool:
    """Tell whether the same is fetched from another host, one of another name."""
    one, two = page_of(url), page_of(other)
    path = one.removeprefix("//").partition("/")[2]
    if len(path) < _TELLING_PATH or path != two.removeprefix("//").partition("/")[2]:
        return False
    host, there = host_of(url), host_of(other)
    likely = SequenceMatcher(None, host, there, autojunk=False).ratio()
    return bool(host and there) and likely < ALIKE
