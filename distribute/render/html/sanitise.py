"""The last gate: whatever a post says, only harmless HTML leaves it. The one door to nh3.

The lists name what may pass; everything else is unwrapped, so that its words stay, or
goes with its content where that is not for readers (scripts and the like).
"""

import re
from functools import cache

import nh3

from distribute.render.characters import clean
from distribute.render.markdown.elements import NOT_FOR_READERS

_TAGS = frozenset(
    {"a", "abbr", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption"}
    | {"center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn"}
    | {"div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5"}
    | {"h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "nav", "ol", "p", "pre", "q"}
    | {"rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strong", "sub"}
    | {"summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr"}
    | {"tt", "u", "ul", "var", "wbr"}
)
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "class", "id", "style", "role", "aria-label"},
    "a": {"href", "hreflang"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "p": {"align"},
    "div": {"align"},
    "time": {"datetime"},
}
_CLASSES = frozenset(
    {"button", "caption", "center", "contents", "footnotes", "footnote", "footnote-ref"}
    | {"footnote-back", "formula", "image", "large", "lead", "left", "math", "media"}
    | {"no_toc", "note", "reversefootnote", "right", "round", "row", "secondary"}
    | {"small", "task", "task-list", "task-list-item", "tip", "toc", "video", "warning"}
    | {"wide"}
)
LANGUAGE = re.compile(r"language-[A-Za-z0-9_+#.\-]{1,40}")
ID = re.compile(r"[^\s\"'<>&`]{1,200}")
_ALIGNMENT = re.compile(
    r"(?:^|;)\s*text-align\s*:\s*(left|right|center|justify)\s*(?:;|$)", re.IGNORECASE
)
_PICTURE = re.compile(r"<img\b[^>]*>")
"""As the cleaner writes it: no ``>`` within."""
_ROUNDS = 6
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_ROLE = re.compile(r"doc-[a-z]+|img|note|presentation")


def sanitise(html: str) -> str:
    """Clean a fragment for pages and e-mail.

    Kept: the elements of running text, known classes, ids, and ``text-align``. Gone:
    scripts, frames, forms, comments, event handlers, other styles, and addresses that
    are relative or have another scheme than http, https, mailto and tel. Never fails;
    what is clean stays as it is.

    >>> sanitise('<p onclick="x()" class="lead evil">a<script>b</script></p><!-- c -->')
    '<p class="lead">a</p>'
    """
    # Clean until nothing changes. HTML that is wrongly nested, such as a list item within
    # a table, is read differently once it has been written; what a browser reads must be
    # what was cleaned. A character reference can bring in what `clean` took out before.
    once = clean(html)
    for _ in range(_ROUNDS):
        again = _cleaner().clean(once)
        if again == once:
            break
        once = clean(again)
    return _PICTURE.sub(_with_words, once)


def _with_words(tag: re.Match[str]) -> str:
    """Give a picture that has none an empty alternative: it is there for the looks."""
    return tag[0] if ' alt="' in tag[0] else f'{tag[0][:-1]} alt="">'


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(NOT_FOR_READERS),
        attributes=_ATTRIBUTES,
        attribute_filter=_filtered,
        strip_comments=True,
        link_rel=None,
        url_schemes=set(_SCHEMES),
        url_relative="deny",
    )


def _filtered(tag: str, name: str, value: str) -> str | None:
    """Keep of a class what is known, and an id or a role only if it is a plain one."""
    match name:
        case "class":
            known = (word for word in value.split() if _is_known(tag, word))
            kept = " ".join(known)
        case "style":
            alignment = _ALIGNMENT.search(value)
            kept = f"text-align:{alignment[1].lower()}" if alignment else ""
        case "id" | "role":
            kept = value if (ID if name == "id" else _ROLE).fullmatch(value) else ""
        case "href" | "src":
            kept = value.strip()
        case _:
            return value
    return kept or None


def _is_known(tag: str, word: str) -> bool:
    return word in _CLASSES or (
        tag in {"code", "pre"} and LANGUAGE.fullmatch(word) is not None
    )
