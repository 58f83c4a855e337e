"""Check 12: dates are those of the posts, never those of files or of the clock."""

from datetime import datetime
from pathlib import Path

from tests.acceptance.letters import Letter, json_feed, write_letter

_DAY = "---\ntitle: {title}\nlang: en\n{more}---\nText of {title}.\n"


def _post(title: str, more: str = "") -> str:
    return _DAY.format(title=title, more=more)


def _items(letter: Letter) -> dict[str, dict[str, str]]:
    letter.build()
    return {i["title"]: i for i in json_feed(letter.feeds("feed.json")["en"])["items"]}


def test_updated_is_what_the_post_says(tmp_path: Path) -> None:
    """Correcting a word changes no date; ``modified`` does, and the feed's with it."""
    posts = {"2026-03-01-a.md": _post("A"), "2026-03-02-b.md": _post("B")}
    before = _items(write_letter(tmp_path, posts))
    assert before["A"]["date_modified"] == before["A"]["date_published"]
    posts["2026-03-01-a.md"] += "\nAnd a correction.\n"
    assert (
        _items(write_letter(tmp_path, posts))["A"]["date_modified"]
        == (before["A"]["date_modified"])
    )
    posts["2026-03-01-a.md"] = _post("A", "modified: 2026-04-01T10:00:00Z\n")
    letter = write_letter(tmp_path, posts)
    after = _items(letter)
    assert after["A"]["date_published"] == before["A"]["date_published"]
    said = datetime.fromisoformat(after["A"]["date_modified"])
    assert said == datetime.fromisoformat("2026-04-01T10:00:00+00:00")
    atom = letter.feeds("atom.xml")["en"].read_text("utf-8")
    assert atom.index("<updated>2026-04-01T10:00:00") < atom.index("<entry")


def test_what_is_not_public_is_nowhere(tmp_path: Path) -> None:
    """Drafts, posts of the future and those that ask for it are in no feed."""
    posts = {
        "2026-03-01-a.md": _post("A"),
        "2026-03-02-b.md": _post("B", "draft: true\n"),
        "2026-03-03-c.md": _post("C", "published: false\n"),
        "2026-03-04-d.md": _post("D", "feed: false\n"),
        "2027-03-05-e.md": _post("E"),
    }
    letter = write_letter(tmp_path, posts)
    assert _items(letter).keys() == {"A"}
    pages = {path.parent.name for path in letter.site.glob("en/*/index.html")}
    assert pages == {"a", "d"}, "who keeps a post out of the feed still has its page"
    for path in letter.documents("rss", "atom", "feed"):
        text = path.read_text("utf-8")
        assert not any(f"Text of {title}." in text for title in "BCDE")


def test_the_newest_come_first(letter: Letter) -> None:
    """Every document lists its entries in the order of publication."""
    for path in letter.documents("feed"):
        dates = [item["date_published"] for item in json_feed(path)["items"]]
        assert dates == sorted(dates, reverse=True)


def test_posts_of_one_day_keep_their_order(tmp_path: Path) -> None:
    """The higher number first, then the name of the file; however they were read."""
    titles = ["Tide #3", "Tide #10", "Tide #1", "Tide #2"]
    posts = {
        f"2026-03-01-{name}.md": _post(f'"{title}"')
        for name, title in zip("bdac", titles, strict=True)
    }
    letter = write_letter(tmp_path / "one", posts)
    expected = ["Tide #10", "Tide #3", "Tide #2", "Tide #1"]
    assert list(_items(letter)) == expected
    backwards = dict(reversed(posts.items()))
    assert list(_items(write_letter(tmp_path / "two", backwards))) == expected
