"""JSON from outside: what is not of the expected kind is as if it were not there."""

import json
from collections.abc import Mapping
from typing import TypeAlias

from distribute.errors import AudienceError

LARGEST = 8 * 1024 * 1024
"""Octets; one notification has a few thousand."""

Values: TypeAlias = Mapping[str, object]


def parse(body: bytes, *, provider: str) -> object:
    """Parse one JSON document; raises `AudienceError` for anything else."""
    try:
        return json.loads(body[:LARGEST].decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        why = error if len(body) <= LARGEST else f"it has more than {LARGEST} octets"
        raise AudienceError(
            f"not a notification of {provider}: {why}",
            hint="It has to be the JSON document as the provider sent it.",
        ) from error


def values(document: object, *path: str) -> Values:
    """Give the object at a path, empty if there is none."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def text(document: object, *path: str) -> str:
    """Give the text or number at a path, empty if there is none."""
    found = values(document, *path[:-1]).get(path[-1])
    if isinstance(found, bool):
        return ""
    return str(found)[:LARGEST] if isinstance(found, str | int | float) else ""


def items(document: object, *path: str) -> tuple[Values, ...]:
    """Give the objects in the list at a path, empty if there is none."""
    found = values(document, *path[:-1]).get(path[-1])
    if not isinstance(found, list):
        return ()
    return tuple(item for item in found if isinstance(item, dict))
