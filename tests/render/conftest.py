"""Hand-made editions and content for the tests of what they become."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest

from distribute.editions.edition import Author, Edition, Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.posts.post import FileName, FrontMatter, Post
from distribute.render.document import Content
from distribute.render.theme.theme import Theme, read_theme

MakeIssue = Callable[..., Issue]
MakeContent = Callable[..., Content]

TAGS = ("en", "pt-BR", "es", "fr", "zh", "tr", "ar", "de")
LANGUAGES = tuple(Language(tag) for tag in TAGS)
TITLES = {
    "en": "Slow rivers & <quick> boats",
    "pt-BR": "Rios lentos e barcos velozes",
    "es": "Ríos lentos y barcos rápidos",
    "fr": "Rivières lentes et bateaux rapides",
    "zh": "慢河与快船",
    "tr": "Yavaş ırmaklar, hızlı tekneler",
    "ar": "أنهار بطيئة ومكتبة C++",
    "de": "Langsame Flüsse, schnelle Boote",
}
EVERYTHING = """<p>An <em>early</em> and a <strong>late</strong> word, \
<code>i++</code>, <abbr title="Natural Language Processing">NLP</abbr>, \
<a href="https://example.net/read?a=1&amp;b=2">a link</a>\
<sup id="fnref:1"><a href="https://news.example.org/en/boats-5/#fn:1">1</a></sup>.</p>
<h2 id="two">Two</h2><h3>Three</h3><h4>Four</h4><h5>Five</h5><h6>Six</h6>
<ul><li>one<ol><li>inner</li></ol></li><li><p>two</p></li></ul>
<ul class="task-list"><li class="task-list-item">\u2611 done</li></ul>
<blockquote><p>Said.</p></blockquote>
<pre><code class="language-c">int x = a &lt; b;</code></pre>
<figure><img src="https://example.net/boat.png" alt="A boat"></figure>
<p><img src="https://example.net/wide.png" alt="Wide" width="1200" height="300">
<img src="https://example.net/icon.png" alt="Icon" width="32" height="32"></p>
<table><thead><tr><th>a</th><th align="right">b</th></tr></thead>
<tbody><tr><td>1</td><td style="text-align:right">2</td></tr></tbody></table>
<dl><dt>term</dt><dd>meaning</dd></dl>
<p class="button"><a href="https://example.net/go">Go</a></p>
<hr>
<section class="footnotes"><ol><li id="fn:1"><p>A note.</p></li></ol></section>
"""


@pytest.fixture(scope="session")
def theme() -> Theme:
    """Read the shipped theme."""
    return read_theme()


@pytest.fixture(scope="session")
def publication() -> Publication:
    """Make a newsletter in eight languages."""
    return Publication(
        title="River Letters",
        titles={Language("ar"): "رسائل النهر", Language("zh"): "河流来信"},
        descriptions={Language("en"): "News from the water."},
        url="https://news.example.org",
        tag="example.org,2026",
        languages=LANGUAGES,
        address="2 Quay Lane\nHarbour & Co\nPortsea",
    )


@pytest.fixture(scope="session")
def make_issue() -> MakeIssue:
    """Make an issue with an edition in each of the languages asked for."""

    def make(number: int = 5, *, tags: tuple[str, ...] = TAGS) -> Issue:
        editions = {Language(tag): _edition(tag, number) for tag in tags}
        return Issue(id=str(number), number=number, editions=editions)

    return make


@pytest.fixture(scope="session")
def make_content() -> MakeContent:
    """Make content with every construct, or with the HTML given."""

    def make(html: str = EVERYTHING) -> Content:
        return Content(
            html=html,
            excerpt="Boats & rivers.",
            preheader="What the river brought us this fortnight, in five minutes.",
            links=("https://example.net/read?a=1&b=2", "https://example.net/go"),
            images=("https://example.net/boat.png",),
        )

    return make


def _edition(tag: str, number: int) -> Edition:
    language = Language(tag)
    path = f"{language.folder}/boats-{number}/"
    instant = datetime(2026, 11, number, 9, tzinfo=UTC)
    return Edition(
        issue=str(number),
        number=number,
        language=language,
        title=TITLES[tag],
        slug=f"boats-{number}",
        url=f"https://news.example.org/{path}",
        path=path,
        published=instant,
        updated=instant,
        authors=(Author("Ada Byron", "https://example.net/ada"), Author("G. Hopper")),
        tags=(),
        excerpt="",
        image="https://news.example.org/cover.png",
        original=tag == "en",
        post=_post(tag),
        decisions=(),
    )


def _post(tag: str) -> Post:
    return Post(
        path=PurePosixPath(f"posts/{tag}.md"),
        file_name=FileName(name="x.md", date=None, title="x", slug="x", tags=()),
        front_matter=FrontMatter(),
        body="",
        body_line=1,
    )
