"""Hooks: providers are heard if they have signed what they say, and nobody else."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from distribute.audience.subscriber import Status
from distribute.campaign.returned.report import Kind, Report, Returned
from distribute.errors import AudienceError
from distribute.web.public.house import Hook
from distribute.web.public.registry import Books
from tests.web.public.visiting import ADA, NOW, town

RETURNED = Returned(
    identity=b"1" * 32, reports=(Report(kind=Kind.FAILED, recipient=ADA),)
)


def _read(
    headers: Mapping[str, str], body: bytes, now: datetime
) -> tuple[Returned, ...]:
    """Believe whoever knows the word."""
    if headers.get("authorization") != "Basic word" or now != NOW:
        raise AudienceError("not signed:\nanother secret")
    return (RETURNED,) if body == b"{}" else ()


def _take(books: Books, returned: tuple[Returned, ...], now: datetime) -> None:
    assert returned == (RETURNED,)
    books.store.set_status(ADA, Status.BOUNCED, by="hook", now=now)


HOOKS = {"postmark": Hook(_read, _take)}
SIGNED = {"Authorization": "Basic word"}


def test_what_is_signed_is_taken(tmp_path: Path) -> None:
    """It is judged before it is answered for."""
    with town(tmp_path, hooks=HOOKS) as here:
        answer = here.client.post("/hooks/postmark", content=b"{}", headers=SIGNED)
        assert (answer.status_code, answer.text) == (200, "taken\n")
        assert here.status(ADA) is Status.BOUNCED


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic other"}])
def test_what_is_not_signed_is_refused(tmp_path: Path, headers: dict[str, str]) -> None:
    """Nothing changes, and nothing of it is repeated."""
    with town(tmp_path, hooks=HOOKS) as here:
        before = here.dump()
        answer = here.client.post("/hooks/postmark", content=b"{}", headers=headers)
        assert (answer.status_code, answer.text) == (403, "not taken\n")
        assert here.dump() == before


def test_the_log_says_why_a_hook_was_refused(tmp_path: Path) -> None:
    """In one line, so that a wrong secret can be found; nothing of the request is in it."""
    headers = {"Authorization": "Basic other"}
    with town(tmp_path, hooks=HOOKS) as here:
        here.client.post("/hooks/postmark", content=b'{"a": "body"}', headers=headers)
        reason, request = here.lines
        assert reason.startswith("postmark is not heard: not signed:")
        assert reason.endswith("another secret")
        assert "POST /hooks/postmark 403" in request
        assert "\n" not in reason
        assert not any(each in reason for each in ("body", "Basic"))


def test_only_providers_of_the_settings_have_a_hook(tmp_path: Path) -> None:
    """Another is not there at all; a GET is not either."""
    with town(tmp_path, hooks=HOOKS) as here:
        for name in ("ses", "x", "postmark/x"):
            answer = here.client.post(f"/hooks/{name}", content=b"{}", headers=SIGNED)
            assert answer.status_code in {404, 405}
        assert here.client.get("/hooks/postmark").status_code == 405


def test_a_notification_may_be_so_large_and_no_larger(tmp_path: Path) -> None:
    """256 KiB: they come with the head of our own message."""
    with town(tmp_path, hooks=HOOKS) as here:
        for size, status in ((256 * 1024, 200), (256 * 1024 + 1, 413)):
            answer = here.client.post(
                "/hooks/postmark", content=b" " * size, headers=SIGNED
            )
            assert answer.status_code == status
