"""Content for feeds has no marks of our pages."""

import nh3
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.feeds.marks import without_marks
from distribute.render.html.sanitise import _ATTRIBUTES, _SCHEMES, _TAGS, sanitise

MARKS = {"class", "id", "style", "role", "aria-label"}

pieces = st.sampled_from(
    [
        '<p class="lead" id="a">', "</p>", '<a href="https://x.example/?a=1&amp;b" title="&lt;i id=&quot;q&quot;&gt;">',
        "</a>", '<code class="language-py">', "</code>", 'id="x" class="y"', "&lt;p id=\"z\"&gt;",
        '<img src="https://x.example/a.png" alt="a > b" class="image">', "<ol start=2>", "<li>",
        '<span role="img" aria-label="x > y">', "</span>", '<div style="text-align:center" dir="rtl">',
        "</div>", "<b>", "text & more", "<h2 id='b'>", "</h2>", "<br>", "é 𝕏",
    ]
)  # fmt: skip


def cleaned_for_feeds(html: str) -> str:
    """Let the sanitiser's library take the marks off, by the lists for pages."""
    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: names - MARKS for tag, names in _ATTRIBUTES.items()},
        link_rel=None,
        url_schemes=set(_SCHEMES),
    )


def test_marks_go_and_all_else_stays() -> None:
    """Class, id, style and role leave the tags; what looks like them in text does not."""
    html = '<p class="lead" id="a" dir="rtl">Write <code>id="a"</code> > 1</p>'
    assert without_marks(html) == '<p dir="rtl">Write <code>id="a"</code> > 1</p>'


@settings(max_examples=200, deadline=None)
@given(st.lists(pieces | st.text("<>&\"'/= ab", max_size=4), max_size=12))
def test_it_is_what_the_sanitiser_would_do(parts: list[str]) -> None:
    """Of content that was cleaned for pages, it makes what cleaning for feeds would."""
    html = sanitise("".join(parts))
    assert without_marks(html) == cleaned_for_feeds(html)
