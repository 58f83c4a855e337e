"""Choose an edition for a reader's wishes, and say why it is that one."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, Protocol, Self

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language, best_match

_WISHES_REMEMBERED = 4096

_Wishes = tuple[Language, ...]


class Choice(NamedTuple):
    """The edition for one list of wishes, or why there is none."""

    language: Language | None
    reason: str
    number: int
    """`choice_number` of these two."""


class Chooser(Protocol):
    """Whatever chooses an edition."""

    def of(self, languages: str, only_these: int) -> Choice:
        """Choose for wishes as a table keeps them; see `Choices`."""
        ...


class Choices:
    """Chooses the edition that suits a list of wishes best, once per list.

    Each wish is tried in order, as `best_match` does it; then the last resorts, the
    newsletter's default among them. Those who want only what they wish for get nothing
    else. Editions that are `held_back` are sent to nobody.
    """

    def __init__(
        self,
        editions: Iterable[Language],
        last_resorts: _Wishes,
        default: Language,
        held_back: Iterable[Language] = (),
    ) -> None:
        self._held_back = tuple(held_back)
        self._editions = tuple(e for e in editions if e not in self._held_back)
        self._last_resorts = last_resorts
        self._default = default
        self._remembered = lru_cache(_WISHES_REMEMBERED)(self._choose)

    @classmethod
    def for_issue(
        cls,
        issue: Issue,
        publication: Publication,
        held_back: Iterable[Language] = (),
    ) -> Self:
        """Choose among the editions of an issue: fallbacks, then the default language."""
        default = publication.default_language
        last_resorts = (*publication.fallbacks, default)
        return cls(issue.editions, last_resorts, default, held_back)

    def of(self, languages: str, only_these: int) -> Choice:
        """Choose for wishes as a table keeps them: tags in order, one space between."""
        return self._remembered(languages, only_these)

    def __reduce__(self) -> tuple[object, ...]:
        given = self._editions, self._last_resorts, self._default, self._held_back
        return type(self), given

    def _choose(self, languages: str, only_these: int) -> Choice:
        wishes = tuple(Language(tag) for tag in languages.split())
        edition, reason = self._decide(wishes, only_these=bool(only_these))
        tag = edition.tag if edition else ""
        return Choice(edition, reason, choice_number(tag, reason))

    def _decide(
        self, wishes: _Wishes, *, only_these: bool
    ) -> tuple[Language | None, str]:
        if wishes and (match := best_match(wishes, self._editions)):
            return match[1], why_wished(wishes, *match)
        if wishes and only_these:
            late = best_match(wishes, self._held_back)
            why = f"{late[1]} came too late" if late else "there is no edition"
            return None, f"wants only {_listed(wishes)}, and {why}"
        if match := best_match(self._last_resorts, self._editions):
            role = "default" if match[1] == self._default else "fallback"
            asked = f"asked for {_listed(wishes)}" if wishes else "no wish"
            return match[1], f"{asked}, {match[1]} is the {role}"
        return None, f"no edition in {_listed(wishes + self._last_resorts)}"


def choice_number(tag: str, reason: str) -> int:
    """Derive the number of a choice from what it says: 48 bits of a SHA-256.

    So it is the same on every run. The tag is empty for those who get nothing.
    """
    digest = hashlib.sha256(f"{tag}\0{reason}".encode()).digest()
    return int.from_bytes(digest[:6], "big")


def why_wished(wishes: _Wishes, wish: Language, edition: Language) -> str:
    """Say which of somebody's wishes an edition meets."""
    asked = ", then ".join(w.tag for w in wishes[: wishes.index(wish) + 1])
    nearest = "" if wish == edition else f", {edition} is nearest"
    return f"asked for {asked}{nearest}"


def _listed(languages: Iterable[Language]) -> str:
    return ", ".join(dict.fromkeys(language.tag for language in languages))
