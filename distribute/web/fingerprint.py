"""Digest what a file depends on, so that it need not be made to know that it is the same.

Equal values have equal fingerprints in every process, on every machine and under every
hash seed; different ones do not, for each part is written with its type and its length.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from hashlib import sha256
from marshal import dumps
from operator import attrgetter
from pathlib import PurePath
from types import NoneType
from typing import Any

LENGTH = 32
"""Hexadecimal digits: half of SHA-256, and more than chance can make equal."""

_FORM = 2
"""Of marshal: later ones write differently what is equal and what is the same object."""

_ATOMS = frozenset({NoneType, bool, int, float, str, bytes})
"""What marshal writes as it is: with type and length, and a thousand in one go."""


def fingerprint_of(*parts: object) -> str:
    """Digest text, octets, numbers, instants, paths, and whatever holds these.

    That is tuples and lists in their order, sets and mappings in an order of their own,
    members of enumerations, and dataclasses, of which all fields that are compared count.
    Raises `TypeError` for anything else: better no fingerprint than one that does not
    change.

    >>> fingerprint_of("ab", "c") == fingerprint_of("a", "bc")
    False
    """
    return sha256(_written(parts)).hexdigest()[:LENGTH]


def _written(parts: Iterable[object]) -> bytes:
    return dumps(_spelled(parts), _FORM)


def _spelled(values: Iterable[Any]) -> list[Any]:
    """Spell each value so that no other is spelled alike: most are atoms already.

    Only what stands in an order of its own is a list; all else is a tuple with a tag.
    """
    return [
        value if type(value) in _ATOMS else _spellers[type(value)](value)
        for value in values
    ]


_Speller = Callable[[Any], object]


class _Spellers(dict[type, _Speller]):
    """How values of each type are spelled, chosen when one is first met."""

    def __missing__(self, of: type) -> _Speller:
        """Choose the first base that fits, else the fields of a dataclass."""
        name = f"{of.__module__}.{of.__qualname__}"
        for base, speller in _BASES:
            if issubclass(of, base):
                return self.setdefault(of, speller(name))
        if is_dataclass(of):
            return self.setdefault(of, _fields_of(of, name))
        raise TypeError(f"{of.__qualname__} has no fingerprint")


_spellers = _Spellers()


def _fields_of(of: type, name: str) -> _Speller:
    compared = [field.name for field in fields(of) if field.compare]
    if len(compared) < 2:
        return lambda value: (name, _spelled(getattr(value, each) for each in compared))
    values_of = attrgetter(*compared)  # quicker, but of one field it makes no tuple
    return lambda value: (name, _spelled(values_of(value)))


def _sorted(values: Iterable[object]) -> list[bytes]:
    return sorted(_written((value,)) for value in values)


_BASES: tuple[tuple[type, Callable[[str], _Speller]], ...] = (
    (Enum, lambda name: lambda member: (name, member.name)),
    (int, lambda _: int),
    (float, lambda _: float),
    (str, lambda _: str.__str__),
    (bytes, lambda _: bytes),
    (date, lambda name: lambda day: (name, day.isoformat())),  # `datetime` as well
    (PurePath, lambda _: lambda path: ("path", path.as_posix())),
    (tuple, lambda _: _spelled),
    (list, lambda _: _spelled),
    (set, lambda _: lambda members: ("set", _sorted(members))),
    (frozenset, lambda _: lambda members: ("set", _sorted(members))),
    (Mapping, lambda _: lambda mapping: ("mapping", _sorted(mapping.items()))),
)
"""Base, and what makes the speller of a type by that name: the first base that fits."""
