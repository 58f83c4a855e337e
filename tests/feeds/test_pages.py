"""Which entries stand in which document."""

from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.feeds.pages import Pages, paginate, room_for_entries

SIZE = 100_000
ROOM = room_for_entries(SIZE)

weights = st.lists(st.integers(1, ROOM * 5 // 4), max_size=60)
limits = st.integers(1, 9)


def documents(pages: Pages) -> list[range]:
    """Give the places of all documents."""
    return [pages.current, *pages.archive]


def test_no_more_than_the_limit_needs_no_archive() -> None:
    """What fits into one document is one document; one more entry fills a page."""
    assert paginate([1] * 20, limit=20, size=SIZE) == Pages(range(20), ())
    assert paginate([1] * 21, limit=20, size=SIZE) == Pages(range(20), (range(1, 21),))
    assert paginate([1] * 40, limit=20, size=SIZE).archive == (range(20, 40),)


def test_a_heavy_document_is_cut_before_its_limit() -> None:
    """Three entries of half a document each: two in the current one, one page behind."""
    half = ROOM // 2
    assert paginate([half] * 3, limit=20, size=SIZE) == Pages(range(2), (range(1, 3),))


def test_an_entry_that_is_too_heavy_stands_alone() -> None:
    """It is published all the same, in a document of its own."""
    pages = paginate([5, ROOM + 1, 5], limit=20, size=SIZE)
    assert pages == Pages(range(1), (range(2, 3), range(1, 2)))


@settings(max_examples=150, deadline=None)
@given(weights, limits)
def test_every_entry_is_somewhere_and_every_document_fits(
    weights: list[int], limit: int
) -> None:
    """Nothing is lost, the archive has everything once, and all limits are kept."""
    pages = paginate(weights, limit=limit, size=SIZE)
    archived = [place for page in pages.archive for place in page]
    assert len(set(archived)) == len(archived)
    assert set(archived) | set(pages.current) == set(range(len(weights)))
    for places in documents(pages):
        assert len(places) <= limit
        heavy = sum(weights[place] for place in places)
        assert heavy <= ROOM or len(places) == 1


@settings(max_examples=150, deadline=None)
@given(weights, limits, st.integers(1, ROOM))
def test_a_new_entry_changes_no_page(
    weights: list[int], limit: int, newest: int
) -> None:
    """Counted from the oldest, pages hold what they held; there is one more at most."""
    before = paginate(weights, limit=limit, size=SIZE)
    after = paginate([newest, *weights], limit=limit, size=SIZE)
    moved = tuple(range(page.start + 1, page.stop + 1) for page in before.archive)
    assert after.archive[: len(moved)] == moved
    assert len(after.archive) - len(moved) in {0, 1}
