"""What is no content is gone: machinery, comments, spacers and dead weight."""

import re
from pathlib import Path

from distribute.feeds.marks import without_marks
from distribute.render.html.sanitise import sanitise
from tests.corpus.pages import Contents, Expected, Texts, named

MACHINERY = re.compile(r"<!--|\{%|#harmful-link|<script|<iframe|\uf8ff|√£|‚Ä")


def test_no_newsletter_shows_a_backslash(
    contents: Contents, texts: Texts, expected: Expected
) -> None:
    """The spacers of the source leave no trace in any output."""
    for name, content in contents.items():
        if expected[name].get("series") == "nlp_newsletter":
            whole = content.html + texts[name] + content.excerpt + content.preheader
            assert "\\" not in whole, name


def test_nothing_of_the_machinery_is_left(contents: Contents, texts: Texts) -> None:
    """No comment, Liquid, script, frame or mangled address in any output."""
    for name, content in contents.items():
        found = MACHINERY.search(content.html) or MACHINERY.search(texts[name])
        assert not found, (name, found)


def test_comments_stay_in_the_source(
    contents: Contents, texts: Texts, corpus: Path
) -> None:
    """Posts that keep the original in comments show none of it."""
    seen = 0
    for name, content in contents.items():
        path = corpus / "posts" / name
        source = path.read_text("utf-8-sig") if path.exists() else ""
        outside = re.sub(r"<!--.*?-->", "", source, flags=re.DOTALL)
        for comment in re.findall(r"<!--\s*(.{50}).*?-->", source, flags=re.DOTALL):
            seen += 1
            if comment not in outside:
                assert comment not in content.html, name
                assert comment not in texts[name], name
    assert seen > 50


def test_dead_weight_is_gone(contents: Contents) -> None:
    """Without the comments, translations are as small as other posts."""
    assert len(named(contents, "[PT-BR]_BERTology").html.encode()) < 24_000
    assert len(named(contents, "[PT-BR]_PyTorch3D").html.encode()) < 32_100


def test_the_html_is_clean_already(contents: Contents) -> None:
    """Another cleaning changes nothing; in feeds there are no hooks for style."""
    for name, content in contents.items():
        assert sanitise(content.html) == content.html, name
        assert not re.search(r"<[^>]* (?:class|id|style)=", without_marks(content.html))
