"""The trees of real posts: every link, picture and heading, each in its line."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from distribute.posts.source import read_post
from distribute.render.html.write import to_html
from distribute.render.liquid.resolve import LiquidContext, resolve_liquid
from distribute.render.markdown.parse import parse
from distribute.render.tree import Kind, Node, Tree, plain_text, walk

Expected = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def trees(corpus: Path, expected: Expected) -> dict[str, Tree]:
    """Parse every post and every damaged copy, repaired."""
    folders = {path.name: path for path in (corpus / "posts").iterdir()}
    folders |= {path.name: path for path in (corpus / "mojibake").iterdir()}
    return {name: _tree(folders[name]) for name in expected if name in folders}


def _tree(path: Path) -> Tree:
    post = read_post(path)
    source, _ = resolve_liquid(post.body, LiquidContext())
    return parse(source, first_line=post.body_line)


def _named(trees: Mapping[str, Tree], part: str) -> Tree:
    (found,) = (tree for name, tree in trees.items() if part in name)
    return found


def _count(tree: Tree, kind: Kind) -> int:
    return sum(node.kind is kind for node in walk(tree))


def test_links_pictures_headings_and_rules_are_counted(
    trees: Mapping[str, Tree], expected: Expected, corpus: Path
) -> None:
    """Each post has as many as are known; videos are links besides, one rule is no h2."""
    for name, tree in trees.items():
        known = expected[name]
        path = corpus / "posts" / name
        videos = (
            path.read_text("utf-8").count("{% include video") if path.exists() else 0
        )
        levels = Counter(node.level for node in walk(tree) if node.kind is Kind.HEADING)
        headings = {int(tag[1:]): count for tag, count in known["headings"].items()}
        rule_as_h2 = 1 if "[PT-BR]_Tokenizers" in name else 0
        headings[2] = headings.get(2, 0) - rule_as_h2
        assert _count(tree, Kind.LINK) == known["links"] + videos, name
        assert _count(tree, Kind.IMAGE) == known["images"], name
        assert levels == Counter(
            {key: value for key, value in headings.items() if value}
        )
        assert _count(tree, Kind.RULE) == known["hr"] + rule_as_h2, name


def test_headings_in_bold_italics_are_recognised(
    trees: Mapping[str, Tree], expected: Expected
) -> None:
    """A line of three asterisks, words and three or four asterisks is bold and italic."""
    for name, tree in trees.items():
        found = sum(map(_bold_italic_lines, walk(tree)))
        half_open = 1 if "NLP_7[ZH]" in name else 0  # one end mark without a beginning
        assert found == expected[name]["pseudo_headings"] - half_open, name


def _bold_italic_lines(paragraph: Node) -> int:
    if paragraph.kind is not Kind.PARAGRAPH:
        return 0
    lines: list[list[Node]] = [[]]
    for node in paragraph.children:
        if node.kind in (Kind.LINE_BREAK, Kind.SOFT_BREAK):
            lines.append([])
        else:
            lines[-1].append(node)
    kinds = [
        [(node.kind, *(child.kind for child in node.children)) for node in line]
        for line in lines
    ]
    return kinds.count([(Kind.EMPHASIS, Kind.STRONG)])


def test_no_machinery_is_left(trees: Mapping[str, Tree], corpus: Path) -> None:
    """No comment, no backslash, no Liquid, no judged address in any newsletter."""
    for name, tree in trees.items():
        html = to_html(tree)
        assert "<!--" not in html, name
        assert "#harmful-link" not in html, name
        prose = "".join(node.text for node in walk(tree) if node.kind is Kind.TEXT)
        assert "{%" not in prose, name
        if "Newsletter" in name or "简报" in name:
            assert "\\" not in prose, name


def test_every_url_stands_in_its_line(trees: Mapping[str, Tree], corpus: Path) -> None:
    """The line of each link and picture is the one where its address is written."""
    for name, tree in trees.items():
        path = corpus / "posts" / name
        lines = path.read_text("utf-8-sig").splitlines() if path.exists() else []
        for node in walk(tree) if lines else ():
            if node.kind in (Kind.LINK, Kind.IMAGE) and "youtube" not in node.url:
                assert node.url in lines[node.line - 1], (name, node.url)


def test_marks_between_chinese_words(trees: Mapping[str, Tree]) -> None:
    """Bold words in corner brackets are bold; pipes in a list make no table."""
    bold = (node for node in walk(_named(trees, "02-20-NLP简报")))
    words = [plain_text(node.children) for node in bold if node.kind is Kind.STRONG]
    assert "「NLP 简报」" in words
    assert _count(_named(trees, "02-15-NLP"), Kind.TABLE) == 0


def test_what_looks_like_a_tag_is_shown(trees: Mapping[str, Tree]) -> None:
    """Titles and model names in angle brackets are words."""
    chinese = to_html(_named(trees, "Reformer,_DeepMath,_ELECTRA,_TinyBERT"))
    assert "&lt;Systematic Generalization:" in chinese
    assert "“&lt;multilingual model&gt; ←" in to_html(
        _named(trees, "making-monolingual")
    )


def test_parentheses_in_addresses(trees: Mapping[str, Tree]) -> None:
    """An address ends at the parenthesis that closes the link."""
    urls = {node.url for tree in trees.values() for node in walk(tree) if node.url}
    assert any(url.endswith("S1364-6613(19)30061-0") for url in urls)
