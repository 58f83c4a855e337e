"""What the W3C says of odd facts; whole sites are judged in ``tests/acceptance``."""

from collections.abc import Callable
from pathlib import Path

from distribute.editions.edition import Author, Edition
from distribute.feeds.feed import Feed
from distribute.feeds.xml import to_atom, to_rss
from distribute.render.document import Content
from tests.judges import complaints_of_w3c


def test_w3c_finds_no_fault_in_what_is_odd(
    feed_with: Callable[..., Feed],
    edition_of: Callable[..., Edition],
    content_of: Callable[..., Content],
    tmp_path: Path,
) -> None:
    """Hostile titles, names, characters and HTML leave both feeds valid."""
    html = (
        "<p>a\x00b\x0bc\x1bd\x85e\x9bf\ud800\ufffe]]>&nbsp;👩‍🚀𝕏\r\n<!-- x --><script>y"
        "</script><iframe src='https://x.example'></iframe><b>unclosed &amp; <br>"
        "<img src='data:image/png;base64,AA' alt='z'><a href='javascript:1'>w</a>"
    )
    editions = [
        edition_of(
            "café [1]",
            title="AT&T: p<0.05 \ufffe",
            url="https://news.example.org/en/caf%C3%A9%20%5B1%5D/",
        ),
        edition_of("b", number=2, image="https://x.example/é a.png"),
        edition_of("c", number=3, authors=(Author("Ada <a&b>", "@ada"),)),
    ]
    feed = feed_with(*editions, content=content_of(html, excerpt="a <b> & \x00c"))
    files = {}
    for name, write in (("rss.xml", to_rss), ("atom.xml", to_atom)):
        (tmp_path / name).write_bytes(write(feed))
        files[tmp_path / name] = feed.folder_url + name
    harmless = "DuplicateUpdated"  # several issues on one day are no fault
    assert [found for found in complaints_of_w3c(files) if harmless not in found] == []
