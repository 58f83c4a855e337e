"""Captions, told by their look."""

import pytest

from distribute.render.layout.captions import is_caption


@pytest.mark.parametrize(
    "html",
    [
        "<em>A boat</em>",
        "<em>A boat</em>\u200a—\u200a<a href='x'><em>source</em></a>",
        '<em>Figure by <a href="https://a.example">Ada et al. (2020)</a></em>',
        '<a href="https://a.example"><em>(Ada et al. 2020)</em></a>',
        '<a href="https://a.example">source</a>',
        'Kaynak: <a href="https://a.example">Ada</a>',
        "<i>船</i>",
    ],
)
def test_a_slanted_line_or_a_source_is_a_caption(html: str) -> None:
    """With a short label, and with links in it."""
    assert is_caption(html)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "Upright",
        "Text that goes on about <em>boats</em>.",
        "<em><strong>Not a caption</strong></em>",
        "Text with a link at its <a href='x'>end</a>.",
        f"<em>{'A whole story. ' * 20}</em>",
        f"<em>{'<i></i>' * 1000}a</em>",
        '<a href="x">Everything else that we wrote about boats this year</a>',
        '<a class="button" href="x">Go</a>',
        '<em><img src="a" alt=""> and a text</em>',
        "<em> </em>",
    ],
)
def test_other_text_is_none(html: str) -> None:
    """Running text, headlines, buttons, pictures and long passages."""
    assert not is_caption(html)
