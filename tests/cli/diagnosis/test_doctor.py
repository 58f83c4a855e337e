"""``distribute doctor``, from its settings to its exit status."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from distribute.campaign.message.dkim import DkimKey, dns_record
from tests.certificates import Authority
from tests.cli.conftest import Run
from tests.doorway import doorway
from tests.faults.server import FaultServer, serving
from tests.nameserver import Nameserver, serving_names
from tests.zone import Records

_FROM_IP = "93.184.215.14"
_POINTER = "14.215.184.93.in-addr.arpa"


@pytest.fixture(scope="module")
def pem() -> bytes:
    """Make an RSA key of a size that nobody complains of."""
    key = generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def garden(letter: Path, pem: bytes) -> Path:
    """Give the sample newsletter with a domain that somebody could own, and a key."""
    path = letter / "distribute.toml"
    text = path.read_text("utf-8").replace("lights-out.example.org", "garden.net")
    path.write_text(
        f'{text}\n[dkim]\ndomain = "garden.net"\n'
        'keys = [{ selector = "s1", file = "s1.pem" }]\n',
        encoding="utf-8",
    )
    key = letter / "s1.pem"
    key.write_bytes(pem)
    key.chmod(0o600)
    return letter


@pytest.fixture
def records(pem: bytes) -> Records:
    """Give what the DNS should say of it."""
    return {
        ("garden.net", "TXT"): [f"v=spf1 ip4:{_FROM_IP} -all"],
        ("s1._domainkey.garden.net", "TXT"): [dns_record(DkimKey("s1", pem))],
        ("_dmarc.garden.net", "TXT"): ["v=DMARC1; p=reject; rua=mailto:d@garden.net"],
        ("garden.net", "MX"): ["10 in.garden.net."],
        ("in.garden.net", "A"): ["93.184.215.15"],
        ("garden.net", "A"): ["127.0.0.1"],
        (_POINTER, "PTR"): ["out.garden.net."],
        ("out.garden.net", "A"): [_FROM_IP],
    }


@pytest.fixture
def server(records: Records) -> Iterator[Nameserver]:
    """Serve these records."""
    with serving_names(records) as names:
        yield names


@pytest.fixture
def mail(tmp_path: Path, garden: Path) -> Iterator[FaultServer]:
    """Give a mail server, which the settings name."""
    with serving(tmp_path / "mail") as server:
        _change(garden, "port = 25", f"port = {server.port}")
        yield server


def _change(folder: Path, old: str, new: str) -> None:
    path = folder / "distribute.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_lists_what_needs_no_question_and_what_stays_open(
    run: Run, garden: Path
) -> None:
    """Nothing is looked up; what could be says how."""
    answer = run("-C", garden, "doctor")
    assert answer.status == 0
    assert re.search(r"ok +key s1 +RSA with 2,048 bits", answer.out)
    assert re.search(r"open +who may send +with --dns", answer.out)
    assert "No problem found" in answer.out
    assert "doctor --dns` looks the open ones up." in answer.out


def test_asks_nobody_unless_told_to(
    run: Run, garden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --dns no line is opened, and no name is looked up."""

    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert run("-C", garden, "doctor").status == 0


def test_a_problem_is_said_with_its_remedy_and_the_status(
    run: Run, garden: Path
) -> None:
    """The status is 1, as of findings."""
    _change(garden, 'host = "localhost"', 'host = "smtp.garden.net"')
    (garden / "s1.pem").chmod(0o644)
    answer = run("-C", garden, "doctor")
    assert answer.status == 1
    said = r"problem +encryption +none, and smtp.garden.net:25 is another machine"
    assert re.search(said, answer.out)
    assert "chmod 600" in answer.out
    assert "2 problems" in answer.out


def test_secrets_are_missed_by_name_and_never_shown(
    run: Run, garden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether they are there or not."""
    _change(garden, '# username = "letters"', 'username = "letters"')
    _change(garden, '# password_env = "SMTP_PASSWORD"', 'password_env = "PASS_OF_MINE"')
    missing = run("-C", garden, "doctor")
    assert missing.status == 1
    assert "PASS_OF_MINE is not set" in missing.out
    monkeypatch.setenv("PASS_OF_MINE", "do-not-tell")
    found = run("-C", garden, "--json", "doctor")
    assert found.status == 0
    assert "do-not-tell" not in found.out
    assert "PRIVATE KEY" not in found.out


def test_a_key_that_is_gone_or_none_is_a_problem(run: Run, garden: Path) -> None:
    """Both would stop a sending."""
    (garden / "s1.pem").write_text("no key", encoding="utf-8")
    assert "holds no key that can sign" in run("-C", garden, "doctor").out
    (garden / "s1.pem").unlink()
    answer = run("-C", garden, "doctor")
    assert answer.status == 1
    assert "s1.pem is not there" in answer.out


def test_changes_nothing_in_the_folder(run: Run, garden: Path) -> None:
    """Not even a database comes into being."""
    before = sorted(garden.rglob("*"))
    run("-C", garden, "doctor")
    assert sorted(garden.rglob("*")) == before


def test_a_database_that_is_none_is_a_problem(run: Run, garden: Path) -> None:
    """And the rest is judged all the same."""
    (garden / "distribute.db").write_bytes(b"this is no database at all" * 40)
    answer = run("-C", garden, "doctor")
    assert answer.status == 1
    assert re.search(r"problem +database .*cannot be used", answer.out)


def test_counts_the_readers(run: Run, garden: Path, subscribers: Path) -> None:
    """Those who are written to."""
    run("-C", garden, "audience", "import", subscribers)
    assert re.search(
        r"ok +readers +\d+ readers; fewer", run("-C", garden, "doctor").out
    )


def test_finds_all_well_in_the_dns_and_at_the_servers(
    run: Run,
    garden: Path,
    server: Nameserver,
    mail: FaultServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With everything in its place nothing is left to say, and nothing is left open."""
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    with doorway(authority.context(["garden.net"])) as (port, _):
        _change(garden, "https://garden.net", f"https://garden.net:{port}")
        options = ("--dns", "--resolver", server.address, "--from-ip", _FROM_IP)
        answer = run("-C", garden, "--json", "doctor", *options)
    verdicts = {(each["id"], each["verdict"]) for each in answer.document["judgements"]}
    assert answer.status == 0
    assert {verdict for _, verdict in verdicts} - {"ok"} == {"advice"}, verdicts
    assert [id_ for id_, verdict in verdicts if verdict == "advice"] == ["database"]
    assert answer.document["counts"]["open"] == 0


def test_greets_each_of_several_servers(
    run: Run, garden: Path, server: Nameserver, mail: FaultServer, tmp_path: Path
) -> None:
    """Each by its own settings, and each is named; one that is down is a problem."""
    with serving(tmp_path / "other") as other:
        with (garden / "distribute.toml").open("a", encoding="utf-8") as file:
            file.write('[[smtp.relays]]\nname = "beta"\nhost = "localhost"\n')
            file.write(f'port = {other.port}\nsecurity = "none"\n')
        options = ("--dns", "--resolver", server.address, "--from-ip", _FROM_IP)
        answer = run("-C", garden, "--json", "doctor", *options)
        other.down()
        worse = run("-C", garden, "--json", "doctor", *options)
    assert answer.status < 2, answer.out
    greeted = {
        each["about"]: each["verdict"]
        for each in answer.document["judgements"]
        if each["id"] == "smtp-server"
    }
    assert greeted == {f"localhost:{each.port}": "ok" for each in (mail, other)}
    assert {
        each["about"]
        for each in worse.document["judgements"]
        if (each["id"], each["verdict"]) == ("smtp-server", "problem")
    } == {f"localhost:{other.port}"}


def test_says_what_the_dns_lacks(
    run: Run, garden: Path, mail: FaultServer, tmp_path: Path
) -> None:
    """An empty zone has everything to be desired, and no traceback."""
    with serving_names({("net", "NS"): ["a.nic.net."]}) as names:
        options = ("--dns", "--resolver", names.address, "--from-ip", _FROM_IP)
        answer = run("-C", garden, "--json", "doctor", *options)
    problems = {
        each["id"]
        for each in answer.document["judgements"]
        if each["verdict"] == "problem"
    }
    assert answer.status == 1
    assert problems == {
        "spf-record", "dkim-record", "dmarc-record", "dmarc-alignment", "reverse",
        "mail-exchanger", "unsubscribe-server",
    }  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from-ip", _FROM_IP),
        ("--resolver", "192.0.2.1"),
        ("--dns", "--resolver", "dns.example.org"),
        ("--dns", "--from-ip", "out.garden.net"),
    ],
)
def test_refuses_what_makes_no_sense(
    run: Run, garden: Path, arguments: tuple[str, ...]
) -> None:
    """With the status of a wrong usage, and without asking anybody."""
    assert run("-C", garden, "doctor", *arguments).status == 2
