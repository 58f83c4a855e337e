"""Every link and image of a text gets an absolute address, or loses it and is reported.

What the author can see stays: a link that leads nowhere becomes its own words.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from distribute.finding import Finding, Severity
from distribute.render.glance import inventory, nodes_of
from distribute.render.html.tags import change_urls
from distribute.render.links.addresses import AddressError, is_plain, resolve
from distribute.render.links.sitemap import site_of
from distribute.render.rewrite import by_root, rewrite
from distribute.render.tree import Kind, Node, Tree, walk

_ODD_END = re.compile(r"[\]\[}{>\"”’»*,;]$|[^\x00-\x7f]$")
_RAW = frozenset({Kind.HTML, Kind.HTML_BLOCK})
_SHOWN = frozenset({Kind.IMAGE, Kind.HTML})
_ADDRESSED = _RAW | {Kind.LINK, Kind.IMAGE}


def _nothing(_: str) -> str:
    return ""


def resolve_links(
    tree: Tree,
    *,
    base: str,
    path: PurePath,
    meant: Callable[[str], str] = _nothing,
    beside: Callable[[str], str] = _nothing,
) -> tuple[Tree, tuple[Finding, ...]]:
    """Make the addresses of a tree absolute against `base`, where its page will be.

    A link that cannot be followed is replaced by what it showed, an image by its
    alternative text, and a finding says where and what to write. A link without words
    shows its address. `meant` gives the page of the newsletter that an address into the
    same site misses narrowly, which is reported. `beside` gives the public address of a
    file that lies beside the post. Both give nothing for any other address.
    """
    links = _Links(base, path, meant, beside)
    there = inventory(tree)
    if all(links.are_settled(there.get(kind, ())) for kind in _ADDRESSED):
        return tree, ()
    resolved = by_root(
        tree,
        [not links.are_settled(nodes_of((root,), _ADDRESSED)) for root in tree],
        lambda root: rewrite(root, links.settle, only=_ADDRESSED),
    )
    return resolved, tuple(links.findings)


def link_targets(
    tree: Tree, *, base: str, beside: Callable[[str], str] = _nothing
) -> tuple[str, ...]:
    """List where all links lead, in reading order, repeated ones too.

    Absolute, but for those that cannot be followed: they are as the author wrote them.
    """
    urls = _urls(tree, Kind.LINK, "href")
    return tuple(_target(beside(url) or url, base) for url in urls)


def image_urls(tree: Tree) -> tuple[str, ...]:
    """List the addresses of all images in reading order, repeated ones too."""
    return _urls(tree, Kind.IMAGE, "src")


@dataclass(slots=True)
class _Links:
    base: str
    path: PurePath
    meant: Callable[[str], str]
    beside: Callable[[str], str]
    findings: list[Finding] = field(default_factory=list)
    site: str = field(init=False)

    def __post_init__(self) -> None:
        self.site = site_of(self.base)

    def are_settled(self, nodes: Iterable[Node]) -> bool:
        """Tell whether `settle` would leave nodes alone and find nothing, as mostly."""
        return all(map(self._is_settled, nodes))

    def _is_settled(self, node: Node) -> bool:
        url = node.url
        if not is_plain(url) or self._may_be_ours(url) or self.beside(url):
            return False
        if node.kind is Kind.LINK:
            return not _ends_oddly(url) and _shows_something(node.children)
        return node.kind is Kind.IMAGE

    def settle(self, node: Node) -> Iterable[Node]:
        """Resolve one node; its children are settled already."""
        match node.kind:
            case Kind.LINK:
                return self._link(node)
            case Kind.IMAGE:
                return self._image(node)
            case _:
                return (self._html(node),)

    def _link(self, node: Node) -> Iterable[Node]:
        try:
            url = resolve(self.beside(node.url) or node.url, self.base)
        except AddressError as error:
            self._report(error, node)
            return node.children
        self._question(node, url)
        if not _shows_something(node.children):
            self._warn(
                "link-text-empty",
                f"link to {url} without words to click on",
                replace(node, url=f"[]({node.url})"),
                "Write the words between the brackets, or remove the link.",
            )
            node = replace(node, children=(_text(readable(url)),))
        return (node if node.url == url else replace(node, url=url),)

    def _image(self, node: Node) -> Iterable[Node]:
        try:
            url = _picture(self.beside(node.url) or node.url, self.base)
        except AddressError as error:
            self._report(error, node, kind="image")
            return (_text(node.alt),) if node.alt else ()
        return (node if node.url == url else replace(node, url=url),)

    def _html(self, node: Node) -> Node:
        def change(name: str, value: str) -> str | None:
            kind = "image" if name == "src" else "link"
            try:
                there = self.beside(value) or value
                return (resolve if kind == "link" else _picture)(there, self.base)
            except AddressError as error:
                self._report(error, replace(node, url=value), kind=kind)
                return None

        html = change_urls(node.text, change)
        return node if html == node.text else replace(node, text=html)

    def _question(self, node: Node, url: str) -> None:
        """Warn about what can be followed but is hardly what the author meant."""
        if _ends_oddly(node.url):
            self._warn(
                "link-odd-end",
                f"the address {url} ends in {node.url[-1]}",
                node,
                "Remove the last character if it does not belong to the address.",
            )
        if meant := self._page_meant(url):
            self._warn("link-dead", f"there is no page {url}", node, f"Write {meant}.")

    def _page_meant(self, url: str) -> str:
        ours = self._may_be_ours(url) and site_of(url) == self.site
        return self.meant(url) if ours else ""

    def _may_be_ours(self, url: str) -> bool:
        """Look at an address before it is taken apart, for that takes long."""
        return self.site[:-1] in url.lower()

    def _report(self, error: AddressError, node: Node, *, kind: str = "link") -> None:
        self.findings.append(
            Finding(
                rule=error.rule.replace("link", kind, 1),
                severity=Severity.ERROR,
                message=error.reason.replace("link", kind, 1),
                path=self.path,
                line=node.line,
                hint=error.hint,
                words=node.url or "]()",
            )
        )

    def _warn(self, rule: str, message: str, node: Node, hint: str) -> None:
        self.findings.append(
            Finding(
                rule=rule,
                severity=Severity.WARNING,
                message=message,
                path=self.path,
                line=node.line,
                hint=hint,
                words=node.url,
            )
        )


def readable(url: str) -> str:
    """Show an address as people write it: host and path, decoded.

    >>> readable("https://example.org/gr%C3%BC%C3%9Fe/")
    'example.org/grüße'
    """
    parts = urlsplit(url)
    if not parts.netloc:
        return url.partition(":")[2]
    return unquote(parts.netloc + parts.path.rstrip("/"))


def _ends_oddly(written: str) -> bool:
    return bool(_ODD_END.search(written[-2:])) and written[:-1].isascii()


def _target(url: str, base: str) -> str:
    try:
        return resolve(url, base)
    except AddressError:
        return url


def _picture(url: str, base: str) -> str:
    resolved = resolve(url, base)
    if not resolved.startswith(("https://", "http://")):
        raise AddressError(
            "link-scheme", f"{url} is no picture", "Write the address of a picture."
        )
    return resolved


def _shows_something(children: Tree) -> bool:
    return any(node.text.strip() or node.kind in _SHOWN for node in walk(children))


def _text(text: str) -> Node:
    return Node(kind=Kind.TEXT, text=text)


def _urls(tree: Tree, kind: Kind, attribute: str) -> tuple[str, ...]:
    there = inventory(tree)
    if _RAW.isdisjoint(there):
        return tuple(node.url for node in there.get(kind, ()))
    urls: list[str] = []

    def note(name: str, value: str) -> str:
        if name == attribute:
            urls.append(value)
        return value

    for node in nodes_of(tree, _RAW | {kind}):
        if node.kind is kind:
            urls.append(node.url)
        else:
            change_urls(node.text, note)
    return tuple(urls)
