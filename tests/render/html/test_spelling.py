"""Text and attributes are spelt as browsers would write them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.characters import clean
from distribute.render.html.sanitise import sanitise
from distribute.render.html.spelling import as_text, as_value


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab&;<>\"'= \n\u00a0\u2028語😀#x27")))
def test_what_is_spelt_so_is_left_so(words: str) -> None:
    """To read and to write it again changes nothing; so it is done with once."""
    text = clean(words)
    html = f'<p title="{as_value(text)}">a{as_text(text)}</p>'
    assert sanitise(html) == html


def test_marks_of_html_are_escaped() -> None:
    """Quotation marks matter in attributes only; a space that ties is seen in both."""
    assert as_text("<a b='c'>&\u00a0\"") == "&lt;a b='c'&gt;&amp;&nbsp;\""
    assert as_value("<a b='c'>&\u00a0\"") == "&lt;a b='c'&gt;&amp;&nbsp;&quot;"
