"""TOML into tables, with every mistake found and its line; the one door to msgspec.

msgspec stops at its first mistake, so it is handed one value at a time; the tables
themselves are walked here, which is also where an unknown key can say what was meant.
"""

import dataclasses
import re
import tomllib
import types
import typing
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from distribute.errors import ConfigError

Table = typing.TypeVar("Table")
_KINDS: Mapping[str, str] = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "str": "text",
    "array": "a list",
    "object": "a table",
    "date": "a date",
    "time": "a time",
    "datetime": "a date and time",
}
"""What is written in TOML, by the names of the library that converts it."""
_COMPLAINT = re.compile(
    r"Expected `(?P<expected>[^`]+)`, got `(?P<found>[^`]+)`"
    r"(?P<within> - at `\$(?:\[(?P<entry>\d+)\])?.*`)?"
)
_INDEX = re.compile(r"\[\d+\]$")
"""Behind a key that holds tables: which of them, from 1."""
_MEND = "Nothing was done. Mend the file."


@dataclass(slots=True)
class Problems:
    """The mistakes found so far in one file."""

    path: PurePath
    text: str
    found: list[tuple[int, str]] = field(default_factory=list)
    """Line and sentence of each."""

    def add(self, key: str, reason: str) -> None:
        """Note a mistake at a dotted key such as ``smtp.port``."""
        line = line_of(self.text, key)
        place = f"{self.path}:{line}" if line else f"{self.path}"
        self.found.append((line, f"{place}: {key}: {reason}"))

    def error(self) -> ConfigError:
        """Give all of them as one error, in the order of the file's lines."""
        sentences = tuple(sentence for _, sentence in sorted(self.found))
        return ConfigError(sentences, hint=_MEND)


def parse_toml(text: str, path: PurePath) -> Mapping[str, Any]:
    """Parse TOML, or raise `ConfigError` with the line that cannot be read."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        place = f"{path}:{found[1]}" if found else f"{path}"
        reason = re.sub(r" \(at .*\)$", "", str(error))
        raise ConfigError((f"{place}: not TOML: {reason}",), hint=_MEND) from error
    except RecursionError:
        reason = "values are nested too deeply"
        raise ConfigError((f"{path}: {reason}",), hint=_MEND) from None


def read_table(
    cls: type[Table], raw: Mapping[str, Any], problems: Problems, prefix: str = ""
) -> Table | None:
    """Fill a dataclass from a table; `None` if a key it cannot do without is wrong.

    Every unknown key, missing key and wrong type under `prefix` is added to `problems`.
    """
    fields = {f.name.rstrip("_"): f for f in dataclasses.fields(cls)}  # type: ignore[arg-type]  # every table is a dataclass
    hints = typing.get_type_hints(cls)
    _report_unknown_keys(raw, list(fields), problems, prefix)
    values, complete = {}, True
    for key, spec in fields.items():
        if key in raw:
            value = _read_value(hints[spec.name], raw[key], problems, prefix + key)
            if value is not None:
                values[spec.name] = value
                continue
        elif not _is_required(spec):
            continue
        else:
            problems.add(prefix + key, "is missing")
        complete = complete and not _is_required(spec)
    return cls(**values) if complete else None


def line_of(text: str, key: str) -> int:
    r"""Find the line of a dotted key, from 1; 0 when it is not written anywhere.

    A key that stands in braces is on the line of its table. A part with a dot in it is in
    quotation marks, as in TOML; ``relays[2]`` is the second table of a list.

    >>> line_of('[smtp]\nport = 25\ndomains = { "a.example" = "1/s" }\n', "smtp.port")
    2
    >>> line_of('[smtp.domains]\n"a.example" = "1/s"\n', 'smtp.domains."a.example"')
    2
    """
    parts = _parts(key)
    lines = (
        _line_of(text.splitlines(), parts[:size]) for size in range(len(parts), 0, -1)
    )
    return next(filter(None, lines), 0)


def _line_of(lines: list[str], parts: list[str]) -> int:
    """Find the line of a key, or of the table it belongs to."""
    *tables, name = parts
    name = _INDEX.sub("", name)
    here: list[str] = []
    table_line = 0
    met: Counter[str] = Counter()
    for number, line in enumerate(lines, 1):
        if header := re.match(r"\s*(\[+)\s*([^\]]+?)\s*\]", line):
            here = _parts(header[2])
            if header[1] == "[[":
                met[header[2]] += 1
                here[-1] += f"[{met[header[2]]}]"
            if here == parts:
                return number
            if here == tables:
                table_line = number
        elif here == tables and re.match(
            rf"\s*[\"']?{re.escape(name)}[\"']?\s*[=.]", line
        ):
            return number
    return table_line


def _parts(key: str) -> list[str]:
    """Take a dotted key apart; what stands in quotation marks is one part."""
    quoted_or_bare = r"""\s*("[^"]*"|'[^']*'|[^.]*)"""
    found = re.findall(rf"{quoted_or_bare}\s*(?:\.|$)", key)
    return [part.strip().strip("\"'") for part in found if part]


def _is_required(spec: dataclasses.Field[Any]) -> bool:
    return (
        spec.default is dataclasses.MISSING
        and spec.default_factory is dataclasses.MISSING
    )


def _report_unknown_keys(
    raw: Mapping[str, Any], known: list[str], problems: Problems, prefix: str
) -> None:
    for key in raw:
        if key not in known:
            import difflib  # for mistakes alone

            meant = difflib.get_close_matches(key, known, n=1)
            guess = f", did you mean {meant[0]!r}?" if meant else ""
            problems.add(prefix + key, f"unknown key{guess}")


def _read_value(hint: Any, raw: object, problems: Problems, key: str) -> Any:
    """Convert one value to its annotated type; `None` after reporting a mistake."""
    table = _table_type(hint)
    if table is not None and isinstance(raw, dict):
        return read_table(table, raw, problems, f"{key}.")
    (item, *_) = [*typing.get_args(hint), None]
    if typing.get_origin(hint) is list and dataclasses.is_dataclass(item):
        return _read_list(typing.cast("type[Any]", item), raw, problems, key)
    return _convert(hint, raw, problems, key)


def _read_list(item: type[Any], raw: object, problems: Problems, key: str) -> Any:
    tables = _convert(list[dict[str, Any]], raw, problems, key)
    if tables is None:
        return None
    read = [
        read_table(item, each, problems, f"{key}[{number}].")
        for number, each in enumerate(tables, 1)
    ]
    return None if None in read else read


def _convert(hint: Any, raw: object, problems: Problems, key: str) -> Any:
    if _is_plainly(hint, raw):
        return raw
    import msgspec  # takes as long to load as all else here, to say what is wrong

    try:
        return msgspec.convert(raw, hint)
    except msgspec.ValidationError as error:
        if typing.get_origin(hint) is typing.Literal and isinstance(raw, str):
            problems.add(key, _not_among(raw, typing.get_args(hint)))
            return None
        problems.add(key, _in_plain_words(str(error)))
        return None


def _in_plain_words(said: str) -> str:
    """Say what a value should be in words of whoever writes settings.

    >>> _in_plain_words("Expected `int | null`, got `str`")
    'expected a whole number, got text'
    >>> _in_plain_words("Expected `str`, got `int` - at `$[1]`")
    'expected text, got a whole number in entry 2'
    """
    complaint = _COMPLAINT.fullmatch(said)
    if complaint is None:
        return said
    kinds = complaint["expected"].split(" | ")
    named = " or ".join(_KINDS.get(kind, kind) for kind in kinds if kind != "null")
    found = _KINDS.get(complaint["found"], complaint["found"])
    where = " as a value" if complaint["within"] else ""
    if complaint["entry"]:
        where = f" in entry {int(complaint['entry']) + 1}"
    return f"expected {named}, got {found}{where}"


def _is_plainly(hint: Any, raw: Any) -> bool:
    """Tell whether a value is of its annotated type, where that is seen at a glance."""
    if typing.get_origin(hint) is typing.Literal:
        return raw in typing.get_args(hint)
    if hint == list[str]:
        return type(raw) is list and all(type(each) is str for each in raw)
    if hint == dict[str, str]:
        return type(raw) is dict and all(type(each) is str for each in raw.values())
    return hint in {str, int, bool} and type(raw) is hint


def _not_among(written: str, options: tuple[str, ...]) -> str:
    """Say which words there are to choose from, where another one is written."""
    named = ", ".join(option for option in options if option)
    return f"{written!r} is none of {named}"


def _table_type(hint: Any) -> type[Any] | None:
    """Give the dataclass an annotation stands for, looking through ``| None``."""
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return next((o for o in options if dataclasses.is_dataclass(o)), None)  # type: ignore[return-value]  # a class, as no annotation holds an instance
