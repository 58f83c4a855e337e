"""What the senders written in Python have in common."""

import json
import sys
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path

SENDER = "bounces@rivers.example.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One edition: its content, and a whole message of ours to a reader of it."""

    subject: str
    text: str
    html: str
    raw: bytes


def read_letters(folder: str) -> list[Letter]:
    """Read what ``benchmarks/letters.py`` wrote."""
    place = Path(folder)
    letters = json.loads((place / "letters.json").read_text("utf-8"))
    return [
        Letter(**letter | {"raw": (place / letter["raw"]).read_bytes()})
        for letter in letters
    ]


def address(number: int) -> str:
    """Name the recipient of one message."""
    return f"reader.{number:07}@mail{number % 97}.example.net"


def build(letter: Letter, number: int) -> EmailMessage:
    """Build the message of one recipient, as the documentation of `email` shows it."""
    link = f"https://rivers.example.org/u/{number:064}"
    message = EmailMessage()
    message["From"] = "Slow Rivers <news@rivers.example.org>"
    message["To"] = f"Ada Abreu <{address(number)}>"
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = f"<1.{number}@rivers.example.org>"
    message["List-Unsubscribe"] = f"<{link}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text.replace("{unsubscribe}", link))
    message.add_alternative(letter.html.replace("{unsubscribe}", link), subtype="html")
    return message


def print_report(seconds: float, cpu_seconds: float) -> None:
    """Say what the sending took, from the first message to the last."""
    report = {"seconds": seconds, "cpu_seconds": cpu_seconds}
    sys.stdout.write(json.dumps(report) + "\n")
