"""What tells programs that fill in forms from people: a hidden field, and time.

The form carries when its page was made, signed, so that nobody can make it older. It is
for no one in particular: there is no cookie and no login that a forged form could abuse,
so there is nothing more to protect it from (CSRF).
"""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum

from distribute.audience.database.database import from_milliseconds, to_milliseconds

LEAST = timedelta(seconds=1)
"""Nobody fills in a form in less."""
MOST = timedelta(days=2)
"""After that the page has to be made anew; a form that is kept can be sent for ever."""
_DIGITS = 24


class Catch(Enum):
    """What the traps say about a form."""

    NOTHING = 0
    PROGRAM = 1
    """Something has filled in what people do not see."""
    TIME = 2
    """It came faster than people write, is too old, or is not from our page."""


class Traps:
    """Sets the traps and looks into them."""

    def __init__(self, key: bytes) -> None:
        """Take a key of their own, as `Signer.subkey` gives it."""
        self._key = key

    def begun(self, now: datetime) -> str:
        """Write when a page was made, for the form's hidden field."""
        instant = str(to_milliseconds(now))
        return f"{instant}.{self._seal(instant)}"

    def catch(self, form: Mapping[str, str], now: datetime) -> Catch:
        """Say what a form has been caught in."""
        if form.get("website", ""):
            return Catch.PROGRAM
        instant, _, seal = form.get("begun", "").partition(".")
        expected = self._seal(instant).encode()
        if not hmac.compare_digest(seal.encode(), expected):
            return Catch.TIME
        age = now - from_milliseconds(int(instant))
        return Catch.NOTHING if LEAST <= age <= MOST else Catch.TIME

    def _seal(self, instant: str) -> str:
        return hmac.digest(self._key, instant.encode(), "sha256").hex()[:_DIGITS]
