"""Say what PostgreSQL says in our own words, with the next step.

psycopg is not imported for that: an error of it can only have come once it was.
"""

import re
import sys
from typing import TYPE_CHECKING

from distribute.audience.database import marks
from distribute.audience.database.place import Place, PostgresUrl
from distribute.errors import AudienceError, AwayError, BusyError, StandbyError

if TYPE_CHECKING:
    from psycopg.errors import Diagnostic

_AWAY = ("08", "57P", "25P03")
"""No connection, a server that is being stopped, and one that has not heard of us for too
long in the middle of a transaction (PostgreSQL, appendix A)."""
_CROSSED = "It got in the way of others who write; nothing of it stands, so run again."
_READ_ONLY = "25006"
_BUSY = {
    _READ_ONLY: "It is a copy that can only be read; name the server it copies.",
    "55P03": "Another distribute is writing to it; run again when it is done.",
    "40001": _CROSSED,
    "40P01": _CROSSED,
    "57014": "Somebody has cancelled it, or statement_timeout is too short for it: see [store]"
    " url, where it may be set, and run again.",
}
"""What goes by, with the next step."""
_MOVED = "DIST3"
"""What the tables say out of which everything was moved (`distribute.audience.moving`)."""
_HINTS = {
    "28": "See that user and password of [store] url are right.",
    "TLS": "See sslmode and sslrootcert in [store] url: the certificate of the server comes"
    " from an authority in that file, and names the host of the URL.",
    "clear": "It takes only who encrypts: say sslmode=verify-full in [store] url, or require.",
    "3D000": "Make it with createdb, or name another in [store] url.",
    "3F000": "Make the schema that [store] url names: CREATE SCHEMA, in psql.",
    "42501": "The role lacks a right. After an update the owner runs `distribute store roles`,"
    " which brings the tables up to date and prints what a worker's role needs.",
    "53100": "The disk of the server is full; make room and run again.",
    "42P07": "Another program has its tables there: make a database for the newsletter.",
    "54": "Something is too long for an index, such as a list of hundreds of languages.",
    "53": "The server has no more connections or memory to give; see its settings.",
}


def explanation(place: Place, error: BaseException) -> AudienceError | None:
    """Say what went wrong with the database; `None` for what is not of psycopg."""
    psycopg = sys.modules.get("psycopg")
    if psycopg is None or not isinstance(error, psycopg.Error):
        return None
    state = _READ_ONLY if _wants_to_write(error.diag) else error.sqlstate or ""
    said = _on_one_line(error, place)
    if state.startswith(_AWAY) or (
        not state and isinstance(error, psycopg.OperationalError)
    ):
        return _no_answer(place, said)
    if state == _MOVED:
        return marks.closed(place)
    if state in _BUSY:
        kind = StandbyError if state == _READ_ONLY else BusyError
        return kind(f"{place} cannot be used: {said}", hint=_BUSY[state])
    hint = next(
        (hint for begins, hint in _HINTS.items() if state.startswith(begins)), ""
    )
    return AudienceError(f"{place} cannot be used: {said}", hint=hint)


def _wants_to_write(diagnostic: "Diagnostic") -> bool:
    """Tell whether a copy refuses to begin a transaction that is to write.

    That is a flag which can not be set; what is said of it is in the server's language.
    """
    refused_by = (diagnostic.sqlstate, diagnostic.source_function)
    return refused_by == ("0A000", "call_bool_check_hook")


def _no_answer(place: Place, said: str) -> AudienceError:
    """Tell a server that is away from one that turns us away before it has a state."""
    for words, begins in (
        ("connection to server .*SSL error: (?!unexpected eof)", "TLS"),
        ("server certificate for|root certificate file|not support SSL", "TLS"),
        ("no pg_hba.conf entry .* no encryption", "clear"),
        ("password authentication failed", "28"),
        ("no password supplied", "28"),
        ("no pg_hba.conf entry", "28"),
        ('role ".*" does not exist', "28"),
        ("does not exist", "3D000"),
    ):
        if re.search(words, said):
            return AudienceError(f"{place} cannot be used: {said}", hint=_HINTS[begins])
    return AwayError(
        f"{place} does not answer: {said}",
        hint="Nothing is lost. See that the server runs and can be reached, and run again.",
    )


def _on_one_line(error: BaseException, place: Place) -> str:
    """Write out what was said; libpq repeats a URL that makes no sense to it in full."""
    said = str(error)
    if isinstance(place, PostgresUrl):
        said = place.hidden_in(said)
    return " ".join(said.split()) or type(error).__name__
