"""What a pass over the source has to say about it; it knows no file yet."""

from dataclasses import dataclass
from pathlib import PurePath

from distribute.finding import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A finding in the making: `located` adds the file."""

    rule: str
    line: int
    """Line in the file, from 1."""
    message: str
    hint: str = ""
    words: str = ""
    """What it is about, as it stands in that line."""
    severity: Severity = Severity.WARNING

    def located(self, path: PurePath) -> Finding:
        """Say in which file it is."""
        return Finding(
            rule=self.rule,
            severity=self.severity,
            message=self.message,
            path=path,
            line=self.line,
            hint=self.hint,
            words=self.words,
        )
