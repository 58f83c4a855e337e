"""What somebody should know about the newsletter, with file and line."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath


class Severity(StrEnum):
    """How much a finding matters; an error blocks, a warning asks, a note tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, odd, or was repaired.

    >>> from pathlib import PurePosixPath
    >>> print(Finding(rule="link-empty", severity=Severity.WARNING,
    ...     path=PurePosixPath("posts/a.md"), line=7, message="link without a target"))
    posts/a.md:7: warning: link without a target [link-empty]
    """

    rule: str
    """Stable id of the rule in kebab-case, such as ``link-broken``."""
    severity: Severity
    message: str
    """What is wrong, in one sentence without a full stop."""
    path: PurePath
    line: int = 0
    """Line in the file, from 1; 0 where the whole file is meant."""
    column: int = 0
    """Column in the line, from 1; 0 where the whole line is meant."""
    hint: str = ""
    """What to do next."""
    words: str = ""
    """What it is about, letter for letter as it stands in that line of the file; empty
    where there is no such place. The column is found by it."""

    def __str__(self) -> str:
        place = str(self.path)
        if self.line:
            place += f":{self.line}"
        if self.column:
            place += f":{self.column}"
        return f"{place}: {self.severity}: {self.message} [{self.rule}]"
