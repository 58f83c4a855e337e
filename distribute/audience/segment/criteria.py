"""What can be asked of a subscriber, answered alike by Python and by the database.

Of each criterion `sql` writes a condition on ``subscriber AS s`` that is true or false,
never NULL; what it compares with is given to `Values` and stands in it by name alone.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from distribute.audience.database.database import to_text
from distribute.audience.subscriber import Status, Subscriber


@dataclass(slots=True)
class Values:
    """Gives a name to each value that a condition compares with."""

    prefix: str
    by_name: dict[str, str | int] = field(default_factory=dict)

    def name(self, value: str | int) -> str:
        """Keep a value; gives what stands for it in SQL: ``:segment_0``."""
        name = f"{self.prefix}_{len(self.by_name)}"
        self.by_name[name] = value
        return f":{name}"


class Criterion(Protocol):
    """Something that is true of a subscriber, or not."""

    def matches(self, subscriber: Subscriber) -> bool:
        """Tell whether it is."""
        ...

    def sql(self, values: Values) -> str:
        """Write the same as a condition on ``subscriber AS s``."""
        ...


@dataclass(frozen=True, slots=True)
class Wishes:
    """They wish for a language, anywhere in their list, or for a more special one.

    ``pt`` finds ``pt-BR`` too (RFC 4647 section 3.3.1). An empty tag: for any at all.
    """

    tag: str

    def matches(self, subscriber: Subscriber) -> bool:
        """See `Criterion`."""
        tags = [language.tag for language in subscriber.languages]
        if not self.tag:
            return bool(tags)
        return any(tag == self.tag or tag.startswith(f"{self.tag}-") for tag in tags)

    def sql(self, values: Values) -> str:
        """See `Criterion`."""
        if not self.tag:
            return "s.languages <> ''"
        same, special = values.name(f" {self.tag} "), values.name(f" {self.tag}-")
        within = "' ' || s.languages || ' '"
        return f"(instr({within}, {same}) > 0 OR instr({within}, {special}) > 0)"


@dataclass(frozen=True, slots=True)
class Tagged:
    """They have a tag; an empty one: any at all."""

    tag: str

    def matches(self, subscriber: Subscriber) -> bool:
        """See `Criterion`."""
        return self.tag in subscriber.tags if self.tag else bool(subscriber.tags)

    def sql(self, values: Values) -> str:
        """See `Criterion`."""
        if not self.tag:
            return "s.tags <> ''"
        return f"instr(' ' || s.tags || ' ', {values.name(f' {self.tag} ')}) > 0"


@dataclass(frozen=True, slots=True)
class AtDomain:
    """Their mailbox is at a domain, and not at one below it."""

    domain: str
    """As `Mailbox.key` has it."""

    def matches(self, subscriber: Subscriber) -> bool:
        """See `Criterion`."""
        return subscriber.mailbox.key.endswith(f"@{self.domain}")

    def sql(self, values: Values) -> str:
        """See `Criterion`."""
        end = f"@{self.domain}"
        before = values.name(len(self.domain))
        return f"substr(s.key, length(s.key) - {before}) = {values.name(end)}"


@dataclass(frozen=True, slots=True)
class HasAddress:
    """They are this one person."""

    key: str
    """`Mailbox.key`."""

    def matches(self, subscriber: Subscriber) -> bool:
        """See `Criterion`."""
        return subscriber.mailbox.key == self.key

    def sql(self, values: Values) -> str:
        """See `Criterion`."""
        return f"s.key = {values.name(self.key)}"


@dataclass(frozen=True, slots=True)
class CameBy:
    """They came in a certain way, word for word, or in one that begins so."""

    source: str
    is_beginning: bool = False

    def matches(self, subscriber: Subscriber) -> bool:
        """See `Criterion`."""
        if self.is_beginning:
            return subscriber.source.startswith(self.source)
        return subscriber.source == self.source

    def sql(self, values: Values) -> str:
        """See `Criterion`."""
        if not self.is_beginning:
            return f"s.source = {values.name(self.source)}"
        # Else the beginning of what is empty would not be found in anything.
        return f"instr('.' || s.source, {values.name(f'.{self.source}')}) = 1"


@dataclass(frozen=True, slots=True)
class HasStatus:
    """They have this status."""

    status: Status

    def matches(self, subscriber: Subscriber) -> bool:
        """See `Criterion`."""
        return subscriber.status is self.status

    def sql(self, values: Values) -> str:
        """See `Criterion`."""
        return f"s.status = {values.name(self.status.value)}"


@dataclass(frozen=True, slots=True)
class Joined:
    """They joined at or after one instant, and before another; both aware.

    `None` for either sets no limit; nobody matches of whom it is not known.
    """

    start: datetime | None = None
    end: datetime | None = None

    def matches(self, subscriber: Subscriber) -> bool:
        """See `Criterion`."""
        joined = subscriber.joined
        if joined is None:
            return False
        is_late = self.start is None or self.start <= joined
        return is_late and (self.end is None or joined < self.end)

    def sql(self, values: Values) -> str:
        """See `Criterion`; the texts of two instants compare as the instants do."""
        conditions = ["s.joined IS NOT NULL"]
        if self.start is not None:
            conditions.append(f"s.joined >= {values.name(to_text(self.start))}")
        if self.end is not None:
            conditions.append(f"s.joined < {values.name(to_text(self.end))}")
        return f"({' AND '.join(conditions)})"


@dataclass(frozen=True, slots=True)
class Both:
    """All of these are true."""

    parts: tuple[Criterion, ...]

    def matches(self, subscriber: Subscriber) -> bool:
        """See `Criterion`."""
        return all(part.matches(subscriber) for part in self.parts)

    def sql(self, values: Values) -> str:
        """See `Criterion`."""
        return f"({' AND '.join(part.sql(values) for part in self.parts)})"


@dataclass(frozen=True, slots=True)
class Either:
    """One of these is true, or more than one."""

    parts: tuple[Criterion, ...]

    def matches(self, subscriber: Subscriber) -> bool:
        """See `Criterion`."""
        return any(part.matches(subscriber) for part in self.parts)

    def sql(self, values: Values) -> str:
        """See `Criterion`."""
        return f"({' OR '.join(part.sql(values) for part in self.parts)})"


@dataclass(frozen=True, slots=True)
class Not:
    """This is not true."""

    part: Criterion

    def matches(self, subscriber: Subscriber) -> bool:
        """See `Criterion`."""
        return not self.part.matches(subscriber)

    def sql(self, values: Values) -> str:
        """See `Criterion`."""
        return f"(NOT {self.part.sql(values)})"
