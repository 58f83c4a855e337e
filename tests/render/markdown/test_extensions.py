"""What the dialect adds to Markdown: notes, definitions, attribute lists and contents."""

import pytest

from distribute.render.html.write import to_html
from distribute.render.markdown.parse import parse, read_markdown
from distribute.render.tree import Kind, plain_text
from tests.render.markdown.reading import html, nodes


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
        (
            "> q\n> - a\n{: .c}",
            '<blockquote class="c"><p>q</p><ul><li>a</li></ul></blockquote>',
        ),
        (
            "> - a\n{: .c}\nb",
            '<blockquote class="c"><ul><li>a</li></ul></blockquote><p>b</p>',
        ),
        (
            "> > q\n{: .c}",
            '<blockquote class="c"><blockquote><p>q</p></blockquote></blockquote>',
        ),
        (
            "> > q\n> {: .c}",
            '<blockquote><blockquote class="c"><p>q</p></blockquote></blockquote>',
        ),
        (
            "> - > q\nlazy\n{: .c}",
            '<blockquote class="c"><ul><li><blockquote><p>qlazy</p></blockquote></li>'
            "</ul></blockquote>",
        ),
        ("> - a\n\n{: .c}", "<blockquote><ul><li>a</li></ul></blockquote>"),
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
