"""Pictures that readers would not see are reported where the post shows them."""

from pathlib import PurePosixPath

from distribute.render.links.pictures import find_unseen
from distribute.render.tree import Kind, Node

BAD = "https://news.example.org/images/bad.0123456789.png"
POST = PurePosixPath("posts/a.md")


def flaw_of(url: str) -> str:
    """Say that one picture is damaged."""
    return "it is cut short" if url == BAD else ""


def test_each_place_is_reported_with_its_line() -> None:
    """In Markdown and in HTML; a picture that is well is not mentioned."""
    tree = (
        Node(
            kind=Kind.PARAGRAPH,
            line=3,
            children=(
                Node(kind=Kind.IMAGE, url=BAD, alt="x"),
                Node(kind=Kind.IMAGE, url=BAD.replace("bad", "good"), alt="x"),
                Node(kind=Kind.LINK, url=BAD),
            ),
        ),
        Node(kind=Kind.HTML_BLOCK, line=7, text=f'<p><img src="{BAD}" alt=""></p>'),
    )
    findings = find_unseen(tree, path=POST, flaw_of=flaw_of)
    assert [(each.rule, each.line) for each in findings] == [
        ("image-unreadable", 3),
        ("image-unreadable", 7),
    ]
    assert str(findings[0]).startswith("posts/a.md:3: warning: ")
    assert "it is cut short" in findings[0].message
