"""Pictures of the newsletter's own that readers would not see: their files are damaged."""

from collections.abc import Callable, Iterator
from pathlib import PurePath
from urllib.parse import unquote

from distribute.finding import Finding, Severity
from distribute.render.html.tags import change_urls
from distribute.render.tree import Kind, Node, Tree, walk

_RAW = frozenset({Kind.HTML, Kind.HTML_BLOCK})


def find_unseen(
    tree: Tree, *, path: PurePath, flaw_of: Callable[[str], str]
) -> tuple[Finding, ...]:
    """Report each picture whose file has a flaw, by the place where the post shows it.

    `flaw_of` says what is wrong with the file at an address; nothing for any other.
    """
    return tuple(
        Finding(
            rule="image-unreadable",
            severity=Severity.WARNING,
            path=path,
            line=line,
            message=f"readers may not see the picture {url}: {flaw}",
            hint="Export it again as PNG, JPEG, GIF, WebP, AVIF or SVG.",
            words=unquote(url.rpartition("/")[2]),
        )
        for url, line in _pictures(tree)
        if (flaw := flaw_of(url))
    )


def _pictures(tree: Tree) -> Iterator[tuple[str, int]]:
    """List the addresses of pictures with the lines of their blocks."""
    line = 0
    for node in walk(tree):
        line = node.line or line
        if node.kind is Kind.IMAGE:
            yield node.url, line
        elif node.kind in _RAW:
            yield from ((url, line) for url in _sources(node))


def _sources(node: Node) -> list[str]:
    urls: list[str] = []

    def note(name: str, value: str) -> str:
        if name == "src":
            urls.append(value)
        return value

    change_urls(node.text, note)
    return urls
