"""What the public side says of itself in OpenAPI is true, whatever is sent to it."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from distribute.audience.reception.token import Purpose
from distribute.web.public import server
from distribute.web.public.app import application
from tests.web.public.visiting import ADA, NOW, Town, token, town

EXPIRES = NOW + timedelta(days=3650)
TOKENS = {
    "/u/{token}": token(ADA, Purpose.UNSUBSCRIBE),
    "/p/{token}": token(ADA, Purpose.PREFERENCES),
    "/confirm/{token}": token(ADA, Purpose.CONFIRM, EXPIRES),
}
OPERATIONS = [
    *((path, method) for path in TOKENS for method in ("GET", "POST")),
    *((path, method) for path in ("/subscribe", "/link") for method in ("GET", "POST")),
    ("/hooks/{provider}", "POST"),
    ("/healthz", "GET"),
]
examples = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, str]]:
    """Serve a public side, once for all requests."""
    listening = server.listen("127.0.0.1", 0)
    with town(tmp_path_factory.mktemp("house")) as here:
        running = uvicorn.Server(server.configuration(application(here.house)))
        thread = Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        yield here, f"http://127.0.0.1:{listening.getsockname()[1]}"
        running.should_exit = True
        thread.join()


def _described(here: Town) -> dict[str, Any]:
    found: dict[str, Any] = here.client.get("/openapi.json").json()
    return found


def test_the_description_names_every_address(place: tuple[Town, str]) -> None:
    """All that answers but for the files of the site is in it, with its methods."""
    paths = _described(place[0])["paths"]
    named = [
        (path, method.upper())
        for path, item in paths.items()
        for method in item
        if method in {"get", "post"}
    ]
    assert sorted(named) == sorted(OPERATIONS)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_one_that_is_described(
    place: tuple[Town, str], path: str, method: str
) -> None:
    """Whatever the generator makes up: no defect, no other status, no other type."""
    here, url = place
    schema = schemathesis.openapi.from_dict(_described(here))
    cases = schema[path][method].as_strategy()

    @given(case=cases, is_ours=st.booleans())
    @examples
    def send(case: schemathesis.Case[Any], *, is_ours: bool) -> None:
        here.clock.now += timedelta(hours=1)  # nobody has asked of late
        if is_ours and path in TOKENS:
            case.path_parameters["token"] = TOKENS[path]
        if is_ours and isinstance(case.body, dict) and "begun" in case.body:
            begun = here.house.traps.begun(here.clock.now - timedelta(minutes=1))
            case.body["begun"] = begun
        # What fits the description may still be refused: nothing there can say that a
        # time has to be signed, and an address be one that mail can be sent to.
        case.call_and_validate(
            base_url=url,
            headers={"Connection": "close"},
            excluded_checks=[positive_data_acceptance],
        )

    send()


def test_nothing_is_described_in_public(place: tuple[Town, str]) -> None:
    """Only a test, or a house that wants it, has the description answer."""
    from dataclasses import replace

    from tests.web.public.visiting import Client

    silent = replace(place[0].house, is_described=False)
    client = Client(application(silent), silent.public_url)
    assert client.get("/openapi.json").status_code == 404
    client.close()
