"""What a reader would read in a Markdown source, taken out textually, for decisions only.

Rendering is another stage; here a cover, a plain excerpt and a sample of the words are
enough, and nothing may depend on a parser. Every pattern is bounded, so that a hostile
post costs linear time.
"""

import re
from heapq import merge

_SAMPLE = 3_000
"""Characters of running text that tell its language."""

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_NOT_PROSE = re.compile(
    r"\{%[^%]{0,500}%\}|\{\{[^{}]{0,500}\}\}"  # Liquid
    r"|<(?:https?:|mailto:)[^<>\s]{0,2000}>|</?[A-Za-z][^<>]{0,1000}>"  # autolinks, tags
    r"|https?://[^\s<>\])]{1,2000}|www\.[^\s<>\])]{1,2000}"  # bare addresses
    r"|`[^`\n]{0,500}`|\$\$[^$]{0,2000}\$\$"  # code, formulas
    r"|\((?<=\]\()[^()\n]{0,2000}(?:\([^()\n]{0,500}\)[^()\n]{0,500})?\)"  # targets
    r"|@\w{1,40}|&#?\w{1,10};"
)
"""Every branch begins with a plain character: so a search passes quickly over all others."""
_IMAGE = re.compile(
    r"!\[(?:[^\[\]]|\[[^\[\]]{0,200}\]){0,500}\]"
    r"\(\s{0,3}<?(?P<inline>[^\s()<>]{0,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500})?)"
    r"|!\[[^\[\]]{0,500}\]\[(?P<label>[^\[\]]{0,200})\]"
    r"|<[Ii][Mm][Gg]\s[^<>]{0,1000}?\b[Ss][Rr][Cc]\s{0,3}=\s{0,3}[\"']?"
    r"(?P<html>[^\"'\s<>]{1,2000})"
)
"""As before, every branch begins with a plain character."""
_INCLUDE = re.compile(
    r"\{%-?\s{0,3}include\s[^%]{0,500}?\b(?:file|url|src|path|image|image_path|image_url)="
    r"[\"'](?P<include>[^\"'\s%]{1,1000}\.(?:png|jpe?g|gif|webp|svg|avif)(?:\?[^\"'\s%]{0,200})?)",
    re.IGNORECASE,
)
_DEFINITION = r"^ {0,3}\[%s\]:[ \t]*<?([^\s<>]{1,2000})"
_LINK = re.compile(
    r"!?\[([^\[\]]{0,500})\]\([^()]{0,2000}(?:\([^()]{0,500}\))?[^()]*\)"
)
_EMPHASIS = (
    re.compile(r"(?<![\\*])(\*{1,3})(?=\S)([^*\n]{1,2000}?)(?<=\S)\1"),
    re.compile(r"(?<![\w\\])(_{1,3})(?=\S)([^_\n]{1,2000}?)(?<=\S)\1(?!\w)"),
    re.compile(r"(?<![\\`])(`{1,2})([^`\n]{1,500})\1"),
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARKUP = re.compile(r"[\[*_`\\<~]")
"""What begins a link, emphasis, an escape, or what is hidden."""


def without_hidden(markdown: str) -> str:
    """Blank out HTML comments and fenced code; line numbers stay as they are."""
    if not _hides(markdown):
        return markdown
    kept: list[str] = []
    fence, is_comment = "", False
    for line in markdown.split("\n"):
        if not (fence or is_comment or "`" in line or "<" in line or "~" in line):
            kept.append(line)
            continue
        opening = None if is_comment else _FENCE.match(line)
        if opening is not None or fence:
            fence = _next_fence(fence, line, opening)
            kept.append("")
            continue
        visible, is_comment = _outside_comments(line, is_comment=is_comment)
        kept.append(visible)
    return "\n".join(kept)


def outside_comments(text: str) -> str:
    """Cut out HTML comments; one that has no end reaches to the end of the text."""
    visible = []
    while text:
        head, _, text = text.partition("<!--")
        visible.append(head)
        text = text.partition("-->")[2]
    return "".join(visible)


def words_of(visible: str, *, limit: int = _SAMPLE) -> str:
    """Give the running text of a post, without addresses, code and markup.

    `visible` is its Markdown `without_hidden`; the beginning is enough.
    """
    return _NOT_PROSE.sub(" ", visible[: 2 * limit])[:limit]


def first_image(visible: str) -> str:
    """Give the address of the first image, as written; empty if there is none.

    `visible` is Markdown `without_hidden`: images in comments and code do not count, nor
    addresses that Liquid computes.
    """
    forms = [_IMAGE] if _has("![", visible) or _has("<", visible) else []
    forms += [_INCLUDE] if _has("{%", visible) else []
    found = (form.finditer(visible) for form in forms)
    for match in merge(*found, key=re.Match.start):
        address = _address(match.groupdict(), visible)
        if address and "{{" not in address and not address.startswith("data:"):
            return address
    return ""


def plain(markdown: str) -> str:
    """Make one line of plain text: no emphasis, links or escapes, white space folded.

    >>> plain("A *new*\u00a0issue of [the news](https://example.org)")
    'A new issue of the news'
    """
    if not _MARKUP.search(markdown):
        return fold(markdown)
    text = _LINK.sub(r"\1", without_hidden(markdown))
    for form in _EMPHASIS:
        text = form.sub(r"\2", text)
    return fold(_ESCAPE.sub(r"\1", text))


def fold(text: str) -> str:
    """Make one space of every run of white space, no-break spaces included."""
    return " ".join(text.split())


def _hides(text: str) -> bool:
    """Tell whether there may be anything to blank out."""
    return _has("```", text) or _has("<!--", text) or _has("~~~", text)


def _has(mark: str, text: str) -> bool:
    """Find a mark, faster: most texts do not even have its first character."""
    return mark[0] in text and mark in text


def _next_fence(fence: str, line: str, opening: re.Match[str] | None) -> str:
    if not fence:
        return opening[1] if opening else ""
    is_end = opening is not None and opening[1].startswith(fence)
    return "" if is_end and not line.strip().strip(fence[0]) else fence


def _outside_comments(line: str, *, is_comment: bool) -> tuple[str, bool]:
    visible = []
    while line:
        head, found, line = line.partition("-->" if is_comment else "<!--")
        if not is_comment:
            visible.append(head)
        is_comment ^= bool(found)
    return "".join(visible), is_comment


def _address(groups: dict[str, str | None], markdown: str) -> str:
    if label := groups.pop("label", None):
        return _defined(label, markdown)
    return next((address for address in groups.values() if address), "")


def _defined(label: str, markdown: str) -> str:
    found = re.search(_DEFINITION % re.escape(label), markdown, re.M | re.I)
    return found[1] if found else ""
