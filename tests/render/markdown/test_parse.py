"""Markdown to HTML, construct by construct: the dialect that authors write."""

import pytest

from distribute.render.html.write import to_html
from distribute.render.markdown.parse import parse, read_markdown
from distribute.render.tree import Kind, Node, Tree, plain_text, walk


def html(markdown: str) -> str:
    """Write Markdown as HTML on one line."""
    return to_html(parse(markdown)).replace("\n", "").replace("<br>", "<br> ")


def nodes(tree: Tree, kind: Kind) -> list[Node]:
    """Collect the nodes of a kind."""
    return [node for node in walk(tree) if node.kind is kind]


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("\\\\\nWords", "<p>Words</p>"),
        ("\\\\\n\\\\\nWords", "<p>Words</p>"),
        ("Words\n\\\\\nmore", "<p>Words<br> more</p>"),
        ("Words\\\\\nmore", "<p>Words<br> more</p>"),
        ("Words  \\\\  \nmore", "<p>Words<br> more</p>"),
        ("Words\n\\\\\n\nmore", "<p>Words</p><p>more</p>"),
        ("Words\\\\", "<p>Words</p>"),
        ("\\\\\n\nWords", "<p>Words</p>"),
        ("\\\\\u00a0\nWords", "<p>Words</p>"),
        ("\\\\**Words**", "<p><strong>Words</strong></p>"),
        ("\\\\[Words](/b)", '<p><a href="/b">Words</a></p>'),
        ("\\\\\n## Words", '<h2 id="words">Words</h2>'),
        ("\\\\\n- one", "<ul><li>one</li></ul>"),
        ("\\\\\n3. one", '<ol start="3"><li>one</li></ol>'),
        ("\\\\\n---", "<hr>"),
        ("\\\\\n    Words", "<p>Words</p>"),
        ("\\\\\n> Words", "<blockquote><p>Words</p></blockquote>"),
        ("\\\\\n|a|\n|-|", "<table><thead><tr><th>a</th></tr></thead></table>"),
        ("> \\\\\n> Words", "<blockquote><p>Words</p></blockquote>"),
        ("- one\n\\\\\nmore", "<ul><li>one<br> more</li></ul>"),
        ("\\\\\n![](a.png)", '<p><img src="a.png" alt=""></p>'),
        ("\\\nWords", "<p>Words</p>"),
        ("Words\\\nmore", "<p>Words<br> more</p>"),
        (
            "***Title***\n\\\\\nWords",
            "<p><em><strong>Title</strong></em><br> Words</p>",
        ),
        ("Words\n<!-- a -->\n\\\\\nmore", "<p>Words</p><p>more</p>"),
    ],
)
def test_a_line_of_backslashes_is_no_text(markdown: str, shown: str) -> None:
    """Two backslashes are a break inside a paragraph, and nothing anywhere else."""
    assert html(markdown) == shown


@pytest.mark.parametrize(
    "markdown",
    ["```\n\\\\\n```", "~~~\n\\\\\n~~~", "    \\\\\n", "`\\\\`", "$$\n\\\\\n$$"],
)
def test_backslashes_stay_in_code_and_formulas(markdown: str) -> None:
    """What is code or TeX is never touched."""
    assert "\\\\" in html(markdown)


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("two  \nlines", "<p>two<br> lines</p>"),
        ("two\u2028lines", "<p>two<br> lines</p>"),
        ("两行\n文字", "<p>两行文字</p>"),
        ("两行，\n**文字**", "<p>两行，<strong>文字</strong></p>"),
        ("两行\\\\\n文字", "<p>两行<br> 文字</p>"),
        ("かな\nカナ", "<p>かなカナ</p>"),
    ],
)
def test_line_ends(markdown: str, shown: str) -> None:
    """A forced break stays; between Chinese or Japanese characters a line end goes."""
    assert html(markdown) == shown


@pytest.mark.parametrize("markdown", ["two\nlines", "두\n줄", "中文\nlatin"])
def test_a_line_end_between_words_is_a_space(markdown: str) -> None:
    """Where words are written apart, a line end keeps them apart."""
    first, second = markdown.split("\n")
    assert to_html(parse(markdown)) == f"<p>{first}\n{second}</p>\n"
    assert plain_text(parse(markdown)) == f"{first} {second}"


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("[a](https://example.org/ü)", "https://example.org/ü"),
        ("[a](https://example.org/%e7%9a)", "https://example.org/%e7%9a"),
        ("[a](  https://example.org )", "https://example.org"),
        ("[a](https://example.org/x_(y)_z)", "https://example.org/x_(y)_z"),
        ("[a](<https://example.org/x y>)", "https://example.org/x y"),
        ("[a](https://example.org/x y)", "https://example.org/x y"),
        ("[a](/x?b=1&amp;c=2&d=3#/e)", "/x?b=1&c=2&d=3#/e"),
        ("[a](javascript:alert)", "javascript:alert"),
        ("[a](ttps://example.org)", "ttps://example.org"),
        ("[a](example.org)", "example.org"),
        ("[a]()", ""),
        ('[a](u "T")', "u"),
        ("[a](x\\_y)", "x_y"),
        ("[a][r]\n\n[r]: https://example.org/ü", "https://example.org/ü"),
        ("[R]\n\n[r]: <https://example.org/x> 'T'", "https://example.org/x"),
        ("<https://example.org/a?b=c&d>", "https://example.org/a?b=c&d"),
        ("<MAILTO:me@example.org>", "MAILTO:me@example.org"),
        ("<me@example.org>", "mailto:me@example.org"),
    ],
)
def test_a_url_stays_as_it_is_written(markdown: str, shown: str) -> None:
    """Only entities and escapes are resolved; nothing is encoded, judged or replaced."""
    assert [node.url for node in nodes(parse(markdown), Kind.LINK)] == [shown]


@pytest.mark.parametrize(
    "markdown",
    [
        "[a] (https://example.org)",
        "[a](some words)",
        "[a](unclosed",
        "a](b)",
        "https://example.org",
    ],
)
def test_what_is_no_link_is_text(markdown: str) -> None:
    """Broken links lose nothing, and bare addresses are for `linkify`."""
    assert nodes(parse(markdown), Kind.LINK) == []
    assert plain_text(parse(markdown)) == markdown


def test_titles_and_alternative_texts() -> None:
    """Titles and alternative texts are plain text, entities resolved."""
    tree = parse('![an *old* &amp; `x`](a.png "T &quot;t&quot;")')
    assert html('[a](b "c")') == '<p><a href="b" title="c">a</a></p>'
    image = nodes(tree, Kind.IMAGE)[0]
    assert (image.alt, image.title) == ("an old & x", 'T "t"')


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("A title\n===", '<h1 id="a-title">A title</h1>'),
        ("A title\n-----", '<h2 id="a-title">A title</h2>'),
        ("- item\n----------", "<ul><li>item</li></ul><hr>"),
        ("This is a sentence.\n----------", "<p>This is a sentence.</p><hr>"),
        ("![](a.png)\n---", '<p><img src="a.png" alt=""></p><hr>'),
        ("two\nlines\n---", "<p>twolines</p><hr>"),
        ("words\n***\nmore", "<p>words</p><hr><p>more</p>"),
        ("#hashtag", "<p>#hashtag</p>"),
        ("words\n# T", '<p>words</p><h1 id="t">T</h1>'),
        ("# T #\nwords", '<h1 id="t">T</h1><p>words</p>'),
        ("*", "<p>*</p>"),
    ],
)
def test_headings_and_rules(markdown: str, shown: str) -> None:
    """An underline makes a title of a title only; elsewhere it is a rule."""
    assert html(markdown) == shown


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("```py\nx < 1\n```", '<pre><code class="language-py">x &lt; 1</code></pre>'),
        ("~~~ c++ x=1\na\n~~~", '<pre><code class="language-c++">a</code></pre>'),
        ("``` {.sql}\na\n```", '<pre><code class="language-sql">a</code></pre>'),
        ("    a\n\n    b", "<pre><code>ab</code></pre>"),
        ("```\n*a* <!-- b -->\n```", "<pre><code>*a* &lt;!-- b --&gt;</code></pre>"),
        ("`*a*` and `` ` ``", "<p><code>*a*</code> and <code>`</code></p>"),
        ("```py\nunclosed *x*", "<p>```pyunclosed <em>x</em></p>"),
    ],
)
def test_code(markdown: str, shown: str) -> None:
    """Code is literal; a fence that never ends is text."""
    assert html(markdown) == shown


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("it is $$x_1$$ here", '<p>it is <code class="math">x_1</code> here</p>'),
        ("$$\na < b\n$$", '<pre class="math"><code>a &lt; b</code></pre>'),
        (" $$a$$\n", '<pre class="math"><code>a</code></pre>'),
        ("from $100000 to $5", "<p>from $100000 to $5</p>"),
        ("\\$$x$$", '<p><code class="math">x</code></p>'),
        ("`$$x$$`", "<p><code>$$x$$</code></p>"),
    ],
)
def test_formulas(markdown: str, shown: str) -> None:
    """Two dollars make a formula, which stays readable; one dollar is money."""
    assert html(markdown) == shown


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("&copy; &amp; &#65; &x;", "<p>© &amp; A &amp;x;</p>"),
        ("AT&T &copy", "<p>AT&amp;T &amp;copy</p>"),
        ("\\&copy;", "<p>&amp;copy;</p>"),
        ("\"a\" 'b' -- ... <<c>>", "<p>\"a\" 'b' -- ... &lt;&lt;c&gt;&gt;</p>"),
        ("\\*a\\* \\_b\\_ \\# \\[c](d)", "<p>*a* _b_ # [c](d)</p>"),
        ("⚙️ 🙇🏻‍♂️ :smile:", "<p>⚙️ 🙇🏻‍♂️ :smile:</p>"),
        ("a | b", "<p>a | b</p>"),
    ],
)
def test_text(markdown: str, shown: str) -> None:
    """Entities are decoded, quotes and dashes stay as typed, emoji stay whole."""
    assert html(markdown) == shown


def test_lists() -> None:
    """Lists keep their start, nest, and are tight where their author wrote them so."""
    assert html("3. a\n4. b") == '<ol start="3"><li>a</li><li>b</li></ol>'
    assert html("- a\n    - b") == "<ul><li>a<ul><li>b</li></ul></li></ul>"
    assert html("- a\n\n- b") == "<ul><li><p>a</p></li><li><p>b</p></li></ul>"
    assert html("words\n- a") == "<p>words</p><ul><li>a</li></ul>"
    assert html("1986\\. x") == "<p>1986. x</p>"


def test_tasks_are_characters() -> None:
    """A task shows a box that needs no form."""
    assert html("- [ ] a\n- [x] b") == (
        '<ul><li class="task-list-item">☐ a</li><li class="task-list-item">☑ b</li></ul>'
    )
    loose = html("- [X] a\n\n- b")
    assert '<li class="task-list-item"><p>☑ a</p></li><li><p>b</p></li>' in loose


def test_footnotes_are_numbered_by_their_first_mark() -> None:
    """Notes stand in the order of their marks, and lead back to every one of these."""
    shown = html("a[^z] b[^y] c[^z]\n\n[^y]: why *so*\n[^z]: first\n\n    more")
    assert (
        'a<sup id="fnref-1" class="footnote-ref"><a href="#fn-1">1</a></sup>' in shown
    )
    assert 'c<sup id="fnref-1-2"' in shown
    assert '<li id="fn-1"><p>first</p><p>more <a href="#fnref-1" ' in shown
    assert '<a href="#fnref-1-2" ' in shown
    assert '<li id="fn-2"><p>why <em>so</em> <a href="#fnref-2"' in shown


def test_footnotes_lead_to_the_page() -> None:
    """With a base, marks and ways back are whole addresses."""
    shown = to_html(parse("a[^1]\n\n[^1]: b"), base="https://example.org/p/#x")
    assert 'href="https://example.org/p/#fn-1"' in shown
    assert 'href="https://example.org/p/#fnref-1"' in shown


def test_a_footnote_may_mention_another() -> None:
    """Notes that only other notes mention are written too, cycles included."""
    tree = parse("a[^1]\n\n[^1]: b[^2]\n[^2]: c[^1]")
    assert [node.key for node in nodes(tree, Kind.FOOTNOTE)] == ["1", "2"]


def test_missing_and_unused_footnotes_are_told() -> None:
    """A mark without a note stays text, a note without a mark goes; both are noted."""
    reading = read_markdown("a[^x]\n\n[^y]: b", first_line=4)
    assert plain_text(reading.tree) == "a[^x]"
    assert [(note.rule, note.line) for note in reading.notes] == [
        ("footnote-missing", 4),
        ("footnote-unused", 6),
    ]


def test_definitions() -> None:
    """Terms stand on lines of their own, definitions behind a colon."""
    shown = html("a\nb\n: *c*\n: d\n\ne\n\n: f\n\n        code")
    assert shown == (
        "<dl><dt>a</dt><dt>b</dt><dd><em>c</em></dd><dd>d</dd>"
        "<dt>e</dt><dd><p>f</p><pre><code>code</code></pre></dd></dl>"
    )
    assert html(": no term") == "<p>: no term</p>"


def test_abbreviations_are_whole_words() -> None:
    """An abbreviation is explained wherever it stands as a word of its own."""
    shown = html("HTML, XHTML, *HTML* and `HTML`\n\n*[HTML]: Hyper\n*[a b]: c")
    assert shown == (
        '<p><abbr title="Hyper">HTML</abbr>, XHTML, <em><abbr title="Hyper">HTML</abbr>'
        "</em> and <code>HTML</code></p>"
    )


@pytest.mark.parametrize("markdown", ["@[TOC]", "@[toc](Title)", "a\n\n@[TOC]\n"])
def test_the_contents_mark_of_csdn_is_not_shown(markdown: str) -> None:
    """Readers never see the mark by which a blog asked for a table of contents."""
    assert "TOC" not in html(markdown).upper()


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("{: .a #b}\nwords", '<p id="b" class="a">words</p>'),
        ('words\n{: lang="tr"}', '<p lang="tr">words</p>'),
        ("# T {#own}", '<h1 id="own">T</h1>'),
        ("# T\n{: .a}", '<h1 id="t" class="a">T</h1>'),
        ("*x*{: .a}", '<p><em class="a">x</em></p>'),
        ('[x](u){:target="_blank"}', '<p><a href="u" target="_blank">x</a></p>'),
        (
            '![](u){: width="9" .a}',
            '<p><img src="u" alt="" class="a" width="9"></p>',
        ),
        ("- a\n- b\n{: .c}", '<ul class="c"><li>a</li><li>b</li></ul>'),
        ("- {: .c} a", '<ul><li class="c">a</li></ul>'),
        ("> q\n{: .c}", '<blockquote class="c"><p>q</p></blockquote>'),
        ("{:n: .a .b}\n\n*x*{:n}", '<p><em class="a b">x</em></p>'),
        (
            "|a|\n|-|\n{: .c}",
            '<table class="c"><thead><tr><th>a</th></tr></thead></table>',
        ),
        ("text{: .a}", "<p>text{: .a}</p>"),
        ("{::options toc_levels='1' /}\n\na", "<p>a</p>"),
        ("a\n^\nb", "<p>a</p><p>b</p>"),
        ('[x](u){: href="v" onclick="w"}', '<p><a href="u" onclick="w">x</a></p>'),
    ],
)
def test_attribute_lists(markdown: str, shown: str) -> None:
    """A list adorns the block or span it touches, and is text behind plain text."""
    assert html(markdown) == shown


def test_contents_list_the_headings() -> None:
    """Where {:toc} stands, links to the headings are nested by level."""
    shown = html("- x\n{:toc}\n\n# A\n\n### B *c*\n\n# No\n{: .no_toc}\n\n## D")
    assert shown.startswith(
        '<nav class="contents"><ul><li><a href="#a">A</a><ul>'
        '<li><a href="#b-c">B c</a></li><li><a href="#d">D</a></li></ul></li></ul></nav>'
    )


def test_lines_are_those_of_the_file() -> None:
    """Blocks, links and pictures know their line, in containers and behind comments."""
    markdown = (
        "> - q [l](16)\n>   x\n> - [n](18)\n>\n>   [p](20)\n<!-- a\n\nb -->\n1. a\n2. b\n"
        "   [r](26)\n\n   - [t](28)\nT\n: d\n  [d](31)\n\n![i](33)[^1]\n\n|[c](35)|\n|-|\n"
        "|[e](37)|\n\n[^1]: f\n    [g](40)\n\n*a\n[h](43) <https://example.org/43>*\n"
    )
    tree = parse(markdown, first_line=16)
    found = [
        (node.line, node.url) for node in walk(tree) if node.url and "/" not in node.url
    ]
    assert found
    assert [line for line, _ in found] == [int(url) for _, url in found]
    assert nodes(tree, Kind.LIST)[0].line == 16
    assert nodes(tree, Kind.TABLE)[0].line == 35


def test_parsing_twice_gives_the_same() -> None:
    """Nothing is remembered from one text to the next."""
    first = parse("a[^1] AB\n\n[^1]: n\n*[AB]: x\n\n[r]: u\n\n# H")
    parse("[^1]: other\n*[AB]: y\n[r]: v\n# H")
    assert parse("a[^1] AB\n\n[^1]: n\n*[AB]: x\n\n[r]: u\n\n# H") == first
    assert nodes(parse("[r] AB a[^1]"), Kind.LINK) == []
