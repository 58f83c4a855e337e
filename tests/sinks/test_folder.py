"""Messages as files: one ``.eml`` each, and its envelope beside it."""

import json
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.campaign.campaign import Envelope, Message, Outcome
from distribute.errors import (
    PermanentDeliveryError,
    SourceError,
    TransientDeliveryError,
)
from distribute.sinks.folder import AT_ONCE, ROOM, FolderSink, read
from tests.sinks.driver import Driver, addresses, deliver, message_of, parcel_to

ENVELOPE = Envelope(
    id="5/pt-br/2cf24dba5fb0a30e26e83b2a",
    mail_from="bounces@example.org",
    rcpt_to="józef@example.org",
    smtputf8=True,
)
BYTES = b"To: x\r\n\r\n.\r\nFrom here\r\n\x00\xff"
MESSAGE = message_of(BYTES, pieces=3)
PARCEL = parcel_to(ENVELOPE.rcpt_to, MESSAGE)._replace(envelope=ENVELOPE)


def test_a_message_is_two_files(tmp_path: Path) -> None:
    """The bytes as they are, and the envelope as JSON."""
    sink = FolderSink(tmp_path)

    receipt = deliver(sink, [PARCEL])[ENVELOPE.rcpt_to]
    sink.close()

    folder = tmp_path / "issue-5" / "pt-br"
    path = folder / "2cf24dba5fb0a30e26e83b2a.eml"
    assert sorted(folder.iterdir()) == [path, path.with_suffix(".json")]
    assert path.read_bytes() == BYTES
    assert json.loads(path.with_suffix(".json").read_bytes()) == {
        "id": "5/pt-br/2cf24dba5fb0a30e26e83b2a",
        "mail_from": "bounces@example.org",
        "rcpt_to": "józef@example.org",
        "smtputf8": True,
    }
    assert (receipt.outcome, receipt.text) == (Outcome.ACCEPTED, str(path))
    assert read(path) == (ENVELOPE, BYTES)


def test_others_may_not_read_a_message(tmp_path: Path) -> None:
    """It names somebody, and so does its envelope; its links are theirs alone."""
    path = FolderSink(tmp_path).write(ENVELOPE, MESSAGE)
    for file in (path, path.with_suffix(".json")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_same_delivery_again_writes_the_same(tmp_path: Path) -> None:
    """A run that is repeated changes nothing, and a new text takes the old one's place."""
    sink = FolderSink(tmp_path)
    sink.write(ENVELOPE, message_of(b"old, and longer" * 9))
    sink.write(ENVELOPE, MESSAGE)
    first = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    sink.write(ENVELOPE, MESSAGE)

    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == first
    assert read(sink.path_of(ENVELOPE)) == (ENVELOPE, BYTES)


def test_a_crowd_is_written_a_few_at_a_time(tmp_path: Path) -> None:
    """Many are taken together, but a crash at any moment leaves only a few in doubt."""
    sink = FolderSink(tmp_path)
    driver = Driver(sink)
    waiting = [parcel_to(address) for address in addresses(3 * ROOM)]
    in_doubt, claims = [], 0
    while len(driver.receipts) < 3 * ROOM:
        claims += bool(sink.room() and waiting)
        driver.take(waiting)
        turn = sink.turn(0)
        driver.note(turn)
        driver.release(turn.ready)
        in_doubt.append(len(driver.released - driver.receipts.keys()))

    assert max(in_doubt) == AT_ONCE
    assert claims <= 6
    assert len(list(tmp_path.rglob("*.eml"))) == 3 * ROOM


def test_nothing_is_written_before_it_is_released(tmp_path: Path) -> None:
    """Nor afterwards, if the sending was given up in between."""
    sink = FolderSink(tmp_path)
    driver = Driver(sink)
    driver.take([parcel_to("a@example.org"), parcel_to("b@example.org")])
    turn = sink.turn(0)
    assert len(turn.ready) == 2
    driver.release(turn.ready[:1])
    driver.note(sink.halt())

    assert list(tmp_path.iterdir()) == []
    (receipt,) = driver.receipts.values()
    assert (receipt.outcome, sink.room()) == (Outcome.DEFERRED, ROOM)


def test_a_turn_without_work_waits(tmp_path: Path) -> None:
    """A caller that only waits for the clock does not spin."""
    before = time.monotonic()
    turn = FolderSink(tmp_path).turn(0.05)
    assert time.monotonic() - before >= 0.05
    assert turn == ([], [])


def test_a_closed_sink_takes_nothing(tmp_path: Path) -> None:
    """As any sink."""
    sink = FolderSink(tmp_path)
    sink.close()
    with pytest.raises(PermanentDeliveryError):
        sink.take([PARCEL])


@given(st.lists(st.text(max_size=120), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_no_id_leads_out_of_the_folder(parts: list[str]) -> None:
    """Whatever an id holds, its file is below the folder, with a name any disk takes."""
    folder = Path("mail")
    path = FolderSink(folder).path_of(
        Envelope(id="/".join(parts), mail_from="", rcpt_to="")
    )
    names = path.relative_to(folder).parts

    assert names[0].startswith("issue-")
    for name in names:
        assert name not in {"", ".", ".."}
        assert not set(name) & set('\\:*?"<>|\0\n')
        assert len(name.encode()) <= 120


def test_different_ids_have_different_files() -> None:
    """Also where cleaning would make them the same."""
    sink = FolderSink(Path("mail"))
    ids = [
        "5/en/a",
        "5/en/a!",
        "5/en/a?",
        "5/en/ä",
        "5/en/..",
        "5/en/.",
        "5/en/" + "a" * 200,
    ]
    paths = {sink.path_of(Envelope(id=id_, mail_from="", rcpt_to="")) for id_ in ids}

    assert len(paths) == len(ids)


def test_a_full_disk_may_be_over_later(tmp_path: Path) -> None:
    """It leaves no half message behind, and whoever was written before has a receipt."""
    sink = FolderSink(tmp_path)
    driver = Driver(sink)
    stuck = sink.path_of(ENVELOPE)
    stuck.parent.mkdir(parents=True)
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full on this system")
    stuck.with_name(stuck.name + ".tmp").symlink_to(full)

    with pytest.raises(TransientDeliveryError, match=r"2cf24.*No space left") as caught:
        driver.deliver([parcel_to("a@example.org"), PARCEL, parcel_to("b@example.org")])

    assert "Make room" in caught.value.hint
    assert len(list(tmp_path.rglob("*.eml"))) == 1
    assert list(tmp_path.rglob("*.tmp")) == []
    outcomes = [receipt.outcome for receipt in driver.receipts.values()]
    assert outcomes == [Outcome.ACCEPTED, Outcome.DEFERRED, Outcome.DEFERRED]
    assert "No space left" in driver.receipts["b@example.org"].text


def test_a_folder_that_cannot_be_written_to_needs_somebody(tmp_path: Path) -> None:
    """Such as one that is a file."""
    (tmp_path / "issue-5").write_text("in the way")

    with pytest.raises(PermanentDeliveryError, match="cannot be written") as caught:
        FolderSink(tmp_path).write(ENVELOPE, MESSAGE)

    assert "Check who may write" in caught.value.hint


def test_a_crash_between_the_files_leaves_no_message(tmp_path: Path) -> None:
    """The envelope goes first: where there is an ``.eml``, its envelope is there."""
    sink = FolderSink(tmp_path)
    path = sink.path_of(ENVELOPE)
    path.mkdir(parents=True)  # in the way of the message, not of the envelope

    with pytest.raises(PermanentDeliveryError):
        sink.write(ENVELOPE, MESSAGE)

    assert path.with_suffix(".json").is_file()


def test_a_folder_that_vanishes_is_made_again(tmp_path: Path) -> None:
    """Somebody tidied up in the middle of a sending."""
    sink = FolderSink(tmp_path / "mail")
    path = sink.write(ENVELOPE, MESSAGE)
    (tmp_path / "mail").rename(tmp_path / "elsewhere")

    assert sink.write(ENVELOPE, Message((BYTES,), len(BYTES))) == path
    assert read(path) == (ENVELOPE, BYTES)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read"),
        ("{", "not the envelope"),
        ("[]", "expected an object"),
        ('{"id": "x"}', "mail_from is missing"),
        ('{"id": "x", "mail_from": "", "rcpt_to": 5, "smtputf8": false}', "rcpt_to"),
    ],
)
def test_what_is_no_envelope_is_an_error_with_its_file(
    tmp_path: Path, content: str | None, reason: str
) -> None:
    """Reading a message back names the file that is missing or damaged."""
    path = tmp_path / "a.eml"
    path.write_bytes(BYTES)
    if content is not None:
        (tmp_path / "a.json").write_text(content)

    with pytest.raises(SourceError, match=reason) as caught:
        read(path)
    assert caught.value.path == tmp_path / "a.json"


def test_a_missing_message_is_an_error_with_its_file(tmp_path: Path) -> None:
    """An envelope alone is no message."""
    with pytest.raises(SourceError, match="cannot be read") as caught:
        read(tmp_path / "a.eml")
    assert caught.value.path == tmp_path / "a.eml"
