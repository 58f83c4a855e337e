"""Latin words in a text that runs from the right."""

import pytest

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
