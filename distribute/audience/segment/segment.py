"""Segments: some of the people on the list, told by what is known of them.

::

    lang:pt tag:press joined>2026-01-01     all of these are true
    lang:pt or lang:es                      one of them is
    -domain:example.org, not tag:press      this is not
    (lang:pt or lang:es) -tag:press         parentheses go first, then `not`, then `or`
    source:"import people.csv"              quoted, since it has a blank in it

A text becomes a `Segment`, or a `SegmentError` that points at the column.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import NamedTuple

from distribute.audience.segment.criteria import Both, Criterion, Either, Not, Values
from distribute.audience.segment.fields import EQUALS, FIELDS, Asked
from distribute.audience.subscriber import Subscriber
from distribute.errors import DistributeError, SegmentError

LONGEST = 2000
"""Characters."""
DEEPEST = 40
"""Parentheses and negations, one within the other."""

_TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<open>\()|(?P<close>\))|(?P<minus>-)"
    r"|(?P<field>[^\W\d]\w*)(?P<operator>[:=]|\s*[<>]=?\s*)"
    r'(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<value>[^\s()"<>=]*))'
    r"|(?P<word>[^\s()\"]+)|(?P<stray>\")"
    r")",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_EXAMPLE = "lang:pt tag:press joined>2026-01-01"


@dataclass(frozen=True, slots=True)
class Segment:
    """Some of the people on the list."""

    text: str
    """As it was written, on one line."""
    criterion: Criterion

    def matches(self, subscriber: Subscriber) -> bool:
        """Tell whether somebody is in it."""
        return self.criterion.matches(subscriber)

    def sql(self, prefix: str = "segment") -> tuple[str, Mapping[str, str | int]]:
        """Write the same as a condition on ``subscriber AS s``, with its values by name.

        The condition is never NULL, and nothing of the text is in it.
        """
        values = Values(prefix)
        return self.criterion.sql(values), values.by_name

    def __str__(self) -> str:
        return self.text


def parse_segment(text: str, zone: tzinfo = UTC) -> Segment:
    """Read a segment; its days begin at midnight in the zone.

    Raises `SegmentError` with the column.
    """
    if len(text) > LONGEST:
        raise SegmentError(
            f"the segment has more than {LONGEST:,} characters",
            text=text[:60] + "…",
            column=1,
            hint="Give those people a tag of their own: `distribute audience tag`.",
        )
    criterion = _Parser(text, zone).parse()
    return Segment(" ".join(text.split()), criterion)


class _Token(NamedTuple):
    """A piece of the text."""

    kind: str
    """``open``, ``close``, ``not``, ``or``, ``and``, ``term``, ``word`` or ``end``."""
    column: int
    field: str = ""
    """Of a term, like what follows; of a word the word."""
    operator: str = ""
    value: str = ""
    value_column: int = 0


class _Parser:
    """Reads one text from its beginning to its end."""

    def __init__(self, text: str, zone: tzinfo) -> None:
        self._text = text
        self._zone = zone
        self._tokens = self._cut()
        self._place = 0
        self._depth = 0

    def parse(self) -> Criterion:
        """Read all of it."""
        if self._next.kind == "end":
            raise self._error("the segment is empty", 1, f"Write {_EXAMPLE}.")
        criterion = self._either()
        if self._next.kind == "close":
            raise self._error("nothing is open that ) could close", self._next.column)
        return criterion

    @property
    def _next(self) -> _Token:
        return self._tokens[self._place]

    def _take(self) -> _Token:
        token = self._next
        self._place += 1
        return token

    def _either(self) -> Criterion:
        parts = [self._both()]
        while self._next.kind == "or":
            self._take()
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> Criterion:
        parts = [self._one()]
        while self._next.kind not in {"or", "close", "end"}:
            if self._next.kind == "and":
                self._take()
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _one(self) -> Criterion:
        """Read a term, a negation, or what is in parentheses."""
        token = self._take()
        match token.kind:
            case "term":
                return self._term(token)
            case "not" | "open":
                self._descend(token)
                inner = self._one() if token.kind == "not" else self._inner(token)
                self._depth -= 1
                return Not(inner) if token.kind == "not" else inner
            case "word":
                raise self._error(
                    f"{token.field!r} does not say of which field it is",
                    token.column,
                    f"Write {_EXAMPLE}; values with blanks in quotes.",
                )
            case _:
                raise self._missing(token)

    def _inner(self, opening: _Token) -> Criterion:
        inner = self._either()
        if self._next.kind != "close":
            raise self._error("this ( is never closed", opening.column)
        self._take()
        return inner

    def _descend(self, token: _Token) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._error(f"more than {DEEPEST} levels deep", token.column)

    def _term(self, token: _Token) -> Criterion:
        name = token.field.casefold()
        known = FIELDS.get(name)
        if known is None:
            raise self._unknown(token)
        operator = EQUALS if token.operator == "=" else token.operator
        if operator not in known.operators:
            raise self._error(
                f"{name} has no order", token.column, f"Write {known.example}."
            )
        if not token.value:
            raise self._error(
                f"{name} has no value", token.value_column, f"Write {known.example}."
            )
        try:
            return known.read(Asked(operator, token.value, self._zone))
        except DistributeError as error:
            raise self._error(error.reason, token.value_column, error.hint) from error

    def _cut(self) -> Sequence[_Token]:
        """Cut the text into pieces; the last one is its end."""
        tokens, place = [], 0
        while self._text[place:].strip():
            match = _TOKEN.match(self._text, place)
            if match is None or match["stray"]:
                column = len(self._text) - len(self._text[place:].lstrip()) + 1
                raise self._error("this quote is out of place", column)
            tokens.append(self._token(match))
            place = match.end()
        return [*tokens, _Token("end", len(self._text.rstrip()) + 1)]

    def _token(self, match: re.Match[str]) -> _Token:
        kind = match.lastgroup or ""
        column = match.end() - len(match[0].lstrip()) + 1
        if kind in {"quoted", "value"}:
            return self._cut_term(match, column)
        if kind == "minus" or match[0].strip().casefold() == "not":
            return _Token("not", column)
        word = match[0].strip()
        if kind == "word":
            joint = word.casefold()
            kind = joint if joint in {"or", "and"} else kind
        return _Token(kind, column, field=word)

    def _cut_term(self, match: re.Match[str], column: int) -> _Token:
        value, value_column = match["value"], match.start("value") + 1
        if value is None:
            value = _ESCAPE.sub(r"\1", match["quoted"])
            value_column = match.start("quoted")
        elif self._text[match.end() : match.end() + 1] == '"':
            what = "is out of place" if value else "is never closed"
            raise self._error(f"this quote {what}", match.end() + 1)
        unprintable = next((c for c in value if not c.isprintable()), "")
        if unprintable:
            raise self._error(
                f"{unprintable!r} cannot be part of a value", value_column
            )
        return _Token(
            "term",
            column,
            match["field"],
            match["operator"].strip(),
            value,
            value_column,
        )

    def _unknown(self, token: _Token) -> SegmentError:
        from difflib import get_close_matches  # for mistakes alone

        near = get_close_matches(token.field.casefold(), FIELDS, n=1)
        guess = f"Did you mean {near[0]}? " if near else ""
        return self._error(
            f"there is no field {token.field!r}",
            token.column,
            f"{guess}There are: {', '.join(FIELDS)}.",
        )

    def _missing(self, token: _Token) -> SegmentError:
        """Say that something should stand before a piece that cannot be first."""
        found = {"end": "the end", "close": ")"}.get(token.kind, token.kind)
        return self._error(
            f"something is missing before {found}", token.column, f"Write {_EXAMPLE}."
        )

    def _error(self, reason: str, column: int, hint: str = "") -> SegmentError:
        return SegmentError(reason, text=self._text, column=column, hint=hint)
