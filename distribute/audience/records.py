"""Write what is known of somebody as values that JSON has, and read their consents back."""

import json
from datetime import datetime
from functools import lru_cache

from distribute.audience.consent import Act, Consent, Wording, shortened
from distribute.audience.subscriber import Subscriber
from distribute.errors import AudienceError
from distribute.language import Language

_MOST = 500
"""Acts of one person, and wordings; a line of JSON has no room for more."""
_LONGEST = 200
"""Characters of a source, a version or a network."""
_LONGEST_WORDS = 10_000


def as_json(subscriber: Subscriber) -> dict[str, object]:
    """Give what is known about somebody, as values that JSON has."""
    pause = subscriber.paused_until
    return {
        "email": subscriber.mailbox.address,
        "name": subscriber.mailbox.name,
        "languages": [language.tag for language in subscriber.languages],
        "only_these": subscriber.only_these,
        "status": subscriber.status.value,
        "joined": subscriber.joined.isoformat() if subscriber.joined else None,
        "source": subscriber.source,
        "tags": list(subscriber.tags),
        "paused_until": pause.isoformat() if pause else None,
    }


def consent_as_json(consent: Consent) -> dict[str, str]:
    """Give one act of consent; what is not known is left out."""
    document = {
        "at": consent.at.isoformat(),
        "act": consent.act.value,
        "source": consent.source,
        "wording": consent.wording,
        "network": consent.network,
    }
    return {name: value for name, value in document.items() if value}


def read_consents(text: str) -> tuple[Consent, ...]:
    """Read a JSON list of acts, each as `consent_as_json` gives it.

    Raises `AudienceError` for anything else.
    """
    return tuple(map(_consent, _objects(text, "consents")))


def wording_as_json(wording: Wording) -> dict[str, str]:
    """Give the words that consents name, with the version by which they do."""
    return {
        "version": wording.version,
        "language": wording.language,
        "words": wording.words,
    }


@lru_cache(maxsize=64)
def read_wordings(text: str) -> tuple[Wording, ...]:
    """Read a JSON list of wordings, each as `wording_as_json` gives it.

    Raises `AudienceError` for anything else, above all for words that are not those of
    their version, and `LanguageError` for what is no language.
    """
    return tuple(map(_wording, _objects(text, "wordings")))


def _objects(text: str, name: str) -> list[dict[str, object]]:
    if not text:
        return []
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise AudienceError(f"{name} are no JSON: {text[:40]!r}") from None
    if not isinstance(found, list) or len(found) > _MOST:
        raise AudienceError(f"{name} are no list of at most {_MOST}")
    for each in found:
        if not isinstance(each, dict):
            raise AudienceError(f"one of the {name} is no object: {each!r:.40}")
    return found


def _wording(document: dict[str, object]) -> Wording:
    words = document.get("words", "")
    if not isinstance(words, str) or not 0 < len(words) <= _LONGEST_WORDS:
        raise AudienceError(f"the words of a wording make no sense: {words!r:.40}")
    if not words.replace("\n", " ").isprintable():
        raise AudienceError(f"words of a wording cannot be printed: {words!r:.40}")
    wording = Wording(Language.parse(_text(document, "language")).tag, words)
    if _text(document, "version") != wording.version:
        raise AudienceError(f"the words are not those of their version: {words!r:.40}")
    return wording


def _consent(document: dict[str, object]) -> Consent:
    try:
        at = datetime.fromisoformat(_text(document, "at"))
        act = Act(_text(document, "act"))
    except ValueError as error:
        raise AudienceError(f"a consent makes no sense: {error}") from None
    if at.tzinfo is None:
        raise AudienceError("a consent makes no sense: its time has no offset")
    return Consent(
        at=at,
        act=act,
        source=_text(document, "source"),
        wording=_text(document, "wording"),
        network=_network(_text(document, "network")),
    )


def _text(document: dict[str, object], name: str) -> str:
    value = document.get(name, "")
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        raise AudienceError(f"the {name} of consent makes no sense: {value!r:.40}")
    return value


def _network(text: str) -> str:
    """Shorten what may be a whole address; one that is short already stays."""
    return shortened(text.partition("/")[0]) if text else ""
