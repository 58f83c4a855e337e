"""All editions of one issue, as a page of the gallery shows them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from distribute.checks.proof import Proof
from distribute.checks.report import Report
from distribute.checks.rule import Rule
from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.errors import DistributeError, RenderError, SourceError
from distribute.feeds.options import FeedOptions
from distribute.web.preview.exhibit import Circumstances, Exhibit, exhibit_of
from distribute.web.preview.memory import recall_past
from distribute.web.preview.remarks import (
    Group,
    Remark,
    Tally,
    grouped,
    remarks_on,
    tally_of,
)

_MOST = 60
"""Characters of an id that a name keeps, if it cannot keep it whole."""
_UNSAFE = re.compile(r"[^a-z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What all rooms of the gallery have in common."""

    folder: Path
    """The newsletter's; the gallery is in its ``out/preview``."""
    publication: Publication
    rulebook: Mapping[str, Rule]
    now: datetime
    feeds: FeedOptions = field(default_factory=FeedOptions)

    @property
    def gallery(self) -> Path:
        """Where it is written."""
        return self.folder / "out" / "preview"

    def memory(self, issue: Issue) -> Path:
        """Name the file that keeps what was shown of an issue."""
        return self.folder / "out" / "cache" / "preview" / f"{name_of(issue)}.json"


@dataclass(frozen=True, slots=True)
class Missing:
    """An edition of which nothing can be shown, and why."""

    edition: Edition
    error: DistributeError

    @property
    def place(self) -> str:
        """Say in which file, and on which line of it; empty where that is not known."""
        if not isinstance(self.error, RenderError | SourceError) or not self.error.path:
            return ""
        return ":".join(map(str, filter(None, (self.error.path, self.error.line))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One issue, laid out."""

    issue: Issue
    exhibits: tuple[Exhibit, ...]
    missing: tuple[Missing, ...]
    remarks: tuple[Remark, ...]
    """Findings about no edition that is shown: about settings, templates, other posts."""

    @property
    def name(self) -> str:
        """What its files are called."""
        return name_of(self.issue)

    @property
    def at_large(self) -> tuple[Group, ...]:
        """Give these, those of one rule together."""
        return grouped(self.remarks)

    @property
    def tally(self) -> Tally:
        """How much was found, everything together."""
        of_editions = [each for exhibit in self.exhibits for each in exhibit.remarks]
        return tally_of([*self.remarks, *of_editions])


def room_of(
    issue: Issue,
    proofs: Sequence[Proof],
    report: Report,
    house: House,
    *,
    exhibit: Callable[[Proof, Circumstances], Exhibit] = exhibit_of,
) -> Room:
    """Lay out an issue with what was found about it.

    An edition that cannot be rendered is `Missing`, beside the others. `exhibit` takes
    the place of `exhibit_of`, for who has some at hand. Raises `DistributeError` if there
    is nothing to show at all.
    """
    remarks = remarks_on(report.findings, house.rulebook)
    known = Circumstances(
        remarks=remarks,
        off=report.off,
        past=recall_past(house.memory(issue)),
        feeds=house.feeds,
        now=f"{house.now:%Y-%m-%d %H:%M}",
    )
    exhibits, missing = [], []
    for proof in proofs:
        try:
            exhibits.append(exhibit(proof, known))
        except DistributeError as error:
            missing.append(Missing(proof.edition, error))
    if missing and not exhibits:
        raise missing[0].error
    posts = {each.edition.post.path for each in exhibits}
    return Room(
        issue=issue,
        exhibits=tuple(exhibits),
        missing=tuple(missing),
        remarks=tuple(each for each in remarks if each.finding.path not in posts),
    )


def name_of(issue: Issue) -> str:
    """Name the files of an issue, each differently on any disk: ``issue-5``."""
    safe = _UNSAFE.sub("-", issue.id.lower()).strip("-")
    if safe == issue.id and len(safe) <= _MOST:
        return f"issue-{safe}"
    digest = sha256(issue.id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return "-".join(filter(None, ("issue", safe[:_MOST], digest)))
