"""Patterns of addresses, as Jekyll has them: a path with placeholders, or the name of one.

Every placeholder of Jekyll's posts is known, and two of our own: ``:lang`` and
``:issue``. ``:title`` is Jekyll's slug, so that a newsletter that moves keeps its
addresses; ``:slug`` has no language in it, as the address has it elsewhere.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import PurePath

from distribute.editions.address.paths import safe_path
from distribute.editions.resolve import Candidate
from distribute.posts.filename import jekyll_slug, plain_slug
from distribute.posts.post import Post

STYLES: Mapping[str, str] = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
"""Jekyll's own, by name; the first is what it does where nothing is configured."""

_PLACEHOLDER = re.compile(r":([a-z_]+)(/?)")
_DISTINCT = frozenset({"slug", "title", "name", "issue"})
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_DATES: Mapping[str, Callable[[datetime], str]] = {
    "year": lambda day: f"{day.year:04}",
    "short_year": lambda day: f"{day.year % 100:02}",
    "month": lambda day: f"{day.month:02}",
    "i_month": lambda day: f"{day.month}",
    "short_month": lambda day: _MONTHS[day.month - 1][:3],
    "long_month": lambda day: _MONTHS[day.month - 1],
    "day": lambda day: f"{day.day:02}",
    "i_day": lambda day: f"{day.day}",
    "y_day": lambda day: f"{day.timetuple().tm_yday:03}",
    "short_day": lambda day: _DAYS[day.weekday()][:3],
    "long_day": lambda day: _DAYS[day.weekday()],
    "week": lambda day: f"{day.isocalendar().week:02}",
    "w_year": lambda day: f"{day.isocalendar().year:04}",
    "w_day": lambda day: f"{day.isoweekday()}",
    "hour": lambda day: f"{day.hour:02}",
    "minute": lambda day: f"{day.minute:02}",
    "second": lambda day: f"{day.second:02}",
}
"""English and without a locale, as in the addresses that Jekyll makes."""

_POST: Mapping[str, Callable[[Candidate], str]] = {
    "lang": lambda candidate: candidate.language.folder,
    "slug": lambda candidate: candidate.slug,
    "title": lambda candidate: _title(candidate),
    "name": lambda candidate: plain_slug(PurePath(candidate.post.file_name.name).stem),
    "output_ext": lambda _: ".html",
}
_CATEGORIES: Mapping[str, Callable[[str], str]] = {
    "categories": str.lower,
    "slugified_categories": plain_slug,
}
_KNOWN = frozenset({*_DATES, *_POST, *_CATEGORIES, "issue"})


def pattern_of(written: str) -> str:
    """Give the pattern that a name stands for; whatever is no name is one itself."""
    return STYLES.get(written, written)


def pattern_problem(written: str) -> str:
    """Say what is wrong with a configured permalink; empty if nothing is."""
    pattern = pattern_of(written)
    if "/" not in pattern and ":" not in pattern:
        return f"permalink {written!r} is none of {', '.join(STYLES)}, and no pattern"
    if unknown := [name for name in _names(pattern) if name not in _KNOWN]:
        return f"permalink has no placeholder :{unknown[0]}"
    if not safe_path(_PLACEHOLDER.sub(r"x\2", pattern)):
        return f"permalink {written!r} is not a path below the site"
    if _DISTINCT.isdisjoint(_names(pattern)):
        return "permalink needs :slug, :title or :issue, or all pages share one address"
    return ""


def placeholders_in(pattern: str) -> frozenset[str]:
    """List the placeholders of a pattern, without their colons."""
    return frozenset(_names(pattern))


def fill(pattern: str, candidate: Candidate, *, issue: str, folder: PurePath) -> str:
    """Put what is known about a post in the place of placeholders; unknown ones stay.

    One that stands for nothing takes the slash behind it along. `folder` is the
    newsletter's.
    """

    def value(match: re.Match[str]) -> str:
        name = _known(match[1])
        if name in _DATES:
            filled = _DATES[name](candidate.published)
        elif name in _POST:
            filled = _POST[name](candidate)
        elif name in _CATEGORIES:
            categories = categories_of(candidate.post, folder)
            filled = "/".join(map(_CATEGORIES[name], categories))
        else:
            filled = issue if name == "issue" else f":{name}"
        filled += match[1].removeprefix(name)
        return filled + match[2] if filled else ""

    return _PLACEHOLDER.sub(value, pattern)


def categories_of(post: Post, folder: PurePath) -> tuple[str, ...]:
    """List the categories of a post: the folders above ``_posts``, then its own."""
    extra = post.front_matter.extra
    several, one = extra.get("categories"), extra.get("category")
    if isinstance(several, str):
        several = several.split()
    own = (*_texts(several), *_texts(one))
    return tuple(dict.fromkeys((*_folders(post.path, folder), *own)))


def below(path: PurePath, folder: PurePath) -> PurePath:
    """Give the path of a post below the newsletter's folder."""
    return path.relative_to(folder) if path.is_relative_to(folder) else path


def _names(pattern: str) -> list[str]:
    return [_known(match[1]) for match in _PLACEHOLDER.finditer(pattern)]


def _known(name: str) -> str:
    """Spell a placeholder without the underscore behind it: ``:year_:month``."""
    bare = name.removesuffix("_")
    return bare if name not in _KNOWN and bare in _KNOWN else name


def _title(candidate: Candidate) -> str:
    post = candidate.post
    title = jekyll_slug(post.front_matter.slug) or post.file_name.slug
    return title.lstrip(".") or candidate.slug


def _folders(path: PurePath, folder: PurePath) -> tuple[str, ...]:
    parents = below(path, folder).parent.parts
    return parents[: parents.index("_posts")] if "_posts" in parents else ()


def _texts(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str | int) and (text := str(item).strip()):
            yield text
