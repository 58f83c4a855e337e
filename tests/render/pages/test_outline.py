"""The table of contents of a long post."""

from collections.abc import Callable
from dataclasses import replace

from distribute.language import Language
from distribute.render.document import Content, Heading
from distribute.render.pages.outline import LONG, LONG_IN_CHARACTERS, outline_of

MakeContent = Callable[..., Content]
ENGLISH = Language("en")


def long_post(make_content: MakeContent, *levels: int, size: int = LONG) -> Content:
    """Make a post of some length with headings of these levels."""
    headings = tuple(
        Heading(level, f"place-{number}", f"Place {number}")
        for number, level in enumerate(levels)
    )
    return replace(make_content(f"<p>{'x' * size}</p>"), headings=headings)


def levels(content: Content, language: Language = ENGLISH) -> list[int]:
    """List the levels that are shown."""
    return [heading.level for heading in outline_of(content, language)]


def test_a_long_post_has_one(make_content: MakeContent) -> None:
    """Its two upper levels are shown, in reading order."""
    assert levels(long_post(make_content, 2, 3, 4, 2, 3)) == [2, 3, 2, 3]


def test_a_short_post_needs_none(make_content: MakeContent) -> None:
    """Tags do not count as text, nor do few headings lead anywhere."""
    assert levels(long_post(make_content, 2, 2, 2, size=LONG - 1)) == []
    tagged = replace(long_post(make_content, 2, 2, 2), html="<hr>" * LONG)
    assert levels(tagged) == []
    assert levels(long_post(make_content, 2, 2)) == []
    assert levels(long_post(make_content, 2, 4, 5, 6, 6)) == []


def test_chinese_is_denser(make_content: MakeContent) -> None:
    """A character says more than a letter."""
    post = long_post(make_content, 2, 2, 2, size=LONG_IN_CHARACTERS)
    assert levels(post, Language("zh-Hant")) == [2, 2, 2]
    assert levels(post) == []


def test_a_very_long_post_shows_its_upper_level(make_content: MakeContent) -> None:
    """Thirty entries lead nobody, unless there is no other way."""
    assert levels(long_post(make_content, *[2, 3, 3, 3, 3, 3] * 4)) == [2] * 4
    assert levels(long_post(make_content, 2, *[3] * 20)) == [2] + [3] * 20


def test_an_author_may_have_made_one(make_content: MakeContent) -> None:
    """One table of contents is enough; and a heading without a place is no link."""
    post = long_post(make_content, 2, 2, 2)
    for marked in ('<ul class="toc">', '<ul id="a" class="large contents">'):
        assert levels(replace(post, html=f"{marked}</ul>{post.html}")) == []
    assert levels(replace(post, html=f'<p class="toccata"></p>{post.html}')) == [2] * 3
    nameless = tuple(replace(each, id="") for each in post.headings)
    assert levels(replace(post, headings=nameless)) == []
