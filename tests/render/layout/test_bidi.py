"""Latin words in a text that runs from the right."""

import re
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.language import Language
from distribute.render.layout.bidi import LEFT_TO_RIGHT_MARK as MARK
from distribute.render.layout.bidi import hold_latin, in_direction


@pytest.mark.parametrize(
    ("html", "held"),
    [
        ("لغة C++", f"لغة C++{MARK}"),
        ("لغة C#، ثم", f"لغة C#{MARK}، ثم"),
        ("<b>C++</b> و", f"<b>C++{MARK}</b> و"),
        ("منصة .NET هنا", f"منصة {MARK}.NET هنا"),
        ("حساب @river", f"حساب {MARK}@river"),
        ("Visual C++ هنا", f"Visual C++{MARK} هنا"),
    ],
)
def test_punctuation_stays_with_its_word(html: str, held: str) -> None:
    """A mark beside the punctuation makes it part of the Latin word."""
    assert hold_latin(html) == held


@pytest.mark.parametrize(
    "html",
    [
        "جملة عن Python.",
        "<code>i++ </code>",
        "<pre><code>a</code> C++ </pre>",
        '<a href="https://example.net/" title="C++ ">x</a>',
        "50% + 3",
    ],
)
def test_nothing_else_is_touched(html: str) -> None:
    """Code, attributes, numbers and the points of sentences stay as they are."""
    assert hold_latin(html) == html


def test_only_where_the_text_runs_from_the_right() -> None:
    """A text that runs from the left needs no marks."""
    assert in_direction("C++", Language("tr")) == "C++"
    assert in_direction("C++", Language("fa")) == f"C++{MARK}"


def held_everywhere(html: str) -> str:
    """Mark a fragment by looking at all of its text, piece by piece."""
    out, verbatim = "", 0
    for piece in re.split(r"(<[^>]*>)", html):
        if name := re.match(r"<(/?)(code|kbd|pre|samp)\b", piece):
            verbatim += -1 if name[1] else 1
        is_text = piece[:1] != "<" and not verbatim
        out += hold_latin(f"<p>{piece}</p>")[3:-4] if is_text else piece
    return out


_PIECES = (
    *("C++", ".NET", "@a", "a", "B", "/", "+", ".", "#", "~", "(", " ", "\n"),
    *("\u0644\u063a\u0629", "\u060c", "&amp;", "&lt;", "<p>", "</p>", "<br>", "</a>"),
    *("<code>", "</code>", '<pre class="language-c#">', "</pre>", "</kbd>"),
    '<a href="https://x.example/c++/.net" title="C++ .NET">',
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=16).map("".join))
def test_where_a_mark_goes_depends_on_its_piece_of_text_alone(html: str) -> None:
    """Whatever stands before and behind, in tags and beyond them."""
    assert hold_latin(html) == held_everywhere(html)


@pytest.mark.parametrize("piece", ["C++ ", "<b>.NET</b>", "<code>C#</code>", ". ", "<"])
def test_long_texts_take_their_time_and_no_more(piece: str) -> None:
    """However often something has to be looked at."""
    start = process_time()
    hold_latin(piece * 20_000)
    assert process_time() - start < 1
