"""Check 6: a hostile post costs nobody a word, and no build."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.acceptance.letters import Letter, json_feed
from tests.acceptance.nasty import BAD_LINKS, SECRETS, TITLES, VISIBLE, line_of, name_of
from tests.acceptance.nasty import write_nasty as write
from tests.commands import Answer, call


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Letter:
    """Build the site of the hostile posts."""
    letter = write(tmp_path_factory.mktemp("hostile") / "letter")
    letter.build()
    return letter


@pytest.fixture(scope="module")
def findings(hostile: Letter) -> Answer:
    """Let them be checked."""
    return call("-C", hostile.folder, "--json", "check")


class _Shown(HTMLParser):
    """Keeps the words that a browser shows."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words += f" {dict(attrs).get('alt') or ''} "

    def handle_endtag(self, tag: str) -> None:
        self.words += " "


def _shown(html: str) -> list[str]:
    reader = _Shown()
    reader.feed(html)
    reader.close()
    return re.findall(r"[a-z]+", reader.words)


def _in_feeds(letter: Letter, slug: str) -> Iterator[str]:
    for path in letter.documents("feed"):
        for item in json_feed(path)["items"]:
            if item["url"].endswith(f"/en/{slug}/"):
                yield item["content_html"]


@pytest.mark.parametrize("slug", list(VISIBLE))
def test_every_visible_word_is_kept(hostile: Letter, slug: str) -> None:
    """In the feeds and on the page, and in the order in which it was written."""
    page = (hostile.site / "en" / slug / "index.html").read_text("utf-8")
    article = page.partition("<article")[2].partition("</article")[0]
    documents = [article, *_in_feeds(hostile, slug)]
    assert len(documents) > 2
    for html in documents:
        words = [word for word in _shown(html) if word in VISIBLE[slug]]
        assert tuple(dict.fromkeys(words)) == VISIBLE[slug]


def test_no_post_is_dropped(hostile: Letter, findings: Answer) -> None:
    """Every file has its page and its entry; none is unreadable."""
    assert {e.slug for e in hostile.public.values()} == TITLES.keys()
    assert "post-unreadable" not in {f["rule"] for f in findings.document["findings"]}


def test_what_is_not_for_readers_is_nowhere(hostile: Letter) -> None:
    """Scripts, comments and handlers leave no trace in any file of the site."""
    for path in filter(Path.is_file, hostile.site.rglob("*")):
        octets = path.read_bytes()
        assert not any(secret.encode() in octets for secret in SECRETS), path


@pytest.mark.parametrize("word", BAD_LINKS)
def test_each_bad_link_is_named_with_its_line(
    hostile: Letter, findings: Answer, word: str
) -> None:
    """The words stay, the link goes, and a finding says where it stands."""
    name, line = name_of("links"), line_of("links", hostile.folder, word)
    found = [
        each["rule"]
        for each in findings.document["findings"]
        if Path(each["path"]).name == name and each["line"] == line
    ]
    assert any(rule.startswith("link-") for rule in found)
    for html in _in_feeds(hostile, "links"):
        assert not re.search(rf"<a[^>]*>[^<]*{word}", html)


def test_good_links_beside_bad_ones_stay(hostile: Letter) -> None:
    """One mistake does not cost the others their address."""
    for html in _in_feeds(hostile, "links"):
        assert '<a href="https://example.org/good">india</a>' in html
        assert '<a href="mailto:ada@example.org">lima</a>' in html


def test_every_damage_is_named(findings: Answer) -> None:
    """Control characters and halves of letters are findings too."""
    rules = {
        each["rule"]
        for each in findings.document["findings"]
        if Path(each["path"]).name == name_of("signs")
    }
    assert {"control-character", "replacement-character"} <= rules
