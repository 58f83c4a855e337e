"""Doors that stay shut: to scanners, forged links, odd paths, too much and too slow."""

import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from email.message import EmailMessage
from itertools import cycle, islice, product
from time import monotonic, sleep

import pytest

from distribute.audience.reception.token import Purpose, Signer
from tests.acceptance.public_side import STEADY, PublicSide, link_to, links_in
from tests.acceptance.strangers import (
    FORM,
    ISSUE,
    LEAVING,
    LOST_KEY,
    OLD_KEY,
    PLACES,
    Stranger,
    dump,
    standing,
)
from tests.commands import call


def _mail(besieged: PublicSide, address: str = STEADY) -> EmailMessage:
    (mail,) = besieged.mails_of(ISSUE, address)
    return mail


def test_a_thousand_scanners_change_nothing(
    besieged: PublicSide, stranger: Stranger
) -> None:
    """They follow every link of an issue and of a letter, by GET and HEAD."""
    stranger.join("scanned@example.org")
    mails = (_mail(besieged), *besieged.letters("scanned@example.org"))
    texts = [
        link for mail in mails for k in ("plain", "html") for link in links_in(mail, k)
    ]
    heads = re.findall(
        r"https:[^>]+", " ".join(str(m["List-Unsubscribe"]) for m in mails)
    )
    links = sorted({*texts, *heads})
    own = {link.split("/")[3] for link in links} & {"u", "p", "confirm"}
    assert own == {"u", "p", "confirm"}
    links += [f"{link}?List-Unsubscribe=One-Click" for link in links]
    before = dump(besieged)
    for number, link in enumerate(islice(cycle(links), 1000)):
        method = "HEAD" if number // len(links) % 2 else "GET"
        answer = stranger.ask(link.partition("#")[0], method=method)
        assert answer.status in {200, 404}, link
        assert "set-cookie" not in answer.headers
    assert dump(besieged) == before


_BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
_MULTIPART = (
    f"--{_BOUNDARY}\r\n"
    'Content-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
    f"One-Click\r\n--{_BOUNDARY}--\r\n"
).encode()


@pytest.mark.parametrize(
    ("address", "body", "headers"),
    [
        (
            "gmail@example.org",
            b"List-Unsubscribe=One-Click",
            {"User_Agent": "Mozilla/5.0 Google-Unsubscribe", "Accept": "*/*"},
        ),
        (
            "yahoo@example.org",
            _MULTIPART,
            {"Content_Type": f"multipart/form-data; boundary={_BOUNDARY}"},
        ),
        (
            "apple@example.org",
            b"List-Unsubscribe=One-Click",
            {
                "Content_Type": f"{FORM}; charset=utf-8",
                "Origin": "https://mail.example",
                "Sec_Fetch_Site": "cross-site",
                "Referer": "https://mail.example/inbox",
                "Accept_Language": "tr",
            },
        ),
    ],
)
def test_one_click_is_enough(
    besieged: PublicSide,
    stranger: Stranger,
    signer: Signer,
    address: str,
    body: bytes,
    headers: dict[str, str],
) -> None:
    """As each of the large ones sends it; twice is once, and no page leads elsewhere."""
    added = call("-C", besieged.folder, "audience", "add", address)
    assert added.status == 0, added.err
    path = f"/u/{signer.sign(address, Purpose.UNSUBSCRIBE)}"
    for _ in range(2):
        answer = stranger.ask(path, body, **headers)
        assert answer.status == 200
        assert not {"location", "set-cookie", "refresh"} & set(answer.headers)
        assert standing(besieged, address) == "unsubscribed"


def test_the_link_of_a_mail_is_the_one_to_click(
    besieged: PublicSide, stranger: Stranger
) -> None:
    """The header promises one click (RFC 8058), and what it names keeps the promise."""
    mail = _mail(besieged, LEAVING)
    found = re.search(r"<(https:[^>]+)>", mail["List-Unsubscribe"])
    assert found
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found[1] == link_to(mail, "u")
    assert stranger.ask(found[1], b"List-Unsubscribe=One-Click").status == 200
    assert standing(besieged, LEAVING) == "unsubscribed"
    assert standing(besieged, STEADY) == "confirmed"


Change = Callable[[str], str]
_CHANGES: Mapping[str, Change] = {
    "cut": lambda token: token[:-1],
    "half": lambda token: token[: len(token) // 2],
    "case": str.swapcase,
    "lower": str.lower,
    "nul": lambda token: f"{token}%00",
    "nul within": lambda token: f"{token[:9]}%00{token[9:]}",
    "padded": lambda token: f"{token}=",
    "dot": lambda token: f"{token}.",
    "blank": lambda token: f"{token}%20",
    "newline": lambda token: f"{token}%0d%0aX-Bad:%201",
    "deeper": lambda token: f"{token}/x",
    "first bit": lambda token: ("B" if token[0] == "A" else "A") + token[1:],
    "none": lambda _: "",
    "nothing but A": lambda token: "A" * len(token),
    "long": lambda token: token * 100,
}


@pytest.mark.parametrize("place", PLACES)
def test_what_we_did_not_write_opens_nothing(
    besieged: PublicSide, stranger: Stranger, signer: Signer, place: str
) -> None:
    """A token of another purpose, of a lost key, or with anything about it changed."""
    own = signer.sign(STEADY, PLACES[place])
    lost = Signer(LOST_KEY.encode()).sign(STEADY, PLACES[place])
    forged = {name: change(own) for name, change in _CHANGES.items()} | {"lost": lost}
    for other, purpose in PLACES.items():
        if other != place:
            forged[other] = signer.sign(STEADY, purpose)
    before = dump(besieged)
    for name, token in forged.items():
        for form in (
            None,
            {"first": "tr", "pause": "30", "List-Unsubscribe": "One-Click"},
        ):
            answer = stranger.ask(f"/{place}/{token}", form)
            assert answer.status == 404 or (form and answer.status == 405), name
            assert "x-bad" not in answer.headers
            assert STEADY.encode() not in answer.body
    assert dump(besieged) == before


@pytest.mark.parametrize("place", ["u", "p"])
def test_links_of_a_retired_key_go_on_working(
    besieged: PublicSide, stranger: Stranger, place: str
) -> None:
    """They stand in mails of years; so does whom they are for, and nobody else."""
    token = Signer(OLD_KEY.encode()).sign(STEADY, PLACES[place])
    before = dump(besieged)
    assert stranger.ask(f"/{place}/{token}").status == 200
    assert dump(besieged) == before


def test_nobody_chooses_for_somebody_else(
    besieged: PublicSide, stranger: Stranger, signer: Signer
) -> None:
    """Whatever a form says about who it is for, the link alone counts."""
    link = f"/p/{signer.sign(STEADY, Purpose.PREFERENCES)}"
    on = besieged.subscriber("on@example.org")
    form = {
        "first": "en",
        "email": "on@example.org",
        "key": "on@example.org",
        "id": "1",
    }
    assert stranger.ask(f"{link}?email=on@example.org", form).status == 200
    assert besieged.subscriber("on@example.org") == on
    steady = besieged.subscriber(STEADY)
    assert steady
    assert steady["email"] == STEADY


def test_a_form_may_not_be_large(besieged: PublicSide, stranger: Stranger) -> None:
    """Whatever door it is sent to, and whether or not it says how large it is."""
    before = dump(besieged)
    said = {"Content-Type": FORM, "Content-Length": "100000"}
    for path in ("/subscribe", "/link", f"/u/{'x' * 60}", "/hooks/ses"):
        with closing(besieged.line()) as line:
            line.request("POST", path, b"", said)  # refused before anything is sent
            assert line.getresponse().status in {404, 413}
    for path in ("/subscribe", "/link"):
        with closing(besieged.line()) as line:
            pieces = iter([b"email=" + b"x" * 9000])
            line.request("POST", path, pieces, {"Content-Type": FORM})
            assert line.getresponse().status == 413
    assert dump(besieged) == before


_SECRETS = (b"[newsletter]", b"SQLite format", b"root:", b"LIGHTS_OUT_KEY")
_UP = (
    *("..", "%2e%2e", "%2E.", ".%2e", "..;", "..%00", "%252e%252e", "..%c0%af"),
    *("%c0%ae%c0%ae", "%u002e%u002e", "..%5c", "..%2f..", "%2e%2e%2f%2e%2e", "...."),
    *("..%ef%bc%8f", "%ef%bc%8e%ef%bc%8e", "...//..", ".%00.", "..%09", "..\\"),
)
_ODD = (
    *(
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "http://x/%2e%2e/distribute.toml",
        "/c:/x",
        "/~root",
    ),
    *("/.hidden", "/en/.hidden", "/_secret", "/en/_secret", "/%2ehidden", "/.", "/.."),
    *("*", "/linked/distribute.toml", "/linked.toml", "/CON", "/" + "x/" * 500),
)


def _trespasses() -> Iterator[str]:
    """List ways that lead to files beside the site, for somebody who goes them."""
    targets = {2: "distribute.toml", 12: "etc/passwd"}
    for up, by, base in product(_UP, ("/", "%2f", "%5c", "//"), ("", "en/")):
        for steps, target in targets.items():
            yield f"/{base}{by.join([up] * (steps + bool(base)))}{by}{target}"


def test_no_path_leads_out_of_the_site(
    besieged: PublicSide, stranger: Stranger
) -> None:
    """However it is spelt; nor do links in the site, nor what is hidden there."""
    site = besieged.folder / "out" / "site"
    (site / "linked").symlink_to(besieged.folder)
    (site / "linked.toml").symlink_to(besieged.folder / "distribute.toml")
    for name in (".hidden", "_secret"):
        (site / name).write_text("[newsletter]")
        (site / "en" / name).write_text("[newsletter]")
    paths = [*_trespasses(), *_ODD]
    answers = _pipelined(besieged, paths)
    assert len(re.findall(rb"HTTP/1\.1 404 ", answers)) == len(paths)
    assert not [secret for secret in _SECRETS if secret in answers]
    assert not re.findall(rb"(?i)\nlocation: *(?!/)[^\r]*", answers)
    assert not re.findall(rb"(?i)\nlocation: *//[^\r]*", answers)
    assert stranger.ask("/en/index.html").status == 200


def _pipelined(besieged: PublicSide, paths: list[str]) -> bytes:
    """Ask for paths as they are: no library tidies them up."""
    host, _, port = besieged.address.partition(":")
    answers = b""
    for start in range(0, len(paths), 50):
        with closing(socket.create_connection((host, int(port)), 10)) as line:
            requests = [
                f"GET {path} HTTP/1.1\r\nHost: lights-out.example.org\r\n\r\n"
                for path in paths[start : start + 50]
            ]
            last = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            line.sendall("".join((*requests, last)).encode())
            while data := line.recv(1 << 20):
                answers += data
    return answers


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "/%5cevil.example", "//evil.example/en", "/%09/evil.example/en"],
)
def test_nobody_is_led_elsewhere(stranger: Stranger, path: str) -> None:
    """No address of ours sends a browser to another server."""
    for method in ("GET", "HEAD"):
        answer = stranger.ask(path, method=method)
        place = answer.headers.get("location", "/")
        assert place.startswith("/")
        assert not place.startswith(("//", "/\\"))


@pytest.mark.slow
def test_who_is_slow_is_not_waited_for(
    besieged: PublicSide, stranger: Stranger
) -> None:
    """A few octets now and then do not keep a connection, before and within a body."""
    host, _, port = besieged.address.partition(":")
    heads = (
        b"GET / HTTP/1.1\r\n",
        b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Type: "
        + FORM.encode()
        + b"\r\nContent-Length: 4000\r\n\r\n",
        b"POST /u/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
    )
    lines = [socket.create_connection((host, int(port)), 10) for _ in heads]
    began, open_ = monotonic(), set(range(len(lines)))
    for line, head in zip(lines, heads, strict=True):
        line.sendall(head)
        line.settimeout(0)
    while open_ and monotonic() - began < 20:
        sleep(0.25)
        assert stranger.ask("/healthz").status == 200
        for number in tuple(open_):
            try:
                lines[number].send((b"x: y\r\n", b"a", b"1\r\na\r\n")[number])
                if lines[number].recv(65536) == b"":
                    open_.discard(number)
            except BlockingIOError:
                continue
            except ConnectionError:
                open_.discard(number)
    for line in lines:
        line.close()
    assert not open_
    assert 5 < monotonic() - began < 15
