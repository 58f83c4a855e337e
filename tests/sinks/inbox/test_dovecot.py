"""Dovecot, as many run it, gives what came back and keeps it unread."""

import os
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from socket import create_connection

import pytest

from distribute.errors import AudienceError
from distribute.sinks.inbox.imap import Bookmark, ImapInbox, ImapServer
from tests.certificates import Authority
from tests.mailroom import free_port
from tests.processes import wait_until

DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        DOVECOT is None or os.geteuid() != 0,
        reason="needs Dovecot (Debian: dovecot-imapd), and root to start it",
    ),
]
PASSWORD = "gehéim&x"
CONFIGURATION = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
mail_location = maildir:{folder}/mail
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
ssl_cert = <{pem}
ssl_key = <{pem}
service imap-login {{
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {secure}
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail
}}
namespace inbox {{
  inbox = yes
}}
"""


@pytest.fixture
def server() -> Iterator[tuple[ImapServer, Path]]:
    """Start Dovecot with three messages; gives how to reach it, and where they lie."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        new = folder / "mail" / "new"
        new.mkdir(parents=True)
        for number in (1, 2, 3):
            (new / f"170000000{number}.M1.host").write_bytes(
                b"Subject: %d\n\nx\n" % number
            )
        for path in (folder / "mail", *(folder / "mail").rglob("*")):
            shutil.chown(path, "nobody", "nogroup")
        authority = Authority(folder)
        authority.context(["localhost"])
        reached = ImapServer(
            host="localhost",
            port=free_port(),
            username="news",
            password=PASSWORD,
            trust=ssl.create_default_context(cafile=authority.path),
        )
        with running(folder, reached.port, next(folder.glob("localhost-*.pem"))):
            yield reached, new


@contextmanager
def running(folder: Path, port: int, pem: Path) -> Iterator[None]:
    """Run Dovecot for as long as a block takes."""
    path = folder / "dovecot.conf"
    path.write_text(
        CONFIGURATION.format(
            folder=folder, pem=pem, plain=free_port(), secure=port, password=PASSWORD
        ),
        encoding="utf-8",
    )
    process = subprocess.Popen([str(DOVECOT), "-F", "-c", str(path)])  # noqa: S603 - Dovecot itself
    try:
        wait_until(lambda: is_listening(port))
        yield
    finally:
        process.terminate()
        process.wait(60)


def is_listening(port: int) -> bool:
    """Tell whether anybody answers at a port of this computer."""
    with suppress(OSError), create_connection(("127.0.0.1", port)):
        return True
    return False


def test_dovecot_keeps_what_was_read_unread(server: tuple[ImapServer, Path]) -> None:
    """All is given once; behind the bookmark comes nothing; the files are as they were."""
    reached, new = server
    before = sorted(path.name for path in new.iterdir())
    with ImapInbox(reached) as inbox:
        found = list(inbox.messages())
        again = list(inbox.messages(found[-1][1]))

    assert [item.data.split()[1] for item, _ in found] == [b"1", b"2", b"3"]
    assert again == []
    assert found[-1][1] == Bookmark(found[0][1].validity, 3)
    assert sorted(path.name for path in new.iterdir()) == before


def test_dovecot_refuses_a_wrong_password_in_words(
    server: tuple[ImapServer, Path],
) -> None:
    """And a folder that it has not."""
    reached, _ = server
    with pytest.raises(AudienceError, match="does not let us in"):
        ImapInbox(replace(reached, password="guess"))
    with pytest.raises(AudienceError, match="does not open the folder"):
        ImapInbox(replace(reached, folder="日本語"))
