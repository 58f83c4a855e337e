"""Digest what a file depends on, so that it need not be made to know that it is the same.

Equal values have equal fingerprints in every process, on every machine and under every
hash seed; different ones do not, for each part is written with its type and its length.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from hashlib import sha256
from pathlib import PurePath
from types import NoneType
from typing import Any

LENGTH = 32
"""Hexadecimal digits: half of SHA-256, and more than chance can make equal."""


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


_Writer = tuple[bytes, Callable[[Any], bytes]]


def _written(value: Any) -> bytes:
    """Write a value so that no other is written alike."""
    if type(value) is str:  # as most are
        content = value.encode("utf-8", "surrogatepass")
        return b"str:%d:%b" % (len(content), content)
    kind, write = _writers[type(value)]
    content = write(value)
    return b"%b:%d:%b" % (kind, len(content), content)


class _Writers(dict[type, _Writer]):
    """How values of each type are tagged and written, chosen when one is first met."""

    def __missing__(self, of: type) -> _Writer:
        """Choose the first base that fits, else the fields of a dataclass."""
        for base, kind, write in _BASES:
            if issubclass(of, base):
                return self.setdefault(of, (kind or _name(of), write))
        if is_dataclass(of):
            return self.setdefault(of, (_name(of), _fields_of(of)))
        raise TypeError(f"{of.__qualname__} has no fingerprint")


_writers = _Writers()


def _fields_of(of: type) -> Callable[[Any], bytes]:
    compared = tuple(field.name for field in fields(of) if field.compare)
    return lambda value: _all(getattr(value, each) for each in compared)


def _name(of: type) -> bytes:
    return f"{of.__module__}.{of.__qualname__}".encode()


def _all(values: Iterable[object]) -> bytes:
    return b"".join(map(_written, values))


def _sorted(values: Iterable[object]) -> bytes:
    return b"".join(sorted(map(_written, values)))


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


_BASES: tuple[tuple[type, bytes, Callable[[Any], bytes]], ...] = (
    (Enum, b"", lambda member: _utf8(member.name)),
    (NoneType, b"none", lambda _: b""),
    (bool, b"bool", lambda value: b"1" if value else b"0"),
    (int, b"int", lambda number: b"%d" % number),
    (float, b"float", lambda number: repr(number).encode()),
    (str, b"str", _utf8),
    (bytes, b"bytes", bytes),
    (date, b"", lambda day: day.isoformat().encode()),  # and `datetime`, with its zone
    (PurePath, b"path", lambda path: _utf8(path.as_posix())),
    (tuple, b"list", _all),
    (list, b"list", _all),
    (set, b"set", _sorted),
    (frozenset, b"set", _sorted),
    (Mapping, b"mapping", lambda mapping: _sorted(mapping.items())),
)
"""Base, tag, writer: the first that fits; without a tag, the name of the type is one."""
