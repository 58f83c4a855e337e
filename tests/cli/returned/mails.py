"""What comes back about an issue of the sample, in a folder."""

from pathlib import Path

from tests.cli.conftest import Run
from tests.databases import reach_into

REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.net
To: bounces@example.org
Subject: Undelivered mail
Message-ID: <{name}@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {recipient}
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 {status} {words}

--cut
Content-Type: text/rfc822-headers

Message-ID: <4-en.{delivery}@lights-out.example.org>
To: {recipient}

--cut--
"""
LETTER = "From: {sender}\nTo: news@example.org\nSubject: {subject}\nMessage-ID: <{name}@x>\n\n"


class Mails:
    """Writes what comes back into a folder; each about another delivery of the issue."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        with reach_into(database) as connection:
            query = "SELECT key, id FROM delivery ORDER BY key"
            self.deliveries = list(connection.execute(query))

    def report(self, place: int, status: str, words: str = "said so") -> str:
        """Write a delivery report; gives whom it is about."""
        key, id_ = self.deliveries[place]
        name = f"report-{place}-{status}"
        text = REPORT.format(
            name=name, recipient=key, status=status, words=words, delivery=id_
        )
        (self.folder / f"{name}.eml").write_text(text, encoding="utf-8")
        return str(key)

    def letter(self, sender: str, subject: str) -> None:
        """Write a letter of a reader."""
        name = f"letter-{len(list(self.folder.iterdir()))}"
        text = LETTER.format(sender=sender, subject=subject, name=name)
        (self.folder / f"{name}.eml").write_text(text, encoding="utf-8")


def status_of(run: Run, folder: Path, address: str) -> str:
    """Ask where somebody stands."""
    found = run("-C", folder, "--json", "audience", "list").document["subscribers"]
    return str(next(each["status"] for each in found if each["email"] == address))
