"""An IMAP folder is read from where one left off, and left as it was."""

import ssl
from pathlib import Path
from typing import Any

import pytest

from distribute.errors import AudienceError
from distribute.sinks.inbox.imap import Bookmark, ImapInbox, ImapServer, Security
from tests.certificates import Authority
from tests.sinks.inbox.imap_server import Folder, serving

READING = ("CAPABILITY", "AUTHENTICATE", "LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH")


def letter(number: int) -> bytes:
    """Write a message."""
    return f"Subject: {number}\r\n\r\nNumber {number}\r\n".encode()


def folder(*numbers: int, **settings: Any) -> Folder:
    """Make a folder with messages of these numbers."""
    return Folder({n: letter(n) for n in numbers}, **settings)


def server(port: int, **settings: Any) -> ImapServer:
    """Name the server at a port of this computer."""
    usual = {
        "host": "localhost",
        "port": port,
        "username": "news",
        "password": "gehéim",
        "security": Security.NONE,
    }
    return ImapServer(**{**usual, **settings})


def numbers(port: int, since: Bookmark | None = None, **settings: Any) -> list[int]:
    """Read a folder, and give the numbers of what came."""
    with ImapInbox(server(port, **settings)) as inbox:
        return [bookmark.last for _, bookmark in inbox.messages(since)]


def test_all_is_read_and_nothing_is_changed() -> None:
    """Messages are peeked at in a folder that is opened read-only."""
    box = folder(3, 5, 9)
    with serving(box) as port, ImapInbox(server(port)) as inbox:
        found = list(inbox.messages())

    assert [item.data for item, _ in found] == [letter(3), letter(5), letter(9)]
    assert found[0][0].name == "imap localhost INBOX 3"
    assert found[-1][1] == Bookmark(7, 9)
    assert all(command.startswith((*READING, "LOGOUT")) for command in box.heard)
    assert all("BODY.PEEK" in command for command in box.heard if "FETCH" in command)
    assert box.heard[-1] == "LOGOUT"


def test_only_what_is_newer_than_the_bookmark_is_read() -> None:
    """And nothing at all if there is nothing newer."""
    with serving(folder(3, 5, 9)) as port:
        assert numbers(port, Bookmark(7, 5)) == [9]
        assert numbers(port, Bookmark(7, 9)) == []


def test_a_folder_of_another_validity_is_read_anew() -> None:
    """Its numbers mean other messages."""
    with serving(folder(3, 5, 9)) as port:
        assert numbers(port, Bookmark(6, 9)) == [3, 5, 9]


def test_an_empty_folder_has_no_messages() -> None:
    """That is no error."""
    with serving(folder()) as port:
        assert numbers(port) == []


def test_a_large_folder_is_asked_about_bit_by_bit() -> None:
    """No answer has to name all of its messages."""
    box = folder(1, 70_000, 120_001)
    with serving(box) as port:
        assert numbers(port) == [1, 70_000, 120_001]
    assert [command for command in box.heard if "SEARCH" in command] == [
        "UID SEARCH UID 1:50000",
        "UID SEARCH UID 50001:100000",
        "UID SEARCH UID 100001:120001",
    ]


def test_what_goes_meanwhile_is_passed_over() -> None:
    """Somebody else may tidy the folder up."""
    with serving(folder(3, 5, gone=frozenset({3}))) as port:
        assert numbers(port) == [5]


def test_what_was_read_before_the_line_broke_is_kept() -> None:
    """The bookmark behind it is where to go on."""
    with (
        serving(folder(3, 5, 9, breaks_at=5)) as port,
        ImapInbox(server(port)) as inbox,
    ):
        messages = inbox.messages()
        assert next(messages)[1] == Bookmark(7, 3)
        with pytest.raises(AudienceError, match="breaks off"):
            next(messages)


def test_a_server_without_authenticate_is_asked_by_login() -> None:
    """Old ones know nothing else."""
    with serving(folder(3, plain=False)) as port:
        assert numbers(port, password="secret") == [3]


def test_a_folder_may_have_any_name() -> None:
    """It travels in modified UTF-7 (RFC 3501 section 5.1.3), quoted."""
    box = folder(3, name='"R&-D \\"x\\" &ZeVnLIqe-"')
    with serving(box) as port:
        assert numbers(port, folder='R&D "x" 日本語') == [3]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "guess"}, "does not let us in"),
        ({"folder": "Nowhere"}, "does not open the folder 'Nowhere'"),
        ({"folder": "a\r\nb DELETE INBOX"}, "does not open the folder"),
        ({"security": Security.TLS}, "cannot be reached"),
        ({"security": Security.STARTTLS}, "cannot be reached"),
        ({"host": "localhost.invalid"}, "cannot be reached"),
    ],
)
def test_whatever_fails_is_said_in_words(wrong: dict[str, Any], said: str) -> None:
    """With what to look at, and without the password."""
    box = folder(3)
    with serving(box) as port, pytest.raises(AudienceError) as caught:
        numbers(port, **wrong)

    assert said in caught.value.reason
    assert caught.value.hint
    assert "gehéim" not in str(caught.value)
    assert not any("DELETE" in command for command in box.heard)


def test_the_password_is_in_no_picture_of_the_server() -> None:
    """Neither where it is printed nor where it is shown for debugging."""
    shown = server(1)

    assert "gehéim" not in f"{shown!r} {shown}"


def test_tls_is_spoken_to_whom_is_trusted_only(tmp_path: Path) -> None:
    """A certificate for another name, or from nobody we know, ends it."""
    authority = Authority(tmp_path)
    trust = ssl.create_default_context(cafile=authority.path)
    secure: dict[str, Any] = {"security": Security.TLS, "trust": trust}

    with serving(folder(3, trust=authority.context(["localhost"]))) as port:
        assert numbers(port, **secure) == [3]
        with pytest.raises(AudienceError, match="certificate"):
            numbers(port, security=Security.TLS)
    with (
        serving(folder(3, trust=authority.context(["elsewhere.example"]))) as port,
        pytest.raises(AudienceError, match="certificate"),
    ):
        numbers(port, **secure)
