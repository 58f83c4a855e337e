"""The content of real posts, held against what is known about each of them."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import urljoin

import pytest

from distribute.editions.edition import Edition
from distribute.editions.publication import Publication
from distribute.feeds.marks import without_marks
from distribute.language import Language
from distribute.posts.source import read_post
from distribute.render.content import render_content
from distribute.render.document import Content
from distribute.render.html.sanitise import sanitise
from distribute.render.layout.fit import fit_for_page
from distribute.render.plain import render_text
from distribute.render.surroundings import Surroundings

Expected = Mapping[str, Mapping[str, Any]]
Contents = Mapping[str, Content]
Texts = Mapping[str, str]

SITE = "https://dair.ai"
NOON = datetime(2020, 1, 1, 12, tzinfo=UTC)
WORD = re.compile(r"\w+")
CJK = re.compile(r"[\u4e00-\u9fff]|\[ZH\]")
WITHIN_WORDS = frozenset({"a", "em", "strong", "b", "i", "code", "sup", "sub", "ins"})
VIDEO = re.compile(r"\{% *include video")
MACHINERY = re.compile(r"<!--|\{%|#harmful-link|<script|<iframe|\uf8ff|√£|‚Ä")
BROKEN = {
    r"03-02-NLP_Newsletter\[PT-BR\]": (36, 146, 284),
    r"01-19-NLP_Newsletter\[PT-BR\]": (232,),
    r"02-16-NLP_Newsletter\[PT-BR\]": (394,),
    r"#1_\[FR\]": (38, 127),
    r"#3_\[FR\]": (180,),
    r"#5_\[FR\]": (77,),
    r"#8_\[FR\]": (199,),
    r"10_FR": (187,),
    r"#11_\[FR\]": (148, 257),
    r"#12_\[FR\]": (250, 251),
    r"#14_\[FR\]": (170,),
    r"10_\[TR\]": (100, 207),
    r"9_\[TR\]": (198,),
    r"03-02-NLP_Newsletter_BERT": (227,),
    r"_12_en": (239, 240),
    r"_13_en": (125,),
    r"01-19-NLP简报": (366,),
    r"Year_in_Review": (65, 374),
    r"attention-is-all": (101,),
    r"Kibana": (179,),
}
"""Lines with a link that does not work, by a pattern of the file's name."""


@pytest.fixture(scope="session")
def editions(corpus: Path, expected: Expected) -> Mapping[str, Edition]:
    """Read every post, at the address it has on its own site."""
    folders = (corpus / "posts", corpus / "mojibake")
    return {
        path.name: _edition(path, expected[path.name])
        for folder in folders
        for path in sorted(folder.iterdir())
    }


@pytest.fixture(scope="session")
def surroundings(editions: Mapping[str, Edition]) -> Surroundings:
    """Let every post link to every other."""
    return Surroundings(
        publication=Publication(
            title="A newsletter",
            url=SITE,
            tag="dair.ai,2020",
            languages=(Language("en"),),
        ),
        addresses={name: edition.url for name, edition in editions.items()},
    )


@pytest.fixture(scope="session")
def contents(editions: Mapping[str, Edition], surroundings: Surroundings) -> Contents:
    """Render every post."""
    return {
        name: render_content(edition, surroundings)
        for name, edition in editions.items()
    }


@pytest.fixture(scope="session")
def texts(editions: Mapping[str, Edition], surroundings: Surroundings) -> Texts:
    """Write every post as plain text."""
    return {
        name: render_text(edition, surroundings) for name, edition in editions.items()
    }


def _edition(path: Path, known: Mapping[str, Any]) -> Edition:
    post = read_post(path, shown=PurePath(path.name))
    return Edition(
        issue="1",
        number=1,
        language=Language(known.get("lang") or "en"),
        title=post.front_matter.title,
        slug="post",
        url=SITE + known.get("jekyll_url", "/seed/"),
        path="en/post/",
        published=NOON,
        updated=NOON,
        authors=(),
        tags=(),
        excerpt=post.front_matter.excerpt,
        image="",
        original=True,
        post=post,
        decisions=(),
    )


def _absolute(url: str, known: Mapping[str, Any]) -> str:
    return urljoin(f"{SITE}{known.get('jekyll_url', '')}", url)


def _named(contents: Contents, *parts: str) -> Content:
    """Give the content of the one post whose file name has all these parts."""
    return contents[_name_of(contents, *parts)]


def _name_of(contents: Contents, *parts: str) -> str:
    (found,) = (name for name in contents if all(part in name for part in parts))
    return found


def _hrefs(content: Content) -> list[str]:
    return _Page(content.html).hrefs


class _Page(HTMLParser):
    """Reads the words and addresses of a fragment, as a browser shows them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.hrefs: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where links lead, and where words end."""
        if tag == "a":
            self.hrefs.append(dict(attrs).get("href") or "")
        if tag not in WITHIN_WORDS:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        """Note what is shown."""
        self.pieces.append(data)

    @property
    def words(self) -> Counter[str]:
        """Count the words shown; of Chinese, the characters."""
        return _words("".join(self.pieces))


def _words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text))


def test_every_link_and_picture_of_the_authors_is_there(
    contents: Contents, expected: Expected, corpus: Path
) -> None:
    """As many as Jekyll makes, in the same order; embedded videos are links besides."""
    for name, content in contents.items():
        known = expected[name]
        path = corpus / "posts" / name
        videos = len(VIDEO.findall(path.read_text("utf-8"))) if path.exists() else 0
        assert len(content.links) == known["links"] + videos, name
        assert len(content.images) == known["images"], name
        if content.images:
            assert content.images[0] == _absolute(known["first_image"], known), name
        if content.links and not videos:
            assert len(set(content.links)) == known["unique_links"], name
            assert content.links[0] == known["first_link"], name
            assert content.links[-1] == known["last_link"], name


def test_each_listed_broken_link_is_reported_where_it_is(contents: Contents) -> None:
    """With file and line, whatever is wrong with it."""
    reported = {
        (finding.path.name, finding.line)
        for content in contents.values()
        for finding in content.findings
        if finding.rule.startswith("link-")
    }
    for part, lines in BROKEN.items():
        name = next(name for name in contents if re.search(part, name))
        missing = [line for line in lines if (name, line) not in reported]
        assert not missing, name


def test_hardly_anything_else_is_reported(contents: Contents) -> None:
    """Findings about links are few enough to be read."""
    listed = sum(map(len, BROKEN.values()))
    names = {name for part in BROKEN for name in contents if re.search(part, name)}
    findings = [
        finding
        for name, content in contents.items()
        for finding in content.findings
        if finding.rule.startswith("link-") and name.endswith("d")
    ]
    assert len(findings) <= listed + 2, [str(finding) for finding in findings]
    assert {finding.path.name for finding in findings} <= names


def test_written_out_addresses_are_links_too(
    contents: Contents, expected: Expected
) -> None:
    """Each of the long lists of references, even if Markdown cut its address."""
    checked = 0
    for name, content in contents.items():
        bare = expected[name]["bare_urls"]
        if bare < 30:
            continue
        assert len(_hrefs(content)) - len(content.links) == bare, name
        checked += 1
    assert checked == 3


def test_no_newsletter_shows_a_backslash(
    contents: Contents, texts: Texts, expected: Expected
) -> None:
    """The spacers of the source leave no trace in any output."""
    for name, content in contents.items():
        if expected[name].get("series") == "nlp_newsletter":
            whole = content.html + texts[name] + content.excerpt + content.preheader
            assert "\\" not in whole, name


def test_nothing_of_the_machinery_is_left(contents: Contents, texts: Texts) -> None:
    """No comment, Liquid, script, frame or mangled address in any output."""
    for name, content in contents.items():
        found = MACHINERY.search(content.html) or MACHINERY.search(texts[name])
        assert not found, (name, found)


def test_comments_stay_in_the_source(
    contents: Contents, texts: Texts, corpus: Path
) -> None:
    """Posts that keep the original in comments show none of it."""
    seen = 0
    for name, content in contents.items():
        path = corpus / "posts" / name
        source = path.read_text("utf-8-sig") if path.exists() else ""
        outside = re.sub(r"<!--.*?-->", "", source, flags=re.DOTALL)
        for comment in re.findall(r"<!--\s*(.{50}).*?-->", source, flags=re.DOTALL):
            seen += 1
            if comment not in outside:
                assert comment not in content.html, name
                assert comment not in texts[name], name
    assert seen > 50


def test_dead_weight_is_gone(contents: Contents) -> None:
    """Without the comments, translations are as small as other posts."""
    assert len(_named(contents, "[PT-BR]_BERTology").html.encode()) < 23_000
    assert len(_named(contents, "[PT-BR]_PyTorch3D").html.encode()) < 31_100


def test_the_text_part_says_what_the_page_says(
    contents: Contents, texts: Texts
) -> None:
    """Nearly all words of the HTML, each as often, and every address."""
    for name, content in contents.items():
        text, page = texts[name], _Page(fit_for_page(content.html))
        if CJK.search(name):
            shown = Counter("".join(page.words.elements()))
            written = Counter("".join(WORD.findall(text)))
        else:
            shown, written = page.words, _words(text)
        missing = (shown - written).total()
        assert missing <= 0.02 * shown.total(), (name, shown - written)
        assert not [url for url in page.hrefs if url not in text], name
        assert not re.search(r"[ \t]$", text, re.MULTILINE), name
        listed = re.findall(r"^\[\d+\] (\S+)$", text, re.MULTILINE)
        assert len(listed) == len(set(listed)), name


def test_parentheses_in_addresses_are_kept(contents: Contents) -> None:
    """A balanced pair belongs to the address."""
    links = _hrefs(_named(contents, "Year_in_Review"))
    assert any(url.endswith("S1364-6613(19)30061-0") for url in links)


def test_references_that_run_together_are_two(contents: Contents) -> None:
    """The first address ends before the bracket of the next reference."""
    links = _hrefs(_named(contents, "2020-01-19-NLP简报"))
    assert any(url.endswith("for-scientific-discovery") for url in links)
    assert not any("[" in url or not url.isascii() for url in links)


def test_what_looks_like_a_tag_is_text(contents: Contents) -> None:
    """Angle brackets around words hide nothing."""
    assert "&lt;Systematic" in _named(contents, "2020-01-19-NLP简报").html
    assert "&lt;multilingual model&gt;" in _named(contents, "making-monolingual").html


def test_chinese_emphasis_and_lists_are_what_they_seem(
    contents: Contents, texts: Texts
) -> None:
    """Bold next to brackets works, bars make no tables, and no marker is shown."""
    assert (
        "<strong>「NLP 简报」</strong>" in _named(contents, "2020-02-20-NLP简报").html
    )
    assert "<table" not in _named(contents, "2020-02-15-NLP简报").html
    assert "@[TOC]" not in texts[_name_of(contents, "2020-03-02-NLP简报")]


def test_an_embedded_video_is_a_link_to_it(contents: Contents) -> None:
    """With the id as the video site has it."""
    links = _hrefs(_named(contents, "2018-08-11"))
    assert "https://www.youtube.com/watch?v=xteaK6kSYnA" in links


def test_excerpts_fall_back_on_prose(contents: Contents, expected: Expected) -> None:
    """Every post has one, plain and short; thanks and pictures are no summary."""
    for name, content in contents.items():
        for text, limit in ((content.excerpt, 280), (content.preheader, 110)):
            assert text, name
            assert len(text) <= limit, name
            assert not re.search(r"[*\\<>\xa0\n]|https?:|Thanks to", text), (name, text)
        if CJK.search(content.preheader[:20]):
            assert len(content.preheader) <= 55, name


def test_pictures_have_absolute_addresses(contents: Contents) -> None:
    """Those given relatively lie on the site of the post."""
    urls = [url for content in contents.values() for url in content.images]
    assert all(url.startswith("https://") for url in urls)
    assert sum(url.startswith(f"{SITE}/images/") for url in urls) >= 3


def test_a_page_missed_narrowly_is_suggested(contents: Contents) -> None:
    """The one dead link into the site itself."""
    dead = [
        finding
        for content in contents.values()
        for finding in content.findings
        if finding.rule == "link-dead"
    ]
    assert [finding.hint for finding in dead] == [
        f"Write {SITE}/NLP_Newsletter_10_FR/."
    ]


def test_headings_form_an_outline(contents: Contents) -> None:
    """From h2 down without a gap, each with an id that is on the page once."""
    for name, content in contents.items():
        level = 1
        for heading in content.headings:
            assert 2 <= heading.level <= level + 1, name
            assert content.html.count(f'id="{heading.id}"') == 1, (name, heading)
            level = heading.level


def test_the_html_is_clean_already(contents: Contents) -> None:
    """Another cleaning changes nothing; in feeds there are no hooks for style."""
    for name, content in contents.items():
        assert sanitise(content.html) == content.html, name
        assert not re.search(r"<[^>]* (?:class|id|style)=", without_marks(content.html))
