"""The URL in a link, as the author wrote it."""

import re

from distribute.render.markdown.spans import decode_entities

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SPACED = re.compile(
    r"\([ \t]*((?:[A-Za-z]+:)?/[^()<>\"'\n\\]*[^()<>\"'\n\\ \t][ \t]+[^()<>\"'\n\\ \t]"
    r"[^()<>\"'\n\\]*)\)"
)


def read_destination(raw: str) -> str:
    """Read the URL out of what stands in a link's parentheses, a title beside it.

    Nothing is percent-encoded: only entities and backslash escapes are resolved.

    >>> read_destination(' https://example.org/ü?a=1&amp;b "Title"')
    'https://example.org/ü?a=1&b'
    """
    raw = raw.strip()
    if raw.startswith("<"):
        raw = raw[1:].partition(">")[0]
    elif raw:
        raw = raw.split(maxsplit=1)[0]
    return decode_entities(_ESCAPE.sub(r"\1", raw))


def quote_spaces(source: str, start: int) -> str:
    """Put angle brackets around a URL with spaces, which kramdown allows.

    `start` is where the link's parenthesis opens; the source comes back whole.

    >>> quote_spaces("[a](/b c)", 3)
    '[a](</b c>)'
    """
    match = _SPACED.match(source, start)
    if match is None:
        return source
    return f"{source[:start]}(<{match[1].strip()}>){source[match.end() :]}"
