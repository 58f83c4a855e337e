"""What front matter holds, before anybody asks what it means."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A YAML mapping with what was odd about it; lines count from 1 in the YAML text."""

    values: Mapping[str, object]
    lines: Mapping[str, int]
    """Line of each key; of the last one, where a key stands twice."""
    repeated: tuple[tuple[str, int], ...] = ()
    """Keys that stand twice, with the line of the one that wins (the last, as in Jekyll)."""
    cut: tuple[tuple[str, int], ...] = ()
    """Keys whose unquoted value ends at a ``#``: YAML takes the rest for a comment."""
    controls: tuple[tuple[str, int], ...] = ()
    """Keys with control characters, written as escapes; they are taken out."""
