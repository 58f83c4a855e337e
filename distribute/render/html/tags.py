"""The tags in a piece of raw HTML: what their attributes say, and other addresses."""

import re
from collections.abc import Callable
from html import escape, unescape

from distribute.render.markdown.elements import TAG

_ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?"
)
_SOURCE = re.compile(r"(?:^|\s)src=")


def attributes_of(tag: re.Match[str]) -> dict[str, str]:
    """Read the attributes of a match of `TAG`: by lower-case name, the first counts.

    >>> attributes_of(TAG.match('<a HREF=x?a&amp;b href="y">'))
    {'href': 'x?a&b'}
    """
    found: dict[str, str] = {}
    for attribute in _ATTRIBUTE.finditer(tag["attributes"]):
        found.setdefault(attribute[1].lower(), _value(attribute))
    return found


def change_urls(html: str, change: Callable[[str, str], str | None]) -> str:
    """Put ``change(name, value)`` in place of every href and src; `None` removes it.

    An image that has no src then is replaced by its alternative text.
    """

    def of_tag(tag: re.Match[str]) -> str:
        def of_attribute(attribute: re.Match[str]) -> str:
            name = attribute[1].lower()
            if name not in {"href", "src"}:
                return attribute[0]
            value = change(name, _value(attribute))
            return "" if value is None else f'{name}="{escape(value)}"'

        rest = _ATTRIBUTE.sub(of_attribute, tag["attributes"])
        if tag["name"].lower() == "img" and not _SOURCE.search(rest):
            return escape(attributes_of(tag).get("alt", ""))
        return f"<{tag['end'] or ''}{tag['name']}{rest}>"

    return TAG.sub(of_tag, html)


def _value(attribute: re.Match[str]) -> str:
    value = attribute[2] or ""
    return unescape(value[1:-1] if value[:1] in {'"', "'"} else value)
