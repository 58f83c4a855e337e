"""What a reader would read in a Markdown source."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.prose import first_image, plain, without_hidden, words_of


@pytest.mark.parametrize(
    ("markdown", "image"),
    [
        ("a ![x](https://e.org/a.png) ![y](b.png)", "https://e.org/a.png"),
        ('![](/i/a.png "title")', "/i/a.png"),
        ("![](<a.png>)", "a.png"),
        ("![a [b] c](https://e.org/a_(1).png)", "https://e.org/a_(1).png"),
        ("<!-- ![](old.png) -->\n![](new.png)", "new.png"),
        ("<!--\n![](old.png)\n-->![](new.png)", "new.png"),
        ("```\n![](code.png)\n```\n![](new.png)", "new.png"),
        ('<p><img alt="" src="a.gif"></p>', "a.gif"),
        ("![x][cover]\n\n[Cover]: https://e.org/c.png 'c'\n", "https://e.org/c.png"),
        ("![](data:image/png;base64,AA==) ![](a.png)", "a.png"),
        ("![]({{ site.url }}/a.png) ![](b.png)", "b.png"),
        ('{% include figure.html file="../i/a.png" %}\n![](b.png)', "../i/a.png"),
        ('{% include video id="x" %}', ""),
        ("[a link](a.png)", ""),
        ("", ""),
    ],
)
def test_first_image(markdown: str, image: str) -> None:
    """It is the first that a reader sees, not one in a comment or in code."""
    assert first_image(without_hidden(markdown)) == image


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("*A* **b** ***c*** _d_ __e__", "A b c d e"),
        ("snake_case_name and 2*3*4", "snake_case_name and 234"),
        ("a [link](https://e.org/a_(b)) here", "a link here"),
        ("![alt](a.png) text", "alt text"),
        (" leading\u00a0and  double\nspaces ", "leading and double spaces"),
        (r"escaped \*stars\* and \# signs", "escaped *stars* and # signs"),
        ("`code` stays", "code stays"),
        ("a <!-- not this --> b", "a b"),
        ("l’été « là » — 中文，", "l’été « là » — 中文，"),
    ],
)
def test_plain(markdown: str, text: str) -> None:
    """Markup goes and words stay."""
    assert plain(markdown) == text


def test_all_white_space_is_folded() -> None:
    """Whatever the script calls a space is one, as it is to a pattern."""
    for space in re.findall(r"\s", "".join(map(chr, range(0x3001)))):
        assert plain(f"{space}a{space}{space}b{space}") == "a b"
        assert plain(f"{space}*a*{space}{space}b{space}") == "a b"


def test_hidden_parts_keep_their_lines() -> None:
    """Comments and code go, the number of lines does not change."""
    markdown = "a\n<!-- b\nc --> d\n~~~py\ne <!--\n~~~\nf\n"
    assert without_hidden(markdown) == "a\n\n d\n\n\n\nf\n"


def test_words_have_no_addresses_code_or_tags() -> None:
    """Only running text is left to judge a language by."""
    markdown = (
        "Lire [la suite](https://the.example/of-the-and) <b>ici</b> `the of` "
        "{% include the.html %} https://the.example/of <!-- the of and -->\n"
    )
    words = words_of(without_hidden(markdown)).split()
    assert words == ["Lire", "[la", "suite]", "ici"]


def test_the_beginning_of_a_text_tells_its_language() -> None:
    """Most of a long text is not even looked at."""
    beginning = "le début du texte " * 300
    assert words_of(beginning + "the end " * 10_000) == words_of(beginning)
    assert len(words_of(beginning)) >= 3_000


@pytest.mark.parametrize(
    "hostile",
    [
        "![" * 40000,
        "<!--" * 40000,
        "![](" * 40000,
        "[" * 80000,
        "<img " * 40000,
        "*a " * 40000,
        "_" * 80000,
        "{% include " * 20000,
        "`" * 80000,
        "<a" * 40000,
        "```" * 40000,
        "~~~\n```\n" * 20000,
    ],
)
def test_hostile_posts_cost_linear_time(hostile: str) -> None:
    """No pattern runs wild on a post made to hurt."""
    started = time.process_time()
    first_image(without_hidden(hostile))
    words_of(without_hidden(hostile))
    plain(hostile[:20_000])
    assert time.process_time() - started < 20


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab![]()<>-*_`\\{%} \n'\"="), max_size=120))
def test_any_text_can_be_looked_at(text: str) -> None:
    """Nothing fails, and plain text is one line."""
    first_image(without_hidden(text))
    words_of(without_hidden(text))
    assert "\n" not in plain(text)
    assert without_hidden(text).count("\n") == text.count("\n")
