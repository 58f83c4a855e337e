"""Contents that were asked for last stay in memory, as far as there is room."""

from functools import partial
from pathlib import PurePosixPath

from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.posts.post import digest_of
from distribute.render.content.manuscript import Manuscript
from distribute.render.document import Content
from distribute.web.at_hand import AtHand

LONG = 10_000
ROOM_FOR_THREE = 3 * LONG + 1_000


def _manuscript(name: str) -> Manuscript:
    return Manuscript(
        path=PurePosixPath(name),
        name=name,
        read=partial(str, name),
        digest=digest_of(name),
        body_line=1,
        excerpt="",
        preheader="",
        title="",
        url=f"https://news.example.org/{name}/",
        site_title="",
        site_url="https://news.example.org",
    )


def _content(name: str, size: int = LONG) -> Content:
    return Content(html=name * size, excerpt="", preheader="")


def _held(contents: AtHand, names: str) -> str:
    return "".join(each for each in names if contents.get(_manuscript(each)))


def test_what_was_put_is_at_hand() -> None:
    """The content itself, for the text it was rendered from and no other."""
    contents, content = AtHand(), _content("a")
    assert contents.get(_manuscript("a")) is None
    assert contents.put(_manuscript("a"), content) is content
    assert contents.get(_manuscript("a")) is content
    assert contents.get(_manuscript("b")) is None


def test_what_was_not_asked_for_the_longest_makes_room() -> None:
    """Putting counts as asking."""
    contents = AtHand(ROOM_FOR_THREE)
    for name in "abc":
        contents.put(_manuscript(name), _content(name))
    contents.get(_manuscript("a"))
    contents.put(_manuscript("d"), _content("d"))
    assert _held(contents, "abcd") == "acd"


def test_room_is_counted_as_it_is_taken_up() -> None:
    """A text in Chinese takes twice as much as its length, one with an emoji four times."""
    contents = AtHand(ROOM_FOR_THREE)
    for name in "ab舟":
        contents.put(_manuscript(name), _content(name))
    assert _held(contents, "ab舟") == "b舟"
    contents.put(_manuscript("🛶"), _content("🛶"))
    assert _held(contents, "ab舟🛶") == ""


def test_what_is_put_again_takes_no_more_room() -> None:
    """It is the same content, whoever brings it."""
    contents = AtHand(ROOM_FOR_THREE)
    for name in "abcaaaa":
        contents.put(_manuscript(name), _content(name))
    assert _held(contents, "abc") == "abc"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 60)), max_size=40))
def test_it_never_holds_more_than_there_is_room_for(put: list[tuple[str, int]]) -> None:
    """However long the contents are, and however often they come."""
    room = 200
    contents, sizes = AtHand(room), dict[str, int]()
    for name, size in put:
        contents.put(_manuscript(name), _content(name, size))
        held = _held(contents, "abcdef")
        sizes = {each: sizes.get(each, size) for each in held}
        assert sum(sizes.values()) <= room
