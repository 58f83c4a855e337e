"""Forged links, injected text, too much of it: refused, and nothing is learnt."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distribute.audience.reception.token import Purpose, Signer
from tests.web.public.visiting import ADA, NOBODY, NOW, Town, token

EXPIRES = NOW + timedelta(days=7)
PLACES = {
    "u": token(ADA, Purpose.UNSUBSCRIBE),
    "p": token(ADA, Purpose.PREFERENCES),
    "confirm": token(ADA, Purpose.CONFIRM, EXPIRES),
}
examples = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _refused(here: Town, path: str) -> None:
    before = here.dump()
    for answer in (here.client.get(path), here.client.post(path, data={"first": "en"})):
        assert answer.status_code == 404
        assert "/subscribe" in answer.text
    assert here.dump() == before


@pytest.mark.parametrize("place", PLACES)
def test_a_token_is_good_for_its_own_purpose_alone(here: Town, place: str) -> None:
    """One for another is refused, with a page that says what to do."""
    for other, theirs in PLACES.items():
        if other != place:
            _refused(here, f"/{place}/{theirs}")


@pytest.mark.parametrize("place", PLACES)
def test_a_truncated_or_changed_token_is_refused(here: Town, place: str) -> None:
    """Also where a mail program has cut the line, or added a dot."""
    own = PLACES[place]
    flipped = own[:-2] + ("A" if own[-2] != "A" else "B") + own[-1]
    for forged in (own[:-1], own[: len(own) // 2], own + ".", own + "A", flipped, "x"):
        _refused(here, f"/{place}/{forged}")


@pytest.mark.parametrize("place", PLACES)
def test_a_token_of_another_key_is_refused(here: Town, place: str) -> None:
    """Only we make links."""
    other, purposes = Signer(b"x" * 32), {"u": "unsubscribe", "p": "preferences"}
    forged = other.sign(ADA, Purpose(purposes.get(place, place)), EXPIRES)
    _refused(here, f"/{place}/{forged}")


@given(st.text(min_size=1, max_size=60))
@examples
def test_any_text_in_place_of_a_token_is_refused(here: Town, text: str) -> None:
    """Whatever it is, there is one and the same page, which does not repeat it."""
    usual = here.client.post("/u/x")
    answer = here.client.post(f"/u/{quote(text, safe='')}")
    if answer.status_code == 404:
        assert answer.content == usual.content
    else:  # a step up, or a folder of its own: nothing that takes a form
        assert answer.status_code == 405


@pytest.mark.parametrize(
    "text",
    [
        "' OR 1=1;--",
        "'; DELETE FROM subscriber;--",
        '"); DROP TABLE application;--',
        "x@example.org' UNION SELECT value FROM meta--",
        "\x00",
        "%00",
        "\r\nSet-Cookie: a=b",
        "\N{RIGHT-TO-LEFT OVERRIDE}gro.elpmaxe@x",
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
    ],
)
def test_injected_text_stays_text(here: Town, text: str) -> None:
    """In every field: the list stands as it was, and what is shown again is escaped."""
    people = {address: here.status(address) for address in (ADA, NOBODY)}
    for field in ("email", "name", "first", "only", "website", "begun"):
        form = here.form(NOBODY) | {field: text}
        answer = here.client.post("/subscribe", data=form)
        assert answer.status_code in {200, 422}
        assert "<script>alert" not in answer.text
        assert "49" not in re.findall(r'value="([^"]*)"', answer.text)
        assert "set-cookie" not in answer.headers
    assert {address: here.status(address) for address in people} == people
    with here.books() as books:
        assert books.connection.execute("SELECT count(*) FROM meta").fetchone()


@pytest.mark.parametrize("value", ["en\r\nX-Bad: 1", "<b>", "x" * 3000, "en;q=0.5"])
def test_no_header_can_be_smuggled_into_an_answer(here: Town, value: str) -> None:
    """What an address or a header says of languages stays out of the answer."""
    answer = here.client.get("/subscribe", params={"lang": value})
    assert answer.status_code == 200
    assert "x-bad" not in answer.headers
    assert answer.headers["content-language"] in {"en", "ar", "pt-BR"}


def test_a_form_may_be_so_large_and_no_larger(here: Town) -> None:
    """8 KiB; whether its length is told before or not."""
    before = here.dump()
    big = here.form(NOBODY, name="x" * 9000)
    assert here.client.post("/subscribe", data=big).status_code == 413

    async def pieces() -> "object":
        for _ in range(20):
            yield b"a=" + b"x" * 1000

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = here.client.post("/subscribe", content=pieces(), headers=kind)
    assert answer.status_code == 413
    assert here.dump() == before


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("", b"email=x", 415),
        ("application/x-www-form-urlencoded", b"\xff=%ff", 400),
        ("application/x-www-form-urlencoded", b"email=%ff", 400),
        ("application/x-www-form-urlencoded", b"a=1&" * 100, 400),
        ("application/x-www-form-urlencoded", b"", 422),
    ],
)
def test_what_is_no_form_is_refused(
    here: Town, kind: str, body: bytes, status: int
) -> None:
    """With a page that says so, and never with a defect of ours."""
    answer = here.client.post(
        "/subscribe", content=body, headers={"Content-Type": kind}
    )
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


def test_a_field_that_stands_twice_counts_once(here: Town) -> None:
    """The first one; nobody gets a second address past the check of the first."""
    begun = here.form("")["begun"]
    body = f"email={NOBODY}&email=eve@example.org&begun={begun}"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert here.client.post("/subscribe", content=body, headers=kind).status_code == 200
    with here.books() as books:
        assert books.applications.get(NOBODY)
        assert not books.applications.get("eve@example.org")


@pytest.mark.parametrize(
    "path", ["/subscribe", "/link", "/u/x", "/p/x", "/confirm/x", "/?"]
)
def test_every_answer_forbids_what_it_can(here: Town, path: str) -> None:
    """Strict policies, no cookie, nothing kept, no word about where one came from."""
    answer = here.client.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith(
        "default-src 'none'; style-src 'self'; img-src 'self' data:"
    )
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "set-cookie" not in answer.headers


def test_no_form_has_anything_to_forge(here: Town) -> None:
    """A form on another site can do nothing that its maker could not do without.

    No request is known by a cookie or a login, and no answer sets one; whoever may act
    for somebody has their token in the address, which another site does not know. So
    forgery (CSRF) gains nothing.
    """
    elsewhere = {"Origin": "https://evil.example", "Cookie": "session=1"}
    with_cookie = here.client.post("/p/x", data={"first": "en"}, headers=elsewhere)
    without = here.client.post("/p/x", data={"first": "en"})
    assert with_cookie.status_code == without.status_code == 404
    assert with_cookie.content == without.content
    assert "access-control-allow-origin" not in with_cookie.headers


def test_neither_tokens_nor_addresses_are_logged(here: Town) -> None:
    """Of a line of the log nobody can be known: not even the network's last octet."""
    for place, own in PLACES.items():
        here.client.get(f"/{place}/{own}?email={ADA}")
        here.client.post(f"//{place}/{own}/{ADA}")
        here.client.get(f"/x/{own}/{ADA}")
    here.client.post("/subscribe", data=here.form(ADA))
    here.client.post("/subscribe", data=here.form("bad address@@example.org"))
    log = "\n".join(here.lines)
    assert len(here.lines) == 11
    for secret in (*PLACES.values(), ADA, "confirmed", "example.org", "203.0.113.9"):
        assert secret not in log
    assert "203.0.113.0/24 POST /subscribe 200" in log
    assert "203.0.113.0/24 GET /u/… 200" in log


def test_a_defect_tells_nothing(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the page nor the log say what an error says: it may name somebody."""

    def broken(*_args: object, **_kwargs: object) -> None:
        raise ValueError(f"{ADA} broke it")

    monkeypatch.setattr(
        "distribute.audience.reception.reception.Reception.leave", broken
    )
    answer = here.client.post(f"/u/{PLACES['u']}")
    assert answer.status_code == 500
    assert "ValueError" not in answer.text
    assert any("defect: ValueError in broken" in line for line in here.lines)
    assert not any(ADA in line for line in here.lines)
