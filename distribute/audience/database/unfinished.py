"""How a database is marked into which a copy was begun that is not complete.

Both engines are told from a complete one by what is read anyway when they are opened, so
that the mark costs those nothing who never copy.
"""

from distribute.audience.database.place import Place
from distribute.errors import AudienceError

APPLICATION_ID = 0x636F7079  # "copy"
"""Stands in SQLite's ``application_id`` as long as the copy is not complete."""
VERSION = 1_000_000_000
"""Stands among the versions of ``house`` in PostgreSQL as long as it is not complete."""


def refusal(place: Place) -> AudienceError:
    """Word the refusal for whoever would use it."""
    return AudienceError(
        f"a copy into {place} was begun and not finished",
        hint="Run `distribute store copy` again, from where it was begun; until then"
        " [store] names the database that it is copied from.",
    )
