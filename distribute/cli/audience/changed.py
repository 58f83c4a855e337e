"""What changed about somebody, in the words in which their wishes are shown elsewhere."""

_NAMES = {"only_these": "only these", "paused": "pauses until"}
_LISTS = frozenset({"languages", "tags"})
"""Kept with blanks between their items, and shown as a table of the list writes them."""


def said_of(field: str, old: str, new: str) -> tuple[str, str, str]:
    """Name a field of the history as people do, and write both of its values.

    >>> said_of("languages", "", "pt-BR en")
    ('languages', '-', 'pt-BR; en')
    >>> said_of("paused", "2026-12-24", "")
    ('pauses until', '2026-12-24', '-')
    """
    return _NAMES.get(field, field), _value(field, old), _value(field, new)


def _value(field: str, text: str) -> str:
    return ("; ".join(text.split()) if field in _LISTS else text) or "-"
