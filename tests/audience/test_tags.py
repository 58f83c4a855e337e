"""Tags are written one way, however they came."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from distribute.audience.tags import LONGEST_TAG, MOST_TAGS, format_tags, parse_tags
from distribute.errors import AudienceError


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", ()),
        (" ;, ", ()),
        ("press", ("press",)),
        ("VIP, press; vip", ("press", "vip")),
        ("Press\u00a0 Office", ("press-office",)),
        ("ｐｒｅｓｓ，ｖｉｐ", ("press", "vip")),
        ("صحافة، أصدقاء", ("أصدقاء", "صحافة")),
        ("Straße;STRASSE", ("strasse",)),
    ],
)
def test_a_tag_is_written_one_way(text: str, tags: tuple[str, ...]) -> None:
    """Case, width, blanks, order and repetition make no difference."""
    assert parse_tags(text) == tags


@given(st.text(max_size=60))
@example("\u0345\u00df ΐ,ﬁ")
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_back(text: str) -> None:
    """Whatever came in, the tags stand as they are from then on, without a blank."""
    try:
        tags = parse_tags(text)
    except AudienceError:
        return
    assert parse_tags(format_tags(tags)) == tags
    assert not any(c.isspace() for tag in tags for c in tag)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a" * (LONGEST_TAG + 1), "longer than 64"),
        (";".join(map(str, range(MOST_TAGS + 1))), "more than 50 tags"),
        ("pr\x00ess", "cannot be printed"),
        ("pr\u202eess", "cannot be printed"),
    ],
)
def test_what_is_no_tag_is_refused(text: str, words: str) -> None:
    """Too much, too long, or what would play tricks on a terminal."""
    with pytest.raises(AudienceError, match=words):
        parse_tags(text)


def test_the_limits_themselves_are_allowed() -> None:
    """Sixty-four characters, fifty tags."""
    assert parse_tags("a" * LONGEST_TAG) == ("a" * LONGEST_TAG,)
    assert len(parse_tags(",".join(map(str, range(MOST_TAGS))))) == MOST_TAGS
