"""Lines, spans and blocks: Markdown to HTML in the dialect that authors write."""

import pytest

from distribute.render.html.write import to_html
from distribute.render.markdown.parse import parse
from distribute.render.tree import Kind, plain_text, walk
from tests.render.markdown.reading import html, nodes


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


def test_a_list_ends_a_quotation_and_all_stay_in_their_order() -> None:
    """Whatever it counts from, and whatever stands above the quotation."""
    assert html("Words\n> a\n7. b") == (
        '<p>Words</p><blockquote><p>a</p></blockquote><ol start="7"><li>b</li></ol>'
    )


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
