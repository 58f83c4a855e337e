"""What an earlier run made of the same posts, so that they need not be parsed again.

A post is known by where it lies and by the mark of its file on the disk: one that was not
touched since is not even opened. Else it is known by the digest of its bytes. A mark alone
would not do, for there are disks that give all files the same number.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any

from distribute.editions.language.impression import Impression, impression_of
from distribute.errors import SourceError
from distribute.posts.folder import list_posts
from distribute.posts.post import Post
from distribute.posts.source import bytes_of, parse_post
from distribute.web.cache.file import recall, remember
from distribute.web.cache.mark import Mark, is_settled, mark_in, mark_of
from distribute.web.cache.note import (
    Note,
    impression_in,
    note_impression,
    note_of,
    post_of,
)
from distribute.web.twin import with_twin
from distribute.web.version import rendering_version


@dataclass(frozen=True, slots=True)
class _Known:
    """A file that was read, and what was made of it."""

    path: str
    mark: Mark
    digest: str
    """Of its bytes."""
    note: Note


class KnownPosts:
    """Posts and impressions, in one file."""

    def __init__(self, memory: Path) -> None:
        self._memory = memory
        self._now: dict[PurePath, _Known] = {}
        """What was asked for, by the path that findings print."""
        self._learnt = False

    def learn(
        self, folder: Path, suffixes: Collection[str], among: frozenset[str]
    ) -> None:
        """Look at all posts of a folder, if nothing is known, in two processes.

        It is left to `read` to complain. Raises `SourceError` only if the folder cannot
        be listed.
        """
        if self._by_digest:
            return
        files = list_posts(folder, shown=folder, suffixes=suffixes).files
        for known in with_twin(lambda file: _seen(*file, among), files):
            if known:
                self._untouched[known.path] = known
                self._learnt = True

    def read(self, path: Path, place: PurePath) -> Post:
        """Read the post at a path, as `read_post` does; findings print it as `place`."""
        mark = _mark_of(path)
        known = self._untouched.get(str(path))
        if known is None or known.mark != mark:
            data = bytes_of(path, place)
            if mark is None or (known := self._recognised(data, path, mark)) is None:
                return self._parsed(data, path, mark, place)
        self._now[place] = known
        return post_of(known.note, known.digest, path, place)

    def impression(self, post: Post, among: frozenset[str]) -> Impression:
        """Look at a post, as `impression_of` does."""
        known = self._now.get(post.path)
        if known is None:
            return impression_of(post, among)
        if impression := impression_in(known.note, among):
            return impression
        impression = impression_of(post, among)
        known.note.update(note_impression(impression, among))
        self._learnt = True
        return impression

    def keep(self) -> None:
        """Write down what was asked for; where that cannot be, it is not remembered."""
        if not self._learnt and len(self._now) == len(self._before):
            return
        posts = [
            [each.path, each.mark, each.digest, each.note]
            for each in self._now.values()
        ]
        remember(self._memory, rendering_version(), posts)

    def _recognised(self, data: bytes, path: Path, mark: Mark) -> _Known | None:
        """Find the bytes that lay elsewhere, or earlier, and are the same."""
        known = self._by_digest.get(sha256(data).hexdigest())
        if known is None:
            return None
        self._learnt = True
        return replace(known, path=str(path), mark=mark, note=dict(known.note))

    def _parsed(
        self, data: bytes, path: Path, mark: Mark | None, place: PurePath
    ) -> Post:
        post = parse_post(data, place)
        self._now.pop(place, None)
        if mark is None or (note := note_of(post, data)) is None:
            return post
        self._now[place] = _Known(str(path), mark, sha256(data).hexdigest(), note)
        self._learnt = True
        return replace(post, digest=note["digest"])

    @cached_property
    def _before(self) -> list[_Known]:
        posts: Any = recall(self._memory, rendering_version())
        return [_Known(path, mark_in(mark), *rest) for path, mark, *rest in posts or ()]

    @cached_property
    def _untouched(self) -> dict[str, _Known]:
        """Find by its path what still is as its mark says; what is in doubt is left out."""
        try:
            written = self._memory.stat().st_mtime_ns if self._before else 0
        except OSError:  # it vanished in between
            return {}
        return {k.path: k for k in self._before if is_settled(k.mark, written)}

    @cached_property
    def _by_digest(self) -> dict[str, _Known]:
        return {known.digest: known for known in self._before}


def _seen(path: Path, place: PurePath, among: frozenset[str]) -> _Known | None:
    """Look at a file; `None` if it is no plain post."""
    mark = _mark_of(path)
    try:
        data = bytes_of(path, place)
        post = parse_post(data, place)
    except SourceError:
        return None
    if mark is None or (note := note_of(post, data)) is None:
        return None
    note |= note_impression(impression_of(post, among), among)
    return _Known(str(path), mark, sha256(data).hexdigest(), note)


def _mark_of(path: Path) -> Mark | None:
    """Take the mark of a file, or of what a link leads to."""
    try:
        return mark_of(path, follow_links=True)
    except OSError:
        return None
