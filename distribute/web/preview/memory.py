"""What was shown last, so that the next preview can say what is new."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from distribute.web.cache.file import recall, remember
from distribute.web.preview.changes import Change, Shown, compare

_VERSION = "distribute-preview-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An edition as it was shown last, and the different one before that."""

    last: Shown
    at: str
    """When the last one was first shown, in words."""
    before: Shown | None = None
    before_at: str = ""
    """When the one before was first shown; empty if there was none."""

    @property
    def change(self) -> Change | None:
        """What the last differs in from the one before."""
        return compare(self.before, self.last) if self.before else None

    def followed_by(self, shown: Shown, at: str) -> "Past":
        """Go on from here; who looks twice at the same still sees what was new in it."""
        if shown == self.last:
            return self
        return Past(last=shown, at=at, before=self.last, before_at=self.at)


def recall_past(path: Path) -> dict[str, Past]:
    """Read what was shown, by language tag; nothing if nobody knows."""
    known: Any = recall(path, _VERSION)
    return {tag: _past(**each) for tag, each in (known or {}).items()}


def remember_past(path: Path, past: Mapping[str, Past]) -> None:
    """Keep it for the next time, beside what is known of editions not shown this time."""
    known = {**recall_past(path), **past}
    remember(path, _VERSION, {tag: _fields(each) for tag, each in known.items()})


def _fields(value: Past | Shown) -> dict[str, object]:
    found = {field.name: getattr(value, field.name) for field in fields(value)}
    return {
        name: _fields(each) if isinstance(each, Shown) else each
        for name, each in found.items()
    }


def _past(**values: Any) -> Past:
    before = values.pop("before")
    last = values.pop("last")
    return Past(last=_shown(last), before=_shown(before) if before else None, **values)


def _shown(values: dict[str, Any]) -> Shown:
    return Shown(**values | {"lines": tuple(values["lines"])})
