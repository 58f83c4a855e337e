"""The list of suppressions as a text file that can live in a public repository.

One line for each mailbox, sorted, so that two branches merge line by line, and the same
list gives the same bytes. It holds keyed hashes and no address::

    # distribute suppressions 1, key 3fa9c1d2
    # Who must never be written to, as HMAC-SHA-256: without the key it names nobody.
    0b61… 3fa9c1d2 asked 2026-11-20
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from distribute.audience.suppression.suppression import Entry, Reason
from distribute.errors import AudienceError

_HEAD = re.compile(r"#\s*distribute suppressions (\d+)\b")
_VERSION = 1
_REMARK = (
    "Who must never be written to, as HMAC-SHA-256: without the key it names nobody."
)
_LINE = re.compile(
    r"(?P<hash>[0-9a-f]{64})\s+(?P<key>[0-9a-f]{8})\s+(?P<reason>[a-z]+)\s+(?P<day>\S+)"
)
_CONFLICT = re.compile(r"<{7}|={7}|>{7}|\|{7}")
_MOST_SHOWN = 20


def is_suppressions(data: bytes) -> bool:
    """Tell whether this is such a file, and not a plain list of addresses."""
    return bool(_HEAD.match(_text(data[:200])))


def write_suppressions(entries: Iterable[Entry], key_id: str) -> bytes:
    """Write the list; `key_id` is the key that new entries are made with."""
    lines = sorted(
        f"{hash_.hex()} {key} {reason} {since.isoformat()}"
        for hash_, key, reason, since in entries
    )
    head = [f"# distribute suppressions {_VERSION}, key {key_id}", f"# {_REMARK}"]
    return "".join(f"{line}\n" for line in (*head, *lines)).encode()


def read_suppressions(data: bytes, place: str) -> tuple[Entry, ...]:
    """Read the list, each mailbox once, with the firmest of its reasons.

    Comments and blank lines are passed over, and line ends may be any. Raises
    `AudienceError` with every damaged line as ``place:line: what``: a list that is read
    in part would let somebody through.
    """
    lines = _text(data).splitlines()
    _refuse_other_files(lines, place)
    entries: dict[bytes, Entry] = {}
    damaged = []
    for number, line in enumerate(map(str.strip, lines), start=1):
        if not line or line.startswith("#"):
            continue
        entry = _entry(line)
        if entry is None:
            damaged.append(f"{place}:{number}: {_damage(line)}")
        elif _is_news(entry, entries):
            entries[entry.hash] = entry
    if damaged:
        raise _damaged(damaged)
    return tuple(entries.values())


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", errors="backslashreplace")


def _refuse_other_files(lines: Sequence[str], place: str) -> None:
    head = next(filter(None, map(str.strip, lines)), "")
    found = _HEAD.match(head)
    if found is None:
        raise AudienceError(
            f"{place}:1: this is no list of suppressions: its first line must be "
            f"'# distribute suppressions {_VERSION}, key …'",
            hint="`distribute audience suppress --export` writes one; a plain list of "
            "addresses comes in with `distribute audience suppress --import FILE`.",
        )
    if int(found[1]) > _VERSION:
        raise AudienceError(
            f"{place}:1: this was written by a newer distribute (version {found[1]})",
            hint="Install the newer distribute.",
        )


def _entry(line: str) -> Entry | None:
    """Read one line; `None` if it is damaged."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    try:
        reason, since = Reason(found["reason"]), date.fromisoformat(found["day"])
    except ValueError:
        return None
    return Entry(bytes.fromhex(found["hash"]), found["key"], reason, since)


def _is_news(entry: Entry, entries: dict[bytes, Entry]) -> bool:
    known = entries.get(entry.hash)
    return known is None or known.reason.firmness < entry.reason.firmness


def _damage(line: str) -> str:
    shown = "".join(c if c.isprintable() else "\ufffd" for c in line[:40])
    if _CONFLICT.match(line):
        return f"{shown!r} is left over from a merge"
    return f"{shown!r} is no hash, key, reason and day"


def _damaged(damaged: Sequence[str]) -> AudienceError:
    shown = list(damaged[:_MOST_SHOWN])
    if len(damaged) > _MOST_SHOWN:
        shown.append(f"… and {len(damaged) - _MOST_SHOWN} more damaged lines")
    return AudienceError(
        "\n".join(shown),
        hint="Nothing was read of it, and nothing is sent while it is damaged: take the "
        "file as it was before, or put these lines right. After a merge, keep the lines "
        "of both sides.",
    )
