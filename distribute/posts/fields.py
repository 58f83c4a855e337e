"""From YAML values to a `FrontMatter`: other names, other types, and what was odd."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath

from distribute.finding import Finding, Severity
from distribute.posts.head import Head
from distribute.posts.post import FrontMatter

NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "author": ("author", "authors"),
    "excerpt": ("excerpt", "summary", "description"),
    "preheader": ("preheader",),
    "lang": ("lang", "language", "locale"),
    "issue": ("issue", "issue_number"),
    "date": ("date",),
    "send": ("send",),
    "modified": ("modified", "last_modified_at", "lastmod", "updated"),
    "slug": ("slug",),
    "permalink": ("permalink",),
    "redirect_from": ("redirect_from",),
    "ref": ("ref", "translationKey", "translation_key"),
    "tags": ("tags", "tag"),
    "image": ("image", "cover"),
    "thumb": ("thumb", "thumbnail"),
    "draft": ("draft",),
    "published": ("published",),
    "guid": ("guid",),
}
"""What each field is called in a post, ours first; the first that is not blank counts."""

_PROSE = ("title", "excerpt", "preheader")
_IMAGE_KEYS = ("feature", "path", "url", "src", "cover", "image")
_THUMB_KEYS = ("thumb", "thumbnail", "teaser")
_TRUE = frozenset({"true", "yes", "on", "1", "y"})
_FALSE = frozenset({"false", "no", "off", "0", "n", ""})


class _Reader:
    """Take the fields out of one head, and note what was odd about them."""

    def __init__(self, head: Head, path: PurePath) -> None:
        self.head = head
        self.path = path
        self.findings: list[Finding] = []

    def key(self, field: str) -> str:
        """Give the name under which the post has this field; ours if it has none."""
        used = [n for n in NAMES[field] if not _is_blank(self.head.values.get(n))]
        return used[0] if used else field

    def value(self, field: str) -> object:
        """Give what the YAML holds; `None` where it holds nothing."""
        return self.head.values.get(self.key(field))

    def text(self, field: str) -> str:
        """Read text as written; a list is joined, and noted."""
        value = self.value(field)
        if isinstance(value, list | dict):
            self.note(
                f"{field}-type",
                f"{self.key(field)} is not text but {_shape(value)}",
                field,
                "Put it in double quotes, on one line.",
            )
        return ", ".join(_texts(value)) if isinstance(value, list) else _text(value)

    def word(self, field: str) -> str:
        """Read text in which the spaces around it say nothing."""
        return self.text(field).strip()

    def flag(self, field: str, *, unclear: bool) -> bool:
        """Read yes or no; `unclear` stands for anything else, so that nothing leaks."""
        word = _text(self.value(field)).strip().lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        self.note(
            f"{field}-type",
            f"{field} is {word!r}, neither true nor false; the post is taken for a draft",
            field,
            "Write true or false.",
        )
        return unclear

    def note(self, rule: str, message: str, field: str, hint: str) -> None:
        self.findings.append(
            Finding(
                rule=rule,
                severity=Severity.WARNING,
                path=self.path,
                line=self.head.lines.get(self.key(field), 0),
                message=message,
                hint=hint,
                words=self.key(field),
            )
        )


def read_fields(
    head: Head, *, path: PurePath
) -> tuple[FrontMatter, tuple[Finding, ...]]:
    """Read the front matter of one post; every value it cannot use is a warning."""
    reader = _Reader(head, path)
    image, thumb = _image(reader)
    front_matter = FrontMatter(
        title=reader.text("title"),
        author=_authors(reader.value("author")),
        excerpt=reader.text("excerpt"),
        preheader=reader.text("preheader"),
        lang=reader.word("lang"),
        issue=reader.word("issue"),
        date=reader.word("date"),
        send=reader.word("send"),
        modified=reader.word("modified"),
        slug=reader.word("slug"),
        permalink=reader.word("permalink"),
        redirect_from=_addresses(reader.value("redirect_from")),
        ref=reader.word("ref"),
        tags=_tags(reader.value("tags")),
        image=image,
        thumb=thumb,
        draft=_is_draft(reader),
        guid=reader.word("guid"),
        extra=_extra(head),
        lines=_lines(reader),
    )
    return front_matter, (*_yaml_findings(head, path), *reader.findings)


def _is_draft(reader: _Reader) -> bool:
    is_draft = reader.flag("draft", unclear=True)
    if "published" not in reader.head.values or reader.value("published") is None:
        return is_draft
    return is_draft or not reader.flag("published", unclear=False)


def _image(reader: _Reader) -> tuple[str, str]:
    image, thumb = reader.value("image"), reader.value("thumb")
    if isinstance(image, list):
        image = image[0] if image else None
    if not isinstance(image, dict):
        return _text(image).strip(), _text(thumb).strip()
    cover = _first_text(image, _IMAGE_KEYS)
    return cover, _first_text(image, _THUMB_KEYS) or _text(thumb).strip()


def _authors(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    written = (
        _first_text(item, ("name", "handle", "username"))
        if isinstance(item, dict)
        else _text(item)
        for item in items
    )
    names = (" ".join(name.split()) for name in written)
    return tuple(dict.fromkeys(name for name in names if name))


def _tags(value: object) -> tuple[str, ...]:
    """Split tags: at ``|`` always; text also at commas or, as Jekyll does, at spaces."""
    words: Iterable[str] = _texts(value)
    if isinstance(value, str):
        words = re.split(r"[,|]", value) if re.search(r"[,|]", value) else value.split()
    parts = (part for word in words for part in word.split("|"))
    folded = (" ".join(part.split()) for part in parts)
    return tuple(dict.fromkeys(tag for tag in folded if tag))


def _addresses(value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in _texts(value)))


def _texts(value: object) -> list[str]:
    """Flatten lists and mappings to the texts in them."""
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    return [] if _is_blank(value) else [_text(value)]


def _first_text(mapping: Mapping[str, object], keys: Iterable[str]) -> str:
    texts = (_text(mapping.get(key)).strip() for key in keys)
    return next((text for text in texts if text), "")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else ""


def _is_blank(value: object) -> bool:
    return (
        value is None
        or value in ([], {})
        or (isinstance(value, str) and not value.strip())
    )


def _shape(value: object) -> str:
    return "a list" if isinstance(value, list) else "keys and values"


def _extra(head: Head) -> dict[str, object]:
    known = {name for names in NAMES.values() for name in names}
    return {key: value for key, value in head.values.items() if key not in known}


def _lines(reader: _Reader) -> dict[str, int]:
    """Give the line of each key, and of each of our fields that goes by another name."""
    lines = dict(reader.head.lines)
    for field in NAMES:
        if (line := lines.get(reader.key(field))) is not None:
            lines[field] = line
    return lines


def _yaml_findings(head: Head, path: PurePath) -> Iterator[Finding]:
    for key, line in head.repeated:
        yield Finding(
            rule="front-matter-duplicate-key",
            severity=Severity.WARNING,
            path=path,
            line=line,
            message=f"{key} stands twice in the front matter; the last one counts",
            hint="Remove the other one.",
            words=key,
        )
    for key, line in head.controls:
        yield Finding(
            rule="control-character",
            severity=Severity.WARNING,
            path=path,
            line=line,
            message=f"{key} holds control characters, written as escapes; they are "
            "taken out",
            hint=r"Delete escapes such as \r, \0 or \x07.",
            words=key,
        )
    for key, line in head.cut:
        if key in _PROSE:
            yield Finding(
                rule="front-matter-comment",
                severity=Severity.WARNING,
                path=path,
                line=line,
                message=f"{key} ends at the #, since the rest of the line is a comment",
                hint="Put the value in double quotes.",
                words=key,
            )
