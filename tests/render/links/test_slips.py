"""Links that were meant and did not come about are reported with their line."""

from pathlib import PurePosixPath
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.finding import Severity
from distribute.render.links.slips import find_slips
from distribute.render.markdown.parse import parse
from distribute.render.tree import Kind, Node

PATH = PurePosixPath("posts/boats.md")


def _slips(markdown: str) -> list[tuple[str, int]]:
    tree = parse(markdown, first_line=5)
    findings = find_slips(tree, path=PATH, source=markdown, first_line=5)
    assert all(f.path == PATH and f.severity is Severity.WARNING for f in findings)
    return [(finding.rule, finding.line) for finding in findings]


@pytest.mark.parametrize(
    ("markdown", "rule"),
    [
        ("the [quay] (https://example.net/quay) here", "link-space"),
        ("the [**old** quay] (https://example.net/quay) here", "link-space"),
        ("the [quay] (/quay/) here", "link-space"),
        (
            "Quay](https://example.net/quay), [b](https://example.net/b)",
            "link-unopened",
        ),
        ("the (here](https://example.net/quay).", "link-unopened"),
        ("the [quay](https://example.net/quay and on", "link-unclosed"),
        ("a boat](for the river and [b](https://example.net/b) too", "link-unclosed"),
        ("the [quay] https://example.net/quay) here", "link-parenthesis"),
        ("the [quay]https://example.net/quay) here", "link-parenthesis"),
        ("the [quay]\u00a0(https://example.net/quay) here", "link-space"),
        ("the [quay]\u200b(https://example.net/quay) here", "link-space"),
        ("见[码头]（https://example.net/quay）。", "link-wide"),
        ("见【码头】(https://example.net/quay)。", "link-wide"),
        ("the [quay)(https://example.net/quay) here", "link-bracket"),
        ("the [quay[(https://example.net/quay) here", "link-bracket"),
        ("the [quay(https://example.net/quay) here", "link-bracket"),
        ("[码头](https://example.net/a)和[船(https://example.net/b)。", "link-bracket"),
        ("the (quay)[https://example.net/quay] here", "link-bracket"),
        ("the [quay][https://example.net/quay] here", "link-bracket"),
        ("https://social.example/**「名」**", "link-cut"),
    ],
)
def test_each_slip_has_a_rule_of_its_own(markdown: str, rule: str) -> None:
    """What is left of a link in the text says what went wrong."""
    assert _slips(markdown) == [(rule, 5)]


@pytest.mark.parametrize(
    "markdown",
    [
        "a [link](https://example.net/a_(b)) and ![image](c.png) and <https://a.example>",
        "references [1] (https://example.net) and [2] https://example.net/b",
        "[13] **A:** https://example.net/a (b)",
        "参考 [1]（https://example.net）和【注】（见下）",
        "an [aside (https://example.net) and (more)(https://example.net)] here",
        "`[code] (https://example.net)` and `a](b`",
        "```\n[code] (https://example.net)\n```",
        "an [aside] (in brackets) and a list [a, b]",
        "[ref]\n\n[ref]: https://example.net",
        "[1][https://example.net] and a boat (small) [https://example.net]",
        "[see also quay(https://example.net/quay), and more]",
        "f(x)[0], g(y)[1] (https://example.net)",
    ],
)
def test_plain_text_is_no_slip(markdown: str) -> None:
    """References, asides, code and links that work are not reported."""
    assert _slips(markdown) == []


def test_the_line_is_that_of_the_slip_within_its_paragraph() -> None:
    """Lines are counted in the file, past breaks and spacers."""
    markdown = (
        "One.\n\n\\\\\nTwo\nlines [a] (https://a.example) and\nb](https://b.example)\n"
    )
    assert _slips(markdown) == [("link-space", 9), ("link-unopened", 10)]


def test_slips_that_are_alike_have_a_line_each() -> None:
    """The second is looked for behind the first."""
    slip = "[a] (https://a.example)"
    markdown = f"One\n{slip}\ntwo\n{slip} {slip}\n\n{slip}"
    assert [line for _, line in _slips(markdown)] == [6, 8, 8, 10]


def test_lists_tables_and_headings_are_searched() -> None:
    """Text is text, wherever it stands."""
    markdown = "# [a] (https://a.example)\n\n- x\n  - [b] (https://b.example)\n"
    assert _slips(markdown) == [("link-space", 5), ("link-space", 8)]


def test_the_words_are_what_is_left_of_the_link() -> None:
    """As they stand in their line; those of another line are not among them."""
    markdown = "One [a] (https://a.example/b) two\n[c]\n(https://c.example)\n"
    tree = parse(markdown, first_line=5)
    findings = find_slips(tree, path=PATH, source=markdown, first_line=5)
    assert [(f.line, f.words) for f in findings] == [
        (5, "] (https://a.example/b"),
        (6, "]"),
    ]


def test_without_the_source_the_line_is_that_of_the_block() -> None:
    """The source is only needed for exact lines."""
    tree = parse("One\n[a] (https://a.example)", first_line=3)
    assert [finding.line for finding in find_slips(tree, path=PATH)] == [3]


@pytest.mark.parametrize(
    "piece",
    [
        *("]http://", "](a(b)", "](a ", "[a] (", "[(https://", "] (http://a ", "] "),
        *("(a)[http://", "[a][http://", "]（", "】 （", "[a(http://", "](](a)(b)"),
    ],
)
def test_a_text_that_was_made_to_be_slow_is_not(piece: str) -> None:
    """Each piece of 100,000 characters begins a link that has no end."""
    text = Node(kind=Kind.TEXT, text=piece * (100_000 // len(piece)))
    tree = (Node(kind=Kind.PARAGRAPH, children=(text,)),)
    began = process_time()
    find_slips(tree, path=PATH)
    assert process_time() - began < 2


_PIECES = (
    *("[", "]", "(", ")", "（", "）", "【", "】", "{", "}"),
    *("a", "1", " ", "\n", "\u200b", "https://a.example", "/b", "#c"),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_a_first_look_misses_no_slip(text: str) -> None:
    """What stands before, and makes any text worth a look, changes nothing."""

    def rules(text: str) -> list[str]:
        node = Node(kind=Kind.TEXT, text=text)
        tree = (Node(kind=Kind.PARAGRAPH, children=(node,)),)
        return [finding.rule for finding in find_slips(tree, path=PATH)]

    assert rules(text) == rules(") (a) " + 50 * "b" + text)
