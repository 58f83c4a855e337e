"""What the others send: our own messages, taken apart again for those who build theirs."""

import json
import shutil
from collections.abc import Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

LINK = "{unsubscribe}"
"""Stands for the personal link in the text and HTML that others fill in."""


def write_letters(messages: Mapping[str, bytes], folder: Path) -> None:
    """Write one message per language as ``.eml`` and ``.lf``, and all in ``letters.json``.

    The second has bare line feeds, as smtp-source wants it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    letters = []
    for language, raw in messages.items():
        (folder / f"{language}.eml").write_bytes(raw)
        (folder / f"{language}.lf").write_bytes(raw.replace(b"\r\n", b"\n"))
        letters.append({"raw": f"{language}.eml"} | _contents(raw))
    (folder / "letters.json").write_text(json.dumps(letters), "utf-8")


def mean_size(messages: Mapping[str, bytes]) -> int:
    """Give the octets of a message, on the average over the languages."""
    return round(sum(map(len, messages.values())) / len(messages))


def _contents(raw: bytes) -> dict[str, str]:
    message = message_from_bytes(raw, EmailMessage, policy=SMTP)
    link = str(message["List-Unsubscribe"]).partition(">")[0].lstrip("<")
    return {
        "subject": str(message["Subject"]),
        "text": _body(message, "plain").replace(link, LINK),
        "html": _body(message, "html").replace(link, LINK),
    }


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        raise ValueError(f"one of our messages has no {kind} part")
    return str(part.get_content())
