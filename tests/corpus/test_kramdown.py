"""Our rendering of real posts, held against that of kramdown, which Jekyll uses.

The two agree on words, links, pictures, headings and marks-up, but for the differences
that are listed here with their reasons. A difference that is not listed fails the test,
and so does one that is listed and no longer there.
"""

import difflib
import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

import pytest

from distribute.posts.post import Post
from distribute.posts.source import read_post
from distribute.render.html.write import to_html
from distribute.render.liquid.resolve import LiquidContext, resolve_liquid
from distribute.render.markdown.parse import parse
from distribute.render.tree import Tree

_KRAMDOWN = """
require "json"
require "kramdown"
require "kramdown-parser-gfm"
options = { input: "GFM", hard_wrap: false, auto_ids: true, syntax_highlighter: nil,
            smart_quotes: "apos,apos,quot,quot" }
pages = JSON.parse(STDIN.read).map { |text| Kramdown::Document.new(text, options).to_html }
STDOUT.write JSON.generate(pages)
"""


@dataclass(frozen=True)
class Difference:
    """One listed difference: words that only kramdown has, and words only we have."""

    post: str
    aspect: str
    kramdown: str
    ours: str
    reason: str


_SPACER = "a backslash line before a blank line, a list or a heading is not shown"
_STRAY = "a run of four or more asterisks is emphasis of nothing, and goes"
_PIPES = "a pipe in running text makes no table"
_UNKNOWN = "what no browser knows as an element is text, and is shown"
DIFFERENCES = (
    Difference("[PT-BR]_Reformer", "text", "vision*", "vision", _STRAY),
    Difference(
        "[PT-BR]_Tokenizers",
        "headings",
        "h2#se-você-está-interess…",
        "",
        "a row of dashes under a list item is a rule, and no heading",
    ),
    Difference(
        "[PT-BR]_Tokenizers", "tags", "h2:1", "", "the same row of dashes is a rule"
    ),
    Difference("[PT-BR]_Tokenizers", "tags", "", "hr:1", "and here the rule is"),
    Difference(
        "02-15-NLP", "text", "BERT（RobBERT[1]", "BERT（RobBERT[1]| | |", _PIPES
    ),
    Difference("02-15-NLP", "tags", "table:3 td:6 tr:3", "", _PIPES),
    Difference("03-02-NLP简报", "text", "@[TOC]", "", "a mark of CSDN's is not shown"),
    Difference(
        "03-09-NLP_Newsletter_#1_[FR]",
        "text",
        "([Sun 2019*](https://arxiv.org/abs/1904.01766",
        "(*[Sun 2019](https://arxiv.org/abs/1904.01766",
        "a link that is never closed; of three asterisks the two inside are a pair",
    ),
    Difference("03-16-NLP_Newsletter_NLP_7.md", "text", "**DM", "DM", _STRAY),
    Difference("03-16-NLP_Newsletter_NLP_7.md", "tags", "em:1", "", _STRAY),
    Difference("06-30-NLP_Newsletter_12_en", "text", "**---", "---", _STRAY),
    Difference("06-30-NLP_Newsletter_12_en", "tags", "em:1", "", _STRAY),
    Difference("04-20-NLP_Newsletter_10_FR", "text", "\\", "", _SPACER),
    Difference("05-04-NLP_Newsletter_#11_[FR]", "text", "\\ \\", "", _SPACER),
    Difference(
        "04-23-NLP_Newsletter_9_[TR]",
        "text",
        "(*dair.ai*'da",
        "(dair.ai'da",
        "emphasis in emphasis is emphasis",
    ),
    Difference(
        "04-23-NLP_Newsletter_9_[TR]", "tags", "", "em:1", "the emphasis inside"
    ),
    Difference("making-monolingual", "text", '"', '"<multilingual model>', _UNKNOWN),
)


@dataclass(frozen=True)
class Rendering:
    """One post: its tree, our HTML and kramdown's."""

    post: Post
    tree: Tree
    ours: "_Page"
    kramdown: "_Page"


class _Page(HTMLParser):
    """Reads what two renderings must agree on out of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self._pieces: list[str] = []
        self._silent = 0
        self._formula = 0
        self.links: list[str] = []
        self.images: list[str] = []
        self.headings: list[str] = []
        self.tags: Counter[str] = Counter()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count a tag, and note its address or id."""
        given = {name: value or "" for name, value in attrs}
        self._silent += tag in {"script", "style"}
        if tag not in _WITHIN_WORDS:
            self._pieces.append(" ")
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "img":
            self.images.append(given["src"])
        elif re.fullmatch("h[1-6]", tag):
            self.headings.append(f"{tag}#{given.get('id', '')}")
        if tag in {"pre", "code"} and (given.get("class") == "math" or self._formula):
            self._formula += 1
        elif tag in _COMPARED:
            self.tags[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        """End a word where a block ends."""
        self._silent -= tag in {"script", "style"}
        self._formula -= bool(self._formula) and tag in {"pre", "code"}
        if tag not in _WITHIN_WORDS:
            self._pieces.append(" ")

    def handle_data(self, data: str) -> None:
        """Note what is shown."""
        if not self._silent:
            self._pieces.append(data)

    @cached_property
    def words(self) -> list[str]:
        """The words shown, with typography, formula marks and CJK line ends folded."""
        text = "".join(self._pieces)
        for typed, set_ in _TYPOGRAPHY.items():
            text = re.sub(set_, typed, text)
        text = re.sub(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", r"\1\2", text, flags=re.DOTALL)
        return _CJK_SPACE.sub("", " ".join(text.split())).split()


_WITHIN_WORDS = frozenset({"a", "em", "strong", "code", "del", "ins", "sup", "sub"})
_COMPARED = frozenset(
    {
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "code",
        "em",
        "strong",
        "del",
        "hr",
        "table",
    }
    | {"tr", "th", "td", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ins"}
)
_TYPOGRAPHY = {"'": "[‘’]", '"': "[“”]", "---": "—", "--": "–", "...": "…"}
_TYPOGRAPHY |= {"<<": "« ?", ">>": " ?»"}
_CJK = "[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_CJK_SPACE = re.compile(f"(?<={_CJK}) (?={_CJK})")


@pytest.fixture(scope="module")
def renderings(corpus: Path) -> dict[str, Rendering]:
    """Render every post twice."""
    posts = [read_post(path) for path in sorted((corpus / "posts").iterdir())]
    sources = [resolve_liquid(post.body, LiquidContext())[0] for post in posts]
    pages = map(_Page, _kramdown(sources))
    trees = [
        parse(source, first_line=post.body_line)
        for post, source in zip(posts, sources, strict=True)
    ]
    return {
        post.path.name: Rendering(post, tree, _Page(to_html(tree)), page)
        for post, tree, page in zip(posts, trees, pages, strict=True)
    }


def _kramdown(sources: list[str]) -> list[str]:
    ruby = shutil.which("ruby")
    if ruby is None:
        pytest.skip("there is no ruby here to run kramdown with")
    done = subprocess.run(  # noqa: S603 - our own script, nothing from outside
        [ruby, "-E", "UTF-8:UTF-8", "-e", _KRAMDOWN],
        input=json.dumps(sources),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode and "LoadError" in done.stderr:
        pytest.skip("kramdown is not installed (Debian: ruby-kramdown-parser-gfm)")
    assert not done.returncode, done.stderr
    pages: list[str] = json.loads(done.stdout)
    return pages


def _only(kramdown: Iterable[str], ours: Iterable[str]) -> tuple[str, str]:
    """Give what only one of two sequences has, in order."""
    left, right = list(kramdown), list(ours)
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    changes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    removed = [word for _, start, end, _, _ in changes for word in left[start:end]]
    added = [word for _, _, _, start, end in changes for word in right[start:end]]
    return " ".join(map(_short, removed)), " ".join(map(_short, added))


def _short(word: str) -> str:
    return word if len(word) <= 40 else f"{word[:24]}…"


def _counts(tags: Counter[str]) -> str:
    return " ".join(f"{tag}:{count}" for tag, count in sorted(tags.items()))


def _found(rendering: Rendering) -> Iterator[tuple[str, str, str]]:
    kramdown, ours = rendering.kramdown, rendering.ours
    for aspect in ("words", "links", "images", "headings"):
        left, right = getattr(kramdown, aspect), getattr(ours, aspect)
        if left != right:
            yield ("text" if aspect == "words" else aspect, *_only(left, right))
    if kramdown.tags != ours.tags:
        left, right = kramdown.tags - ours.tags, ours.tags - kramdown.tags
        yield ("tags", _counts(left), _counts(right))


def test_we_agree_with_kramdown(renderings: Mapping[str, Rendering]) -> None:
    """Words, links, pictures, headings and their ids, and marks-up are the same."""
    found = {
        (name, *difference)
        for name, rendering in renderings.items()
        for difference in _found(rendering)
    }
    listed = _listed(renderings)
    assert found - listed == set(), "differences that are not listed"
    assert listed - found == set(), "listed differences that are no more"


def _listed(renderings: Mapping[str, Rendering]) -> set[tuple[str, str, str, str]]:
    """Put the listed differences of each post and aspect together."""
    sides: dict[tuple[str, str], list[Difference]] = {}
    for difference in DIFFERENCES:
        (name,) = (name for name in renderings if difference.post in name)
        sides.setdefault((name, difference.aspect), []).append(difference)
    return {
        (
            name,
            aspect,
            " ".join(filter(None, (listed.kramdown for listed in group))),
            " ".join(filter(None, (listed.ours for listed in group))),
        )
        for (name, aspect), group in sides.items()
    }


def test_every_difference_has_a_reason() -> None:
    """Nothing is listed without saying why we do otherwise."""
    assert all(difference.reason for difference in DIFFERENCES)
    assert len(DIFFERENCES) <= 20
