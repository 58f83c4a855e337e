"""Strangers at the public side of a newsletter: a real server, and nothing but the wire."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from itertools import count
from pathlib import Path
from time import sleep
from urllib.parse import urlencode

import pytest

from distribute.audience.reception.token import Purpose
from tests.acceptance.public_side import HOME, PublicSide, public_side
from tests.commands import call
from tests.databases import reach_into
from tests.processes import wait_until

KEY, OLD_KEY, LOST_KEY = "k" * 32, "o" * 32, "l" * 32
SETTINGS = """
[public]
key_env = "LIGHTS_OUT_KEY"
retired_key_envs = ["LIGHTS_OUT_OLD_KEY"]
"""
STANDINGS = {
    "on@example.org": "confirmed",
    "waiting@example.org": "pending",
    "left@example.org": "unsubscribed",
    "bounced@example.org": "bounced",
    "complained@example.org": "complained",
}
SUPPRESSED, FORGOTTEN = "suppressed@example.org", "forgotten@example.org"
NOBODY, LEAVING = "nobody@example.org", "leaving@example.org"
MEMBERS = tuple(f"member{number}@example.org" for number in range(30))
ISSUE = "4"
"""What everybody has been sent who was on the list."""
EVERYBODY = (*STANDINGS, SUPPRESSED, FORGOTTEN, NOBODY)
PLACES = {
    "u": Purpose.UNSUBSCRIBE,
    "p": Purpose.PREFERENCES,
    "confirm": Purpose.CONFIRM,
}
"""Where the token of each purpose leads."""
FORM = "application/x-www-form-urlencoded"
_networks = (f"2001:db8:{number:x}::1" for number in count(1))


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def without_date(self) -> tuple[int, dict[str, str], bytes]:
        """Give all of it but the time of day."""
        headers = {name: v for name, v in self.headers.items() if name != "date"}
        return self.status, headers, self.body


class Stranger:
    """Somebody who says anything, over one connection, each time from another network."""

    def __init__(self, served: PublicSide) -> None:
        self._line = served.line()
        self.begun = self._begun()
        sleep(1.05)  # nobody fills in a form in less

    def ask(
        self,
        path: str,
        form: Mapping[str, str] | bytes | None = None,
        *,
        method: str = "",
        **headers: str,
    ) -> Answer:
        """Ask for a page, or send a form."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        told.setdefault("X-Forwarded-For", next(_networks))
        body = urlencode(form) if isinstance(form, Mapping) else form
        if body is not None:
            told.setdefault("Content-Type", FORM)
        way = method or ("GET" if body is None else "POST")
        try:
            answer = self._answer(way, path, body, told)
        except (
            ConnectionError
        ):  # it was idle for long: browsers, too, open another then
            self._line.close()
            answer = self._answer(way, path, body, told)
        kept = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, kept, answer.read())

    def _answer(
        self, way: str, path: str, body: bytes | str | None, told: Mapping[str, str]
    ) -> HTTPResponse:
        self._line.request(way, path.removeprefix(HOME), body, told)
        return self._line.getresponse()

    def join(self, address: str, path: str = "/subscribe", **fields: str) -> Answer:
        """Send the form for joining."""
        return self.ask(path, {"email": address, "begun": self.begun, **fields})

    def _begun(self) -> str:
        found = re.search(rb'name="begun" value="([^"]+)"', self.ask("/subscribe").body)
        assert found
        return found[1].decode()

    def close(self) -> None:
        """Go away."""
        self._line.close()


@contextmanager
def serve_besieged(folder: Path) -> Iterator[PublicSide]:
    """Serve a newsletter with somebody of every standing, who have had an issue."""
    patch = pytest.MonkeyPatch()
    patch.setenv("LIGHTS_OUT_KEY", KEY)
    patch.setenv("LIGHTS_OUT_OLD_KEY", OLD_KEY)
    people = "".join(f"{who},,{status}\n" for who, status in STANDINGS.items())
    people += "".join(f"{who},,confirmed\n" for who in (FORGOTTEN, LEAVING, *MEMBERS))
    with public_side(folder, SETTINGS, people) as served:
        for words in (("suppress", SUPPRESSED), ("forget", "--yes", FORGOTTEN)):
            assert call("-C", folder, "audience", *words).status == 0
        served.send(ISSUE)
        yield served
    patch.undo()


def wait_for_letters(besieged: PublicSide) -> None:
    """Wait until no letter is on its way."""
    with reach_into(besieged.database) as connection:

        def is_quiet() -> bool:
            query = "SELECT count(*) FROM letter WHERE due IS NOT NULL"
            return bool(connection.execute(query).fetchone() == (0,))

        wait_until(is_quiet)


def dump(besieged: PublicSide) -> list[str]:
    """Write down all that the database holds, once no letter is on its way."""
    wait_for_letters(besieged)
    with closing(sqlite3.connect(besieged.database)) as connection:
        return list(connection.iterdump())


def standing(served: PublicSide, address: str) -> str:
    """Look up how somebody stands."""
    with reach_into(served.database) as connection:
        query = "SELECT status FROM subscriber WHERE key = ?"
        return str(connection.execute(query, (address,)).fetchone()[0])
