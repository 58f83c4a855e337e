"""What is written without being sanitised is what sanitising would have left."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.content.fragment import fragment_of, is_clean
from distribute.render.html.sanitise import sanitise
from distribute.render.html.write import to_html
from distribute.render.markdown.parse import parse
from distribute.render.tree import Kind, Node, Tree

Choice = TypeVar("Choice")

BASE = "https://news.example.org/en/boats/"

_SIGNS = "ab <>&\"'`;-=\n\t\u00a0\u200a\u00ad\u2028\u3000船ü😀"
_WORDS = [*_SIGNS, "<script>", "</p>", "<!--", "&lt;", "&#0;", "&amp", "</a>"]
_ILLEGAL = "\x00\x0c\x85\r\ufeff"
_URLS = ("javascript:x()", "//a.example/", "mailto:a@b.example", "http://[::1/")
_MORE_URLS = ("https://xn--a.example", "https://ü.example", "https://a.example:99999/")
_PATH = "ab09-._~:/?#[]@!$&'()*+,;=%|^{}"
_SPANS = (Kind.EMPHASIS, Kind.STRONG, Kind.DELETED, Kind.ABBREVIATION, Kind.LINK)
_LEAVES: tuple[Kind, ...] = (
    Kind.TEXT,
    Kind.CODE,
    Kind.IMAGE,
    Kind.SOFT_BREAK,
    Kind.LINE_BREAK,
)
_LEAVES += (Kind.FOOTNOTE_MARK, Kind.MATH)
_WITH_SPANS = (Kind.HEADING, Kind.PARAGRAPH, Kind.PLAIN)
_BARE = (Kind.CODE_BLOCK, Kind.RULE, Kind.MATH_BLOCK)
_PARTS = {
    Kind.LIST: (Kind.ITEM,),
    Kind.ROW: (Kind.CELL,),
    Kind.TABLE: (Kind.ROW,),
    Kind.DEFINITIONS: (Kind.TERM, Kind.DEFINITION),
    Kind.FOOTNOTES: (Kind.FOOTNOTE,),
    Kind.CONTENTS: (Kind.LIST,),
}
_BLOCKS = (*_WITH_SPANS, *_BARE, *(_PARTS.keys() - {Kind.ROW}), Kind.QUOTE)
_INSIDE = {
    **dict.fromkeys((*_SPANS, *_WITH_SPANS, Kind.CELL, Kind.TERM), (*_SPANS, *_LEAVES)),
    **dict.fromkeys((*_LEAVES, *_BARE), ()),
    **_PARTS,
}


class _Author:
    """Writes blocks as some bytes tell, hostile wherever an author can be."""

    def __init__(self, tape: bytes, *, slips: int) -> None:
        self.tape = iter(tape)
        self.slips = slips
        """How many of 256 things are not as they should be."""

    def trees(self) -> Iterator[Tree]:
        """Make blocks that are nested as HTML wants it, but for some slips."""
        for depth in self.tape:
            yield (self._node(_BLOCKS, depth % 7), self._node(_BLOCKS, depth // 64))

    def _node(self, kinds: tuple[Kind, ...], depth: int) -> Node:
        kind = self._one_of([*Kind] if self._slips() else kinds)
        inside = _INSIDE.get(kind, _BLOCKS) if depth else ()
        count = self._number(4) if inside else 0
        return Node(
            kind=kind,
            children=tuple(self._node(inside, depth - 1) for _ in range(count)),
            text=self._words(),
            level=self._number(9) - 1,
            url=self._url() if kind in {Kind.LINK, Kind.IMAGE} else "",
            title=self._words(),
            alt=self._words(),
            signs=self._words(),
            info=self._words() if self._slips() else "py",
            align=self._one_of(("", "left", "x;y")),
            index=self._number(3),
            start=self._number(5) - 2,
            ordered=bool(self._number(2)),
            head=bool(self._number(2)),
            checked=self._one_of((None, True, False)),
            id=self._words() if self._slips() else "fn:1",
            classes=("lead", "evil") if self._slips() else (),
        )

    def _number(self, end: int) -> int:
        return next(self.tape, 0) % end

    def _one_of(self, choices: Sequence[Choice]) -> Choice:
        return choices[self._number(len(choices))]

    def _some_of(self, signs: Sequence[str], most: int) -> str:
        return "".join(self._one_of(signs) for _ in range(self._number(most + 1)))

    def _slips(self) -> bool:
        return next(self.tape, 0) < self.slips

    def _words(self) -> str:
        return self._some_of(_ILLEGAL if self._slips() else _WORDS, 2)

    def _url(self) -> str:
        if self._slips():
            return self._one_of(_URLS + _MORE_URLS)
        host = self._some_of("abx019_-.AX", 4)
        return f"https://a{host}.example/{self._some_of(_PATH, 6)}"


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=1000, max_size=3000), st.sampled_from((0, 1, 80)))
def test_a_tree_is_written_as_if_it_had_been_sanitised(tape: bytes, slips: int) -> None:
    """What needs no cleaning is written as cleaning leaves it, and all else is cleaned."""
    for tree in _Author(tape, slips=slips).trees():
        assert fragment_of(tree, base=BASE) == sanitise(to_html(tree, base=BASE))


@pytest.mark.parametrize("base", ["", "http://localhost:8000/a/", "javascript:x('&"])
def test_the_address_of_the_page_is_looked_at_too(base: str) -> None:
    """Footnotes lead there."""
    mark = Node(kind=Kind.PARAGRAPH, children=(Node(kind=Kind.FOOTNOTE_MARK, index=1),))
    assert fragment_of((mark,), base=base) == sanitise(to_html((mark,), base=base))


_MARKS = "* ** ~~ ` [ ](https://a.example) ![a](b) > # [^1] <b> </b> <p> $$x$$ ' word"
_LINES: tuple[str, ...] = (
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "|a|b|\n|-|:-:|\n",
    "\n[^1]: note\n",
    "a\n: b",
)
_LINES += ("\n<div>\n", "</div>", "{: .c #i}", "*[a]: b\n", "\\\\\n", "\u00a0", '"')


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*_MARKS.split(), *_LINES]), max_size=20).map("".join))
def test_no_post_escapes_the_last_gate(markdown: str) -> None:
    """The same for what a parser makes of Markdown, be it ever so broken."""
    tree = parse(markdown)
    assert fragment_of(tree, base=BASE) == sanitise(to_html(tree, base=BASE))


@pytest.mark.parametrize(
    "markdown",
    [
        "# Boats\n\nA [**river**](https://example.net/a?b=1&c='2') and ![it](BASEb.png).",
        "- [x] a\n- b\n\n    - c\n\n> *d* ~~e~~ `f`\n\n---\n\n```py\ng\n```",
        "|a|b|\n|-|:-:|\n|c|$$d^2$$|\n\n$$\ne\n$$\n\nf\n: g\n\n*[HTML]: h\n\nHTML[^1]\n\n[^1]: i",
    ],
)
def test_what_posts_are_made_of_need_not_be_sanitised(markdown: str) -> None:
    """Whole posts are usually clean as they are written; that is worth having."""
    assert is_clean(parse(markdown.replace("BASE", BASE)))


@pytest.mark.parametrize(
    "node",
    [
        Node(kind=Kind.HTML_BLOCK, text="<p>a</p>"),
        Node(kind=Kind.PARAGRAPH, children=(Node(kind=Kind.HTML, text="<b>"),)),
        Node(kind=Kind.PARAGRAPH, children=(Node(kind=Kind.PARAGRAPH),)),
        Node(kind=Kind.PARAGRAPH, attributes=(("onclick", "x()"),)),
        Node(kind=Kind.PARAGRAPH, classes=("evil",)),
        Node(kind=Kind.HEADING, id='"><script>'),
        Node(kind=Kind.CODE_BLOCK, info='"><script>'),
        Node(kind=Kind.PLAIN, children=(Node(kind=Kind.LINK, url="javascript:x()"),)),
        Node(
            kind=Kind.PLAIN, children=(Node(kind=Kind.IMAGE, url="data:image/gif,x"),)
        ),
        Node(kind=Kind.LIST, children=(Node(kind=Kind.PARAGRAPH),)),
    ],
)
def test_a_doubtful_node_is_sanitised(node: Node) -> None:
    """Raw HTML, odd nesting, attributes, names and addresses all go through the gate."""
    assert not is_clean((node,))


def test_a_link_in_a_link_is_sanitised() -> None:
    """However deep it is in there: a browser would end the outer one before it."""
    inner = Node(kind=Kind.LINK, url=BASE)
    slanted = Node(kind=Kind.EMPHASIS, children=(inner,))
    outer = Node(kind=Kind.LINK, url=BASE, children=(slanted,))
    assert is_clean((Node(kind=Kind.PLAIN, children=(slanted,)),))
    assert not is_clean((Node(kind=Kind.PLAIN, children=(outer,)),))
