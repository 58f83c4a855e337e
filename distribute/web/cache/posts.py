"""What an earlier run made of the same posts, so that they need not be parsed again.

A post is known by the digest of its bytes, so nothing here is ever out of date. Only
texts are kept in mind that need no repair: the body of such a one is the end of its file,
and is not written down.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any

from distribute.editions.detect import Guess
from distribute.editions.impression import Impression, impression_of
from distribute.finding import Finding, Severity
from distribute.posts.filename import parse_file_name
from distribute.posts.post import FrontMatter, Post
from distribute.posts.source import parse_post
from distribute.web.cache.file import recall, remember
from distribute.web.version import rendering_version

_TUPLES = frozenset(
    each.name for each in fields(FrontMatter) if str(each.type).startswith("tuple")
)
_Written = dict[str, Any]


class KnownPosts:
    """Posts and impressions, in one file."""

    def __init__(self, memory: Path) -> None:
        self._memory = memory
        self._now: dict[str, _Written] = {}
        self._digests: dict[PurePath, str] = {}
        self._learnt = False

    def parse(self, data: bytes, path: PurePath) -> Post:
        """Make a post of the bytes of a file, as `parse_post` does."""
        digest = sha256(data).hexdigest()
        known = self._before.get(digest)
        if known is not None:
            self._now[digest], self._digests[path] = known, digest
            return _post(known, data, path)
        post = parse_post(data, path)
        self._digests.pop(path, None)
        if (written := _written(post, data)) is not None:
            self._now[digest], self._digests[path] = written, digest
            self._learnt = True
        return post

    def impression(self, post: Post, among: frozenset[str]) -> Impression:
        """Look at a post, as `impression_of` does."""
        known = self._now.get(self._digests.get(post.path, ""))
        if known is None:
            return impression_of(post, among)
        likely = sorted(among)
        if known.get("among") == likely:
            return _impression(known["impression"])
        impression = impression_of(post, among)
        known |= {"among": likely, "impression": asdict(impression)}
        self._learnt = True
        return impression

    def keep(self) -> None:
        """Write down what was asked for; where that cannot be, it is not remembered."""
        if not self._learnt and self._now.keys() == self._before.keys():
            return
        remember(self._memory, rendering_version(), self._now)

    @cached_property
    def _before(self) -> Mapping[str, _Written]:
        known: Any = recall(self._memory, rendering_version())
        return known or {}


def _written(post: Post, data: bytes) -> _Written | None:
    """Write down what was made of a file; `None` if its text was repaired."""
    start = len(_with_lf(data)) - len(post.body.encode("utf-8", "replace"))
    if start < 0 or _body(data, start) != post.body:
        return None
    return {
        "front_matter": {
            each.name: getattr(post.front_matter, each.name)
            for each in fields(FrontMatter)
        },
        "start": start,
        "body_line": post.body_line,
        "findings": [
            [each.rule, each.severity, each.message, each.line, each.column, each.hint]
            for each in post.findings
        ],
    }


def _post(written: _Written, data: bytes, path: PurePath) -> Post:
    return Post(
        path=path,
        file_name=parse_file_name(path.name),
        front_matter=_front_matter(written["front_matter"]),
        body=_body(data, written["start"]),
        body_line=written["body_line"],
        findings=_findings(written["findings"], path),
    )


def _body(data: bytes, start: int) -> str:
    """Read what stands from an octet on; U+FFFD where that is no text."""
    return _with_lf(data)[start:].decode("utf-8", "replace")


def _with_lf(data: bytes) -> bytes:
    if b"\r" not in data:
        return data
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _front_matter(written: _Written) -> FrontMatter:
    values = {name: tuple(written[name]) for name in _TUPLES}
    return FrontMatter(**(written | values))


def _findings(written: list[Any], path: PurePath) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            rule=rule,
            severity=Severity(severity),
            message=message,
            path=path,
            line=line,
            column=column,
            hint=hint,
        )
        for rule, severity, message, line, column, hint in written
    )


def _impression(written: _Written) -> Impression:
    guess = written["guess"]
    return Impression(Guess(**guess) if guess else None, str(written["image"]))
