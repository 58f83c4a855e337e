"""Who a mail comes from, and what is missing before any can be sent."""

from distribute.checks.mail import sender
from distribute.finding import Severity
from tests.checks.press import SETTINGS, Press, only

FROM = "Harbour Letters <"


def test_a_short_name_is_well(press: Press) -> None:
    """Nothing is wrong with a sender that one encoded word holds."""
    proof = press.proof()
    assert list(sender.find(proof)) == []
    assert list(sender.find_unready(proof.theme, proof.publication)) == []


def test_a_name_is_measured_in_bytes(press: Press) -> None:
    """Arabic letters take two; beyond 42 it is a warning, beyond 90 an error."""
    names = {"رسائل الميناء القديم والجديد": Severity.WARNING, "ب" * 46: Severity.ERROR}
    for name, severity in names.items():
        proof = press.proof(settings=SETTINGS.replace(FROM, f"{name} <"))
        finding = only(sender.find(proof), "sender-name-long")
        assert finding.severity is severity
        assert f"{len(name.encode())} bytes" in finding.message
        assert (finding.path.name, finding.words) == ("distribute.toml", name)
        assert "from = " in SETTINGS.splitlines()[finding.line - 1]


def test_a_bare_address_is_a_warning(press: Press) -> None:
    """Inboxes would show it where a name should be."""
    proof = press.proof(
        settings=SETTINGS.replace(FROM, "").replace('.org>"\nb', '.org"\nb')
    )
    finding = only(sender.find(proof), "sender-name-missing")
    assert "letters@harbour.example.org" in finding.message


def test_what_is_missing_to_send_is_a_note(press: Press) -> None:
    """A newsletter may be written long before it is sent."""
    bare = press.proof(
        settings=SETTINGS.partition("[sender]")[0].replace("address =", "authors = ''#")
    )
    notes = [
        only(sender.find(bare), "sender-missing"),
        only(sender.find_unready(bare.theme, bare.publication), "address-missing"),
    ]
    assert {note.severity for note in notes} == {Severity.NOTE}
    assert {note.path.name for note in notes} == {"distribute.toml"}
    assert [note.line for note in notes] == [0, 1]  # [newsletter], where it belongs


def test_somebody_should_read_the_answers(press: Press) -> None:
    """A no-reply address is a warning, unless answers go elsewhere."""
    for local in ("noreply", "no-reply", "donotreply", "Do.Not.Reply", "news_noreply"):
        proof = press.proof(settings=SETTINGS.replace("<letters@", f"<{local}@"))
        assert local in only(sender.find(proof), "sender-no-reply").message
    for local in ("noreplying", "casino-replies", "piano"):
        proof = press.proof(settings=SETTINGS.replace("<letters@", f"<{local}@"))
        assert list(sender.find(proof)) == []
    proof = press.proof(
        settings=SETTINGS.replace("<letters@", "<noreply@")
        + 'reply_to = "letters@harbour.example.org"\n'
    )
    assert list(sender.find(proof)) == []
    silent = SETTINGS + 'reply_to = "noreply@harbour.example.org"\n'
    finding = only(sender.find(press.proof(settings=silent)), "sender-no-reply")
    assert finding.message == "nobody can answer noreply@harbour.example.org"
    assert finding.line == len(silent.splitlines())
