"""What pages need in content and feeds do not: classes, ids, styles, roles.

Readers bring their own style. Content was cleaned when it was rendered, so that its tags
are spelt in one way, and what is left to do is no question of safety.
"""

import re

_MARKED = re.compile(r'<[a-z][a-z0-9]*(?: [a-z\-]+="[^"]*")+>')
_MARK = re.compile(r' ([a-z\-]+)="[^"]*"')
_MARKS = frozenset({"class", "id", "style", "role", "aria-label"})


def without_marks(html: str) -> str:
    """Take the marks off a fragment that `distribute.render.html.sanitise` has cleaned.

    >>> without_marks('<p id="a" class="lead">b <code>id="c"</code></p>')
    '<p>b <code>id="c"</code></p>'
    """
    return _MARKED.sub(_unmarked, html)


def _unmarked(tag: re.Match[str]) -> str:
    return _MARK.sub(lambda m: "" if m[1] in _MARKS else m[0], tag[0])
