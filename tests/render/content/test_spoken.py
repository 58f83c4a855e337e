"""What the front matter says, without its markup."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.content.spoken import spoken
from distribute.render.liquid.resolve import LiquidContext

CONTEXT = LiquidContext(site_url="https://news.example.org")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("*Slow* [rivers](https://a.example) &amp; boats", "Slow rivers & boats"),
        (r"three\*stars\*here and 2 * 3 * 4", "three*stars*here and 2 * 3 * 4"),
        ("<p>A <em>slow</em>&nbsp;river</p>", "A slow river"),
        ("A <b>slow</b> river<br>here", "A slow river here"),
        ("Before <script>alert(1)</script> and after", "Before and after"),
        ("One <!-- hidden --> two <!-- for ever", "One two"),
        ("# Boats\n\n- slow\n- fast\n\n![quay](q.png)", "Boats slow fast quay"),
        ("| slow | fast |", "slow fast"),
        ("2019. A year", "2019. A year"),
        ("\\\\ After a spacer", "After a spacer"),
        ("\\\\\nAfter a spacer", "After a spacer"),
        (
            "At {{ site.url }} {% raw %}now{% endraw %}",
            "At https://news.example.org now",
        ),
        ("{% unknown %}Here", "Here"),
        ("a <slow river> b", "a <slow river> b"),
        ("  \u00a0 ", ""),
        ("At $$x^2$$\n\n$$\n\\frac12\n$$", "At x² ½"),
    ],
)
def test_only_words_are_left(written: str, said: str) -> None:
    """No Markdown, HTML, comment or Liquid, on one line."""
    assert spoken(written, CONTEXT) == said


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("ab*_`[]()<>!-#|\\{}%&;\n \u00a0简"), max_size=60))
def test_it_is_always_one_line(written: str) -> None:
    """Whatever is written; it never fails."""
    said = spoken(written, CONTEXT)
    assert said == " ".join(said.split())
