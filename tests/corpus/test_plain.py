"""The plain text of real posts: the text part says it all, an excerpt is prose."""

import re
from collections import Counter

from distribute.render.layout.fit import fit_for_page
from tests.corpus.pages import CJK, WORD, Contents, Expected, Page, Texts, words


def test_the_text_part_says_what_the_page_says(
    contents: Contents, texts: Texts
) -> None:
    """Nearly all words of the HTML, each as often, and every address."""
    for name, content in contents.items():
        text, page = texts[name], Page(fit_for_page(content.html))
        if CJK.search(name):
            shown = Counter("".join(page.words.elements()))
            written = Counter("".join(WORD.findall(text)))
        else:
            shown, written = page.words, words(text)
        missing = (shown - written).total()
        assert missing <= 0.02 * shown.total(), (name, shown - written)
        assert not [url for url in page.hrefs if url not in text], name
        assert not re.search(r"[ \t]$", text, re.MULTILINE), name
        listed = re.findall(r"^\[\d+\] (\S+)$", text, re.MULTILINE)
        assert len(listed) == len(set(listed)), name


def test_excerpts_fall_back_on_prose(contents: Contents, expected: Expected) -> None:
    """Every post has one, plain and short; thanks and pictures are no summary."""
    for name, content in contents.items():
        for text, limit in ((content.excerpt, 280), (content.preheader, 110)):
            assert text, name
            assert len(text) <= limit, name
            assert not re.search(r"[*\\<>\xa0\n]|https?:|Thanks to", text), (name, text)
        if CJK.search(content.preheader[:20]):
            assert len(content.preheader) <= 55, name
