"""Look into an archive as Mailchimp and Substack hand them out, for the people in it."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 - an exception, named like one

from distribute.audience.intake.header import printable
from distribute.errors import AudienceError

LARGEST = 4 * 2**30
"""Octets that an archive may hold, unpacked."""

DAMAGED = (BadZipFile, EOFError, ZlibError)
"""What reading a list out of an archive may raise."""

_UNPACK = "Unpack it yourself, and import the files with people in them."
_SIGNATURE = b"PK\x03\x04"
_EXPORTS = (
    re.compile(r"email_list\b.*\.csv"),  # Substack, beside texts and who opened them
    re.compile(
        r"([\w-]*subscribed|cleaned|archived|sms_only)_\w*export.*"
    ),  # Mailchimp
)
_LISTS = (*_EXPORTS, re.compile(r".*\.(csv|jsonl|ndjson|tsv)"))
"""Names of files with people in them; only the first that any name fits is used."""


def is_archive(stream: IO[bytes]) -> bool:
    """Tell whether a file is a ZIP archive; a pipe, which cannot be looked into, is none."""
    if not stream.seekable():
        return False
    beginning = stream.read(len(_SIGNATURE))
    stream.seek(0)
    return beginning == _SIGNATURE


def members(name: str, stream: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """Open the lists of people in an archive, one after the other, with their names.

    Raises `AudienceError` for an archive that is damaged, too large, locked, or in which
    it is not plain where the people are.
    """
    try:
        with ZipFile(stream) as archive:
            for info in _chosen(name, archive.infolist()):
                yield PurePosixPath(info.filename).name, archive.open(info)
    except (*DAMAGED, RuntimeError, NotImplementedError) as error:
        raise AudienceError(
            f"{name} cannot be unpacked: {error}",
            hint=_UNPACK,
        ) from error


def _chosen(name: str, infos: Sequence[ZipInfo]) -> list[ZipInfo]:
    files = [
        info for info in infos if not info.is_dir() and "__MACOSX" not in info.filename
    ]
    if any(info.filename == "[Content_Types].xml" for info in files):
        raise AudienceError(
            f"{name} is a spreadsheet", hint="Save it as CSV UTF-8 and import that."
        )
    if any(info.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for info in files):
        raise AudienceError(
            f"{name} is packed in a way that few programs know", hint=_UNPACK
        )
    if sum(info.file_size for info in files) > LARGEST:
        raise AudienceError(f"{name} holds more than {LARGEST:,} octets")
    fitting = ([f for f in files if each.fullmatch(_base(f))] for each in _LISTS)
    found = next(filter(None, fitting), [])
    if not found:
        raise AudienceError(
            f"{name} holds no list of people: {_names(files)}",
            hint="Name a table (CSV), JSON Lines, or an archive with some in it.",
        )
    if len(found) > 1 and not any(each.fullmatch(_base(found[0])) for each in _EXPORTS):
        raise AudienceError(
            f"it is not plain which files in {name} hold people: {_names(found)}",
            hint="Unpack it, and import those that do.",
        )
    return sorted(found, key=_base)


def _names(files: Sequence[ZipInfo]) -> str:
    return ", ".join(printable(_base(info)) for info in files[:8]) or "it is empty"


def _base(info: ZipInfo) -> str:
    return PurePosixPath(info.filename).name.casefold()
