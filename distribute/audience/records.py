"""Write what is known of somebody as values that JSON has, and read their consents back."""

import json
from datetime import datetime

from distribute.audience.consent import Act, Consent, shortened
from distribute.audience.subscriber import Subscriber
from distribute.errors import AudienceError

_MOST_CONSENTS = 100
_LONGEST = 200
"""Characters of a source, a wording or a network."""


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
    if not text:
        return ()
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise AudienceError(f"consents are no JSON: {text[:40]!r}") from None
    if not isinstance(found, list) or len(found) > _MOST_CONSENTS:
        raise AudienceError(f"consents are no list of at most {_MOST_CONSENTS}")
    return tuple(map(_consent, found))


def _consent(document: object) -> Consent:
    if not isinstance(document, dict):
        raise AudienceError(f"a consent is no object: {document!r:.40}")
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
        raise AudienceError(f"the {name} of a consent makes no sense: {value!r:.40}")
    return value


def _network(text: str) -> str:
    """Shorten what may be a whole address; one that is short already stays."""
    return shortened(text.partition("/")[0]) if text else ""
