"""What a paragraph is for, where only its look says so: a caption, a headline.

Markdown has no captions and few authors use all levels of headings. They write a slanted
line under a picture, and a bold one above a text. Marked as what they are, both can stand
close to what they belong to. Works on the output of the sanitiser, which writes every
attribute in double quotes and closes every element.
"""

import re
from html import unescape

_ATTRIBUTES = r"""(?:\s+[^\s"'<>/=]+(?:="[^"]*")?)*\s*"""
_PICTURE = rf"(?:<a{_ATTRIBUTES}>\s*)?<img{_ATTRIBUTES}/?>(?:\s*</a>)?"
_PICTURES = rf"{_PICTURE}(?:\s*(?:<br>\s*)?{_PICTURE})*"
_INNER = r"[^<]*(?:<(?!/?p\b)[^<]*)*"
"""What a paragraph can hold: all but the tags of another."""
_CLOSED = rf"(?={_INNER}</p>)"
"""Looked at first, so that nothing behind it is tried in vain."""
_PICTURE_PARAGRAPH = re.compile(
    rf"<p>(?=\s*<(?:a|img)\b){_CLOSED}\s*(?P<pictures>{_PICTURES})(?:\s*<br>)*\s*(?P<rest>{_INNER})</p>"
    rf"(?:\s*<p(?: class=\"caption\")?>(?!\s*{_PICTURE})(?P<next>{_INNER})</p>)?"
)
_HEADLINE = re.compile(
    r"<p>\s*"
    r"(?P<line>(?P<slanted><em>)?<strong>(?P<slanted_inside><em>)?"
    r"(?P<words>[^<]*(?:<(?!/?(?:p|strong)\b)[^<]*)*)</strong>(?(slanted)</em>))\s*</p>"
    r"(?=\s*<(?:p|ul|ol|dl|pre|blockquote|figure|table|div)\b)"
)
_HEADING_END = re.compile(r"</h[1-6]>")
_SET_APART = re.compile(r"<(em|i|small)\b[^>]*>.*?</\1>", re.DOTALL)
_LINK = re.compile(r"<a\b[^>]*>.*?</a>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_STATEMENT_END = re.compile(r"[.!。！…]\W*$")
_LONGEST_CAPTION = 280
_LONGEST_SOURCE = 40
"""A link under a picture that is neither slanted nor short is a text of its own."""
_LONGEST_LABEL = 20
"""What may stand upright beside it: ``Source:``, or a dash."""
_LONGEST_HEADLINE = 200


def with_roles(html: str) -> str:
    r"""Join pictures and captions into figures, and mark lines that serve as headings.

    >>> with_roles('<p><img src="a"></p>\n<p><em>A boat</em></p>')
    '<figure><img src="a"><figcaption><em>A boat</em></figcaption></figure>'
    >>> with_roles("<p><strong>Boats</strong></p><p>They float.</p>")
    '<p class="headline"><strong>Boats</strong></p><p>They float.</p>'
    """
    return _HEADLINE.sub(_headline, _PICTURE_PARAGRAPH.sub(_figure, html))


def _figure(match: re.Match[str]) -> str:
    pictures, rest, following = match["pictures"], match["rest"], match["next"] or ""
    if rest.strip():
        if not _is_caption(rest):
            return match[0]
        after = match[0][match.end("rest") - match.start() + len("</p>") :]
        return _captioned(pictures, rest) + after
    return _captioned(pictures, following) if _is_caption(following) else match[0]


def _captioned(pictures: str, caption: str) -> str:
    return f"<figure>{pictures}<figcaption>{caption.strip()}</figcaption></figure>"


def _is_caption(html: str) -> bool:
    """Tell a slanted line, or a short link with its label, from running text."""
    if "<" not in html or "<strong" in html:
        return False
    words = _words(html)
    if not words or len(words) > _LONGEST_CAPTION:
        return False
    upright = _SET_APART.sub("", html)
    label = _words(_LINK.sub("", upright))
    source = len(_words(upright)) - len(label)
    return (
        len(label) <= _LONGEST_LABEL
        and source <= _LONGEST_SOURCE
        and len(label) < len(words)
        and 'class="button"' not in html
    )


def _headline(match: re.Match[str]) -> str:
    words = _words(match["words"])
    slanted = match["slanted"] or match["slanted_inside"]
    if len(words) > _LONGEST_HEADLINE or not any(map(str.isalnum, words)):
        return match[0]
    if not slanted and _STATEMENT_END.search(words):
        return match[0]
    kind = "headline first" if _follows_heading(match) else "headline"
    return f'<p class="{kind}">{match["line"]}</p>'


def _follows_heading(match: re.Match[str]) -> bool:
    """Look back, which is quicker than to look for a heading everywhere."""
    html, start = match.string, match.start()
    end = html.rfind(">", 0, start) + 1
    return not html[end:start].strip() and bool(
        _HEADING_END.fullmatch(html, max(end - len("</h1>"), 0), end)
    )


def _words(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())
