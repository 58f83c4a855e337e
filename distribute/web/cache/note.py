"""What is written down about a post, so that a later run need not parse it.

Only of texts that needed no repair: the body of such a one is the end of its file, and is
read from there when somebody asks for it.
"""

from dataclasses import fields
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any

from distribute.editions.language.detect import Guess
from distribute.editions.language.impression import Impression
from distribute.errors import SourceError
from distribute.finding import Finding, Severity
from distribute.posts.filename import parse_file_name
from distribute.posts.post import FrontMatter, Post
from distribute.posts.source import bytes_of

Note = dict[str, Any]
"""In the types of JSON."""

_BLANK = FrontMatter()
_TUPLES = frozenset(
    each.name
    for each in fields(_BLANK)
    if isinstance(getattr(_BLANK, each.name), tuple)
)


def note_of(post: Post, data: bytes) -> Note | None:
    """Write down what was made of the bytes of a file; `None` if they were repaired."""
    body = post.body.encode("utf-8", "surrogatepass")
    text = _with_lf(data)
    if not text.endswith(body):
        return None
    return {
        "front_matter": _written_front_matter(post.front_matter),
        "start": len(text) - len(body),
        "digest": sha256(body).hexdigest(),
        "body_line": post.body_line,
        "findings": [
            {
                each.name: getattr(finding, each.name)
                for each in fields(finding)
                if each.name != "path"
            }
            for finding in post.findings
        ],
    }


def post_of(note: Note, file: str, path: Path, place: PurePath) -> Post:
    """Make the post again that lies at a path; findings print it as `place`.

    `file` is the digest of its bytes. Asking for the body raises `SourceError` if they
    have become others in the meantime.
    """
    return Post(
        path=place,
        file_name=parse_file_name(place.name),
        front_matter=_front_matter(note["front_matter"]),
        body=partial(_body, path, place, file, note["start"]),
        body_line=note["body_line"],
        findings=_findings(note["findings"], place) if note["findings"] else (),
        digest=note["digest"],
    )


def note_impression(impression: Impression, among: frozenset[str]) -> Note:
    """Write down what a post looks like, with the languages that it was looked at for."""
    guess = impression.guess
    seen = [guess.primary, guess.script, guess.is_sure] if guess else None
    return {"among": sorted(among), "guess": seen, "image": impression.image}


def impression_in(note: Note, among: frozenset[str]) -> Impression | None:
    """Give what a post was seen to look like; `None` if it was not looked at for these."""
    if note.get("among") != sorted(among):
        return None
    guess = Guess(*note["guess"]) if note["guess"] else None
    return Impression(guess, str(note["image"]))


def _body(path: Path, place: PurePath, file: str, start: int) -> str:
    data = bytes_of(path, place)
    if sha256(data).hexdigest() != file:
        raise SourceError(
            "was changed while it was read", path=place, hint="Run the command again."
        )
    return _with_lf(data)[start:].decode()


def _with_lf(data: bytes) -> bytes:
    if b"\r" not in data:
        return data
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _written_front_matter(front_matter: FrontMatter) -> Note:
    """Take all fields that say something."""
    values = {
        each.name: getattr(front_matter, each.name) for each in fields(FrontMatter)
    }
    return {
        name: said for name, said in values.items() if said != getattr(_BLANK, name)
    }


def _front_matter(note: Note) -> FrontMatter:
    said: dict[str, Any] = {
        name: tuple(value) if name in _TUPLES else value for name, value in note.items()
    }
    return FrontMatter(**said)


def _findings(note: list[Any], place: PurePath) -> tuple[Finding, ...]:
    return tuple(
        Finding(**facts | {"path": place, "severity": Severity(facts["severity"])})
        for facts in note
    )
