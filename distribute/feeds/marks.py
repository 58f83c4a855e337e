"""What pages need in content and feeds do not: classes, ids, styles, roles.

Readers bring their own style. Content was cleaned when it was rendered, so that its tags
are spelt in one way, and what is left to do is no question of safety.
"""

import re

_MARK = r'(?:class|id|style|role|aria-label)="'
_ATTRIBUTE = r'[a-z\-]+="[^"]*"'
_MARKED = re.compile(
    rf"<[a-z][a-z0-9]*(?: (?!{_MARK}){_ATTRIBUTE})*(?= {_MARK})(?: {_ATTRIBUTE})+>"
)
"""A tag with a mark; few tags have one, and the others need not be looked at again."""
_MARKS = re.compile(rf' {_MARK}[^"]*"|( {_ATTRIBUTE})')


def without_marks(html: str) -> str:
    """Take the marks off a fragment that `distribute.render.html.sanitise` has cleaned.

    >>> without_marks('<p id="a" class="lead">b <code>id="c"</code></p>')
    '<p>b <code>id="c"</code></p>'
    """
    return _MARKED.sub(_unmarked, html)


def _unmarked(tag: re.Match[str]) -> str:
    return _MARKS.sub(r"\1", tag[0])
