"""What came back is found wherever it lies, and stays there."""

import io
import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.errors import AudienceError
from distribute.sinks.inbox.files import STANDARD_INPUT, messages_in
from distribute.sinks.inbox.item import LARGEST, LARGEST_NOTICE, Item, Unread
from distribute.sinks.inbox.mbox import messages_of

START = b"From bounces@example.org Fri Nov 20 09:00:00 2026\n"


def letter(number: int = 1) -> bytes:
    """Write a message."""
    return b"Subject: %d\n\nNumber %d\n" % (number, number)


def items(path: Path, stdin: io.BytesIO | None = None) -> list[Item]:
    """Read what lies at a path, of which all must be readable."""
    found = list(messages_in(path, stdin=stdin))
    read = [each for each in found if isinstance(each, Item)]
    assert read == found
    return read


def findings(path: Path) -> list[Unread]:
    """Give what is said about a path besides messages."""
    return [each for each in messages_in(path) if isinstance(each, Unread)]


def picture(folder: Path) -> dict[str, tuple[bytes, float]]:
    """Take down what lies in a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): (path.read_bytes(), path.stat().st_mtime) for path in files}


def test_a_maildir_is_read_and_left_as_it_is(tmp_path: Path) -> None:
    """Both what is new and what was seen; what is being delivered is not."""
    names = ["new/1.M1.host", "cur/2.M2.host:2,S", "tmp/3.M3.host", "new/.hidden"]
    for number, name in enumerate(names, 1):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(letter(number))
    before = picture(tmp_path)

    read = items(tmp_path)

    assert [item.data for item in read] == [letter(1), letter(2)]
    assert read[1].name == str(tmp_path / "cur/2.M2.host:2,S")
    assert picture(tmp_path) == before
    assert [item.data for item in items(tmp_path / "cur")] == [letter(2)]


def test_a_folder_of_messages_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    """Messages, notifications and mboxes; what else lies there is counted."""
    (tmp_path / "b.EML").write_bytes(letter(2))
    (tmp_path / "a.json").write_bytes(b"{}")
    (tmp_path / "c.mbox").write_bytes(START + letter(3) + b"\n" + START + letter(4))
    (tmp_path / "17").write_bytes(letter(5))
    (tmp_path / "notes.pdf").write_bytes(b"x")
    (tmp_path / "older").mkdir()
    found = list(messages_in(tmp_path))

    assert [
        item.name.rpartition("/")[2] for item in found if isinstance(item, Item)
    ] == [
        "17",
        "a.json",
        "b.EML",
        "c.mbox:1",
        "c.mbox:2",
    ]
    assert [item.is_mail for item in found if isinstance(item, Item)] == [
        True,
        False,
        True,
        True,
        True,
    ]
    (left_out,) = findings(tmp_path)
    assert left_out.is_meant
    assert left_out.reason == "2 of what lies here was not read"


def test_a_single_message_is_read_from_its_file(tmp_path: Path) -> None:
    """Whatever it is called."""
    path = tmp_path / "undelivered"
    path.write_bytes(b"\n" + letter())

    assert [item.data.lstrip() for item in items(path)] == [letter()]


def test_standard_input_is_a_message_or_a_mbox() -> None:
    """As a mail server's pipe or a shell gives it."""
    two = START + letter(1) + b"\n" + START + letter(2)

    assert items(STANDARD_INPUT, io.BytesIO(letter())) == [
        Item("standard input", letter(), is_mail=False)
    ]
    assert [item.name for item in items(STANDARD_INPUT, io.BytesIO(two))] == [
        "standard input:1",
        "standard input:2",
    ]


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    """It says what could be there."""
    with pytest.raises(AudienceError, match="no such file") as caught:
        list(messages_in(tmp_path / "missing"))
    assert "Maildir" in caught.value.hint
    with pytest.raises(AudienceError):
        list(messages_in(STANDARD_INPUT))


def test_what_cannot_be_read_is_told_and_not_the_end(tmp_path: Path) -> None:
    """The messages beside it are read."""
    (tmp_path / "1.eml").write_bytes(b"\n\n")
    (tmp_path / "2.msg").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1outlook")
    (tmp_path / "3.eml").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "4.eml")
    with (tmp_path / "5.json").open("wb") as file:
        file.write(b"{")
        file.truncate(LARGEST_NOTICE + 1)
    (tmp_path / "6.eml").write_bytes(letter())
    found = list(messages_in(tmp_path))

    assert [each.name for each in found if isinstance(each, Item)] == [
        str(tmp_path / "6.eml")
    ]
    assert [finding.reason for finding in findings(tmp_path)] == [
        "cannot be read: it is empty",
        "cannot be read: it is a message in Outlook's own format",
        "cannot be read: it is no file",
        "cannot be read: it is no file",
        f"cannot be read: it has more than {LARGEST_NOTICE} octets",
    ]
    assert not any(finding.is_meant for finding in findings(tmp_path))


def test_of_a_large_message_the_beginning_is_read(tmp_path: Path) -> None:
    """It may return a whole film; what it reports stands before that."""
    path = tmp_path / "1.eml"
    path.write_bytes(letter() + b"x" * (2 * LARGEST))
    (tmp_path / "2.mbox").write_bytes(START + letter() + b"x\n" * LARGEST)

    assert [item.data[:9] for item in items(tmp_path)] == [letter()[:9]] * 2
    assert all(len(item.data) <= LARGEST + 2 for item in items(tmp_path))


def test_lines_that_look_like_a_start_are_no_start() -> None:
    """Only after a blank line, and with a time in it; quotes are undone."""
    body = (
        b"Subject: 1\n\nFrom here to there\nFrom x Fri Nov 20 09:00:00 2026\n"
        b">From the start\n>>From deeper\n\n>From x Fri Nov 20 09:00:00 2026\n"
    )
    (read,) = messages_of([START, *body.splitlines(keepends=True)])

    assert read == (
        b"Subject: 1\n\nFrom here to there\nFrom x Fri Nov 20 09:00:00 2026\n"
        b"From the start\n>From deeper\n\nFrom x Fri Nov 20 09:00:00 2026\n"
    )


BODIES = st.lists(
    st.sampled_from(
        [b"", b"From x", b">From x", b">>From x", b"text", b"--", b" From "]
    )
)


@settings(max_examples=100, deadline=None)
@given(st.lists(BODIES, min_size=1, max_size=5))
def test_what_a_mboxrd_holds_comes_out_as_it_went_in(bodies: list[list[bytes]]) -> None:
    """Each line that begins like a start, with any quotes, was quoted once more."""
    messages = [
        b"A: b\n\n" + b"".join(line + b"\n" for line in body) for body in bodies
    ]
    quoted = (
        b"".join(
            b">" + line if line.lstrip(b">").startswith(b"From ") else line
            for line in message.splitlines(keepends=True)
        )
        for message in messages
    )
    lines = b"".join(START + message + b"\n" for message in quoted)
    read = messages_of(lines.splitlines(keepends=True))

    assert list(read) == [message + b"\n" for message in messages]


def test_a_large_mbox_takes_no_more_room_than_one_message(tmp_path: Path) -> None:
    """However many there are."""
    path = tmp_path / "large.mbox"
    with path.open("wb") as file:
        for number in range(300):
            file.write(START + letter(number) + b"x" * 50_000 + b"\n\n")
    tracemalloc.start()
    try:
        count = sum(1 for _ in messages_in(path))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == 300
    assert most < 1_000_000
