"""Every exception this package raises.

::

    DistributeError                 something went wrong, and here is the next step
    ├── SourceError                 a file that cannot be used; prints ``path:line: reason``
    │   ├── FrontMatterError        its YAML head cannot be read
    │   └── AuthorsError            the file of authors cannot be read
    ├── LanguageError               not a BCP 47 language tag
    ├── MailboxError                not a mailbox that mail can be sent to
    ├── ConfigError                 ``distribute.toml`` is wrong; holds all mistakes at once
    ├── RenderError                 a template or catalogue is broken or incomplete
    ├── AudienceError               subscribers cannot be read or written
    │   ├── BusyError               for now, since somebody else is writing
    │   │   └── AwayError           its server does not answer
    │   │       └── StandbyError    or is a copy that can only be read, as yet
    │   ├── MovedError              here, since everything was moved elsewhere
    │   └── SegmentError            a segment cannot be understood; points at the place
    ├── PlanError                   the issue cannot be sent as asked
    │   ├── PlanDriftError          the plan is no longer the one that was approved
    │   └── CheckError              it has errors; holds what `distribute check` says of them
    ├── LockedError                 another sender works on this campaign
    └── DeliveryError               the sink failed in a way that would befall anyone
        ├── TransientDeliveryError  worth trying again later
        │   ├── LostConnectionError it broke, timed out, or speaks no SMTP any more
        │   └── PolicyRefusalError  it refuses one after the other as a matter of policy
        └── PermanentDeliveryError  nothing will change until somebody acts
            ├── TurnedAwayError     it refuses a connection before it knows whose it is
            └── NobodyKnownError    it knows hardly anybody: it may be the wrong server

A refused recipient is not an exception but a `distribute.campaign.campaign.Receipt`.
"""

from pathlib import PurePath
from unicodedata import combining, east_asian_width

_BEFORE, _BEHIND = 50, 25
"""Characters that are shown of a long line, around what is wrong with it."""


class DistributeError(Exception):
    """Anything that stops the work.

    `reason` says what is wrong; `hint` says what to do next and may be empty.
    """

    def __init__(self, reason: str, *, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.reason}\n  {self.hint}" if self.hint else self.reason


class SourceError(DistributeError):
    """A source file that cannot be used; `line` counts from 1, 0 means the whole file."""

    def __init__(
        self, reason: str, *, path: PurePath, line: int = 0, hint: str = ""
    ) -> None:
        super().__init__(reason, hint=hint)
        self.path = path
        self.line = line

    def __str__(self) -> str:
        return f"{_place(self.path, self.line)}: {super().__str__()}"


class FrontMatterError(SourceError):
    """The YAML head of a post cannot be read."""


class AuthorsError(SourceError):
    """The file of authors cannot be read."""


class LanguageError(DistributeError):
    """Not a language tag in the sense of BCP 47 (RFC 5646)."""


class MailboxError(DistributeError):
    """Not a mailbox in the sense of RFC 5322 section 3.4, or unsafe to write to."""


class ConfigError(DistributeError):
    """The configuration is wrong; `problems` lists every mistake, not just the first."""

    def __init__(self, problems: tuple[str, ...], *, hint: str = "") -> None:
        super().__init__("\n".join(problems), hint=hint)
        self.problems = problems


class RenderError(DistributeError):
    """A template or a catalogue is broken or incomplete.

    Prints like `SourceError` where `path` is known; `line` counts from 1, 0 means the
    whole file.
    """

    def __init__(
        self,
        reason: str,
        *,
        path: PurePath | None = None,
        line: int = 0,
        hint: str = "",
    ) -> None:
        super().__init__(reason, hint=hint)
        self.path = path
        self.line = line

    def __str__(self) -> str:
        if self.path is None:
            return super().__str__()
        return f"{_place(self.path, self.line)}: {super().__str__()}"


class AudienceError(DistributeError):
    """Subscribers cannot be read or written."""


class BusyError(AudienceError):
    """The file cannot be used for now: another process has it locked."""


class AwayError(BusyError):
    """The server of the database does not answer; nothing tells for how long."""


class StandbyError(AwayError):
    """The server is a copy that can only be read: for good, or till it is promoted."""


class MovedError(AudienceError):
    """Everything was moved out of this database while it was open."""


class SegmentError(AudienceError):
    """Not a segment in the sense of `distribute.audience.segment.segment`.

    `column` counts the characters of `text` from 1; prints as the line with a caret below.
    """

    def __init__(self, reason: str, *, text: str, column: int, hint: str = "") -> None:
        super().__init__(reason, hint=hint)
        self.text = text
        self.column = column

    def __str__(self) -> str:
        if not self.text.strip():
            return super().__str__()
        line, place = _excerpt(self.text, self.column - 1)
        caret = " " * _width(line[:place]) + "^"
        shown = f"{self.reason}, at column {self.column}:\n    {line}\n    {caret}"
        return f"{shown}\n  {self.hint}" if self.hint else shown


class PlanError(DistributeError):
    """The issue cannot be sent as asked."""


class PlanDriftError(PlanError):
    """The plan is no longer the one whose digest was approved."""


class CheckError(PlanError):
    """The issue has errors that nobody has let pass; `problems` lists them, one a line."""

    def __init__(self, reason: str, problems: tuple[str, ...], *, hint: str) -> None:
        super().__init__(reason, hint=hint)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join((self.reason, *self.problems, f"  {self.hint}"))


class LockedError(DistributeError):
    """Another sender works on this campaign; `holder` says who."""

    def __init__(self, reason: str, *, holder: str, hint: str = "") -> None:
        super().__init__(reason, hint=hint)
        self.holder = holder


class DeliveryError(DistributeError):
    """The sink failed in a way that would befall any recipient."""


class TransientDeliveryError(DeliveryError):
    """The sink may work later: no connection, 421, a full disk."""


class LostConnectionError(TransientDeliveryError):
    """The connection broke, timed out, or carries nothing sensible any more.

    `reply` is what the server said on its way out, if anything: a
    `distribute.sinks.smtp.replies.Reply`.
    """

    reply: object = None

    def __init__(
        self, reason: str, *, hint: str = "Run the same command again to go on."
    ) -> None:
        super().__init__(reason, hint=hint)


class PolicyRefusalError(TransientDeliveryError):
    """The server refuses too many as a matter of policy (RFC 3463, X.7.X)."""


class PermanentDeliveryError(DeliveryError):
    """The sink will not work until somebody acts: wrong password, bad certificate."""


class TurnedAwayError(PermanentDeliveryError):
    """The server refuses a connection in place of a greeting (RFC 5321 section 3.1).

    While it goes on with others of ours that only says that it bears no more.
    """


class NobodyKnownError(PermanentDeliveryError):
    """The server knows hardly anybody on the list; who goes on has all of it bounce."""


def _excerpt(text: str, place: int) -> tuple[str, int]:
    """Cut out what stands around a place; gives it on one line, and the place in it."""
    line = "".join(c if c.isprintable() else " " for c in text)
    begin = place - _BEFORE if place > _BEFORE else 0
    end = max(place + _BEHIND, begin + _BEFORE + _BEHIND)
    head, tail = "…" if begin else "", "…" if end < len(line) else ""
    return f"{head}{line[begin:end]}{tail}", place - begin + len(head)


def _width(text: str) -> int:
    """Count the columns that text takes on a terminal (UAX 11)."""
    wide = sum(east_asian_width(c) in {"W", "F"} for c in text)
    return len(text) + wide - sum(bool(combining(c)) for c in text)


def _place(path: PurePath, line: int) -> str:
    return f"{path}:{line}" if line else f"{path}"
