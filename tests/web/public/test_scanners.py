"""Whatever is followed, fetched or looked at: nothing of it changes anything."""

from datetime import timedelta
from itertools import cycle, islice

import pytest

from distribute.audience.reception.token import Purpose
from tests.web.public.visiting import EVERYBODY, NOW, Town, token


def _links() -> list[str]:
    """List every link there can be for everybody, and the forms."""
    expires = NOW + timedelta(days=7)
    own = [
        path
        for address in EVERYBODY
        for path in (
            f"/u/{token(address, Purpose.UNSUBSCRIBE)}",
            f"/p/{token(address, Purpose.PREFERENCES)}",
            f"/confirm/{token(address, Purpose.CONFIRM, expires)}",
        )
    ]
    queries = ("?List-Unsubscribe=One-Click", "?name=x&first=en&pause=30&lang=ar")
    asked = [
        path + query
        for path in ("/subscribe", "/link", *own)
        for query in ("", *queries)
    ]
    return [*asked, "/hooks/ses", "/healthz", "/public.css", "/", "/en/index.html"]


@pytest.mark.parametrize(
    "address", ["/subscribe?email=new@example.org&begun=1", "/link?email=x@example.org"]
)
def test_a_form_in_an_address_is_no_form(here: Town, address: str) -> None:
    """What stands behind the question mark is never taken for what somebody sent."""
    before = here.dump()
    assert here.client.get(address).status_code == 200
    assert here.dump() == before


def test_a_thousand_scanners_change_nothing(here: Town) -> None:
    """Every link of everybody, by GET and HEAD, leaves the whole database as it was."""
    for address in EVERYBODY:
        here.client.post("/subscribe", data=here.form(address))
    before = here.dump()
    methods = cycle(("GET", "GET", "HEAD"))
    for path, method in islice(zip(cycle(_links()), methods, strict=False), 1000):
        answer = here.client.request(method, path)
        assert answer.status_code in {200, 404, 405, 410}
    assert here.dump() == before


@pytest.mark.parametrize(
    "method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "LINK"]
)
def test_no_other_method_does_anything(here: Town, method: str) -> None:
    """They are refused, with those that there are."""
    before = here.dump()
    for path in _links():
        answer = here.client.request(method, path)
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) <= {"GET", "HEAD", "POST"}
    assert here.dump() == before


def test_what_only_shows_takes_no_post(here: Town) -> None:
    """Nor is anything there that an operator could use."""
    for path in (
        "/",
        "/healthz",
        "/public.css",
        "/en/index.html",
        "/admin",
        "/audience",
    ):
        assert here.client.post(path).status_code == 405
