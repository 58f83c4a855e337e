"""Jekyll's Liquid, as far as a post on its own can have it: tags become Markdown.

What is known is resolved: links to posts and files, includes that show a video or a
picture, code, comments, the site's address. What is not known is reported, and its
words stay: markup of Liquid never reaches a reader. Code is left alone.

The result has as many lines as the source, so that lines can still be told.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from distribute.render.liquid.includes import Include, include_markdown, read_parameters
from distribute.render.markdown.literal import Literal, literal_regions
from distribute.render.note import Note

_OPENER = re.compile(r"\{%|\{\{")
_CLOSERS = {"{%": "%}", "{{": "}}"}
_LONGEST = 4000
"""No tag is longer; an opener without an end so near is not one."""
_NAME = re.compile(r"-?\s*([A-Za-z_]\w*)\s*(.*?)\s*-?\Z", re.DOTALL)
_RAW_TAG = re.compile(r"\{%-?\s*(end)?raw\s*-?%\}")
_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_VALUE = re.compile(r"\{\{-?\s*([\w.]+)\s*-?\}\}")
_SILENT = frozenset({"raw", "endraw", "comment", "endcomment", "endhighlight"})
_EMBEDS = frozenset({"youtube", "vimeo", "bilibili", "dailymotion"})
"""Tags that are named after the provider of the video they show."""
_ADDRESSED = frozenset({"twitter", "tweet", "oembed", "embed", "gist"})


def _nowhere(_: str) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidContext:
    """What Liquid may ask for."""

    site_url: str = ""
    """``site.url``: where the site is published, without a slash at its end.

    It holds the path, if there is one, so that ``site.baseurl`` is always empty.
    """
    page_of: Callable[[str], str] = _nowhere
    """Stem of a post's file, as ``post_url`` names it, to its page's URL, or nothing."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Further values by name, such as ``site.title`` or ``page.title``."""


def resolve_liquid(
    markdown: str, context: LiquidContext, *, first_line: int = 1
) -> tuple[str, tuple[Note, ...]]:
    """Resolve the tags and values of Liquid outside code.

    Notes tell what was not known, with the line in the file, whose body begins at
    `first_line`. Never fails; linear in the size of the text.

    >>> resolve_liquid("{{ site.url }}/a", LiquidContext(site_url="https://a.example"))
    ('https://a.example/a', ())
    """
    if "{%" not in markdown and "{{" not in markdown:
        return markdown, ()
    resolution = _Resolution(markdown, context, first_line)
    return resolution.text(), tuple(resolution.notes)


class _Resolution:
    def __init__(self, source: str, context: LiquidContext, first_line: int) -> None:
        self.notes: list[Note] = []
        self._source = source
        self._context = context
        self._line = first_line
        self._counted = 0
        self._out: list[str] = []
        self._missing_ends: set[str] = set()
        self._literal = literal_regions(source)
        self._starts = [region.start for region in self._literal]

    def text(self) -> str:
        """Write the source with everything resolved."""
        done = 0
        for opener in _OPENER.finditer(self._source):
            start = opener.start()
            if start < done or self._is_literal(start):
                continue
            self._out.append(self._source[done:start])
            done = self._resolve(start, opener[0])
        self._out.append(self._source[done:])
        return _without_raw_in_code("".join(self._out))

    def _is_literal(self, position: int) -> bool:
        index = bisect_right(self._starts, position) - 1
        return index >= 0 and position < self._literal[index].end

    def _resolve(self, start: int, opener: str) -> int:
        """Write what the markup at `start` becomes; return where it ends."""
        end = self._end_of(start, opener)
        if not end:
            self._note(start, "liquid-unclosed", f"{opener} is never closed")
            return start + 2
        inside = self._source[start + 2 : end - 2]
        if opener == "{{":
            self._write(start, end, self._value(start, inside))
            return end
        match = _NAME.match(inside)
        name, arguments = (match[1], match[2]) if match else ("", inside)
        if name in ("raw", "comment", "highlight"):
            return self._block(start, end, name, arguments)
        self._write(start, end, self._tag(start, name, arguments))
        return end

    def _end_of(self, start: int, opener: str) -> int:
        limit = start + _LONGEST
        end = self._source.find(_CLOSERS[opener], start + 2, limit)
        following = self._source.find(opener, start + 2, limit)
        return 0 if end < 0 or 0 <= following < end else end + 2

    def _write(self, start: int, end: int, text: str) -> None:
        """Write a replacement over as many lines as the original takes."""
        lines = self._source.count("\n", start, end)
        self._out.append(text + "\n" * (lines - text.count("\n")))

    def _note(self, position: int, rule: str, message: str, hint: str = "") -> None:
        self._line += self._source.count("\n", self._counted, position)
        self._counted = position
        line_end = self._source.find("\n", position)
        end = self._end_of(position, self._source[position : position + 2])
        ends = [place for place in (line_end, end) if place > 0]
        words = self._source[position : min(ends, default=None)]
        note = Note(rule=rule, line=self._line, message=message, hint=hint, words=words)
        self.notes.append(note)

    def _block(self, start: int, end: int, name: str, arguments: str) -> int:
        closing = self._closing(name, end)
        if closing is None:
            self._note(start, "liquid-unclosed", f"{{% {name} %}} is never closed")
            return end
        content = self._source[end : closing.start()]
        if name == "raw":
            self._out.append(content)
        elif name == "highlight":
            self._write(start, closing.end(), _code(content, arguments))
        else:
            self._write(start, closing.end(), "")
        return closing.end()

    def _closing(self, name: str, position: int) -> re.Match[str] | None:
        if name in self._missing_ends:
            return None
        closing = re.compile(rf"\{{%-?\s*end{name}\s*-?%\}}")
        found = closing.search(self._source, position)
        if found is None:
            self._missing_ends.add(name)
        return found

    def _tag(self, start: int, name: str, arguments: str) -> str:
        if name in ("include", "include_relative", "include_cached"):
            return self._include(start, arguments)
        if name in ("post_url", "link"):
            return self._address(start, name, arguments)
        word = arguments.split()[0].strip("\"'") if arguments.split() else ""
        if name in _EMBEDS and word:
            include = Include("video.html", {"id": word, "provider": name})
            return include_markdown(include) or ""
        if name in _ADDRESSED and word:
            gist = "https://gist.github.com/" if name == "gist" else ""
            return f"<{word if '://' in word else gist + word}>"
        if name not in _SILENT:
            self._note(
                start,
                "liquid-unknown",
                f"the Liquid tag {name or arguments!r} is not known here; it is left out",
                "Write what it stands for.",
            )
        return ""

    def _include(self, start: int, arguments: str) -> str:
        file, _, rest = arguments.partition(" ")
        include = Include(file.strip(), read_parameters(self._filled(rest)))
        known = include_markdown(include)
        if known is not None:
            return known
        self._note(
            start,
            "liquid-unknown",
            f"the include {include.file!r} is not known here; only its words are shown",
            "Write what it stands for.",
        )
        return include.words()

    def _filled(self, text: str) -> str:
        """Put values where they stand inside a tag."""
        values = self._values()
        return _VALUE.sub(lambda match: values.get(match[1], ""), text)

    def _address(self, start: int, name: str, arguments: str) -> str:
        stem = arguments.strip().strip("\"'").rpartition("/")[2]
        stem = re.sub(r"\.(?:md|markdown)$", "", stem, flags=re.IGNORECASE)
        page_of = self._context.page_of
        found = page_of(stem) or page_of(arguments.strip())
        if found:
            return found
        if name == "link" and not arguments.strip().startswith("_"):
            path = arguments.strip().strip("\"'").lstrip("/")
            return f"{self._context.site_url}/{path}"
        self._note(
            start,
            "liquid-post-unknown",
            f"there is no post {arguments.strip()!r} to link to",
            "Name a post's file without .md.",
        )
        return ""

    def _values(self) -> Mapping[str, str]:
        own = {"site.url": self._context.site_url, "site.baseurl": ""}
        return own | dict(self._context.variables)

    def _value(self, start: int, inside: str) -> str:
        expression, *filters = (
            part.strip() for part in inside.strip("- \n").split("|")
        )
        value = self._atom(expression)
        if value is None:
            self._note(
                start,
                "liquid-unknown",
                f"the Liquid value {expression!r} is not known here; only its words are "
                "shown",
                "Write the value.",
            )
            return " ".join(expression.split())
        for filter_ in filters:
            value = self._filtered(value, filter_)
        return value

    def _atom(self, expression: str) -> str | None:
        quoted = _QUOTED.fullmatch(expression)
        if quoted:
            return quoted[1] if quoted[1] is not None else quoted[2]
        return self._values().get(expression)

    def _filtered(self, value: str, filter_: str) -> str:
        """Apply a filter of addresses; others do not change what a reader sees."""
        name, _, argument = filter_.partition(":")
        other = self._atom(argument.strip()) or ""
        match name.strip():
            case "relative_url" | "absolute_url":  # a feed has no place to count from
                whole = "://" in value
                return (
                    value if whole else f"{self._context.site_url}/{value.lstrip('/')}"
                )
            case "prepend":
                return other + value
            case "append":
                return value + other
            case _:
                return value


def _code(content: str, arguments: str) -> str:
    """Write a highlighted block as a fence, or as code in the line."""
    language = arguments.split()[0] if arguments.split() else ""
    longest = max((len(run) for run in re.findall("`+", content)), default=0)
    head, newline, rest = content.partition("\n")
    body, last_newline, tail = rest.rpartition("\n")
    if newline and not head.strip() and last_newline and not tail.strip():
        fence = "`" * max(3, longest + 1)
        return f"{fence}{language}\n{body}\n{tail}{fence}"
    if newline and not head.strip() and not rest.strip():
        return ""
    if newline:
        return f"<pre><code>{escape(content.rstrip(), quote=False)}</code></pre>"
    ticks = "`" * (longest + 1)
    return f"{ticks} {content.strip()} {ticks}" if content.strip() else ""


def _without_raw_in_code(text: str) -> str:
    """Take ``raw`` away inside code, where it only kept Liquid off."""
    if not _RAW_TAG.search(text):
        return text
    pieces: list[str] = []
    done = 0
    for region in literal_regions(text):
        if region.kind is not Literal.CODE:
            continue
        code = text[region.start : region.end]
        ends = [match[1] is not None for match in _RAW_TAG.finditer(code)]
        if ends and ends.count(True) * 2 == len(ends):
            pieces += text[done : region.start], _RAW_TAG.sub("", code)
            done = region.end
    return "".join(pieces) + text[done:]
