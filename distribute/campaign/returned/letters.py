"""What people write to leave, to join, or to confirm: the subject is the whole letter."""

import re

from distribute.campaign.returned.address import tidy
from distribute.campaign.returned.clean import cleaned
from distribute.campaign.returned.header import Header
from distribute.campaign.returned.report import Kind, Report

_ANSWER = (
    # how programs say "Re:" in other languages
    r"re|aw|antw|antwort|sv|vs|odp|ynt|yan|res|rif|r|resp|rép|ref|bls|atb|vá|nb|ynt|cev"
    r"|رد|回复|回覆|答复|答覆|返信|отв|на|απ|σχετ"
)
_MARKS = re.compile(
    rf"\s*(?:(?:{_ANSWER})\s*(?:\[\d{{1,3}}\]|\(\d{{1,3}}\))?\s*[:：]\s*"
    r"|\[[^\[\]]{1,30}\]\s*){0,8}",
    re.IGNORECASE,
)
"""Signs of an answer and of a filter, such as ``AW: [EXT]``; none of a letter passed on."""
_COMMAND = re.compile(r"(unsubscribe|subscribe|confirm)(?:\s+(\S.*))?", re.IGNORECASE)
_DELIVERY = re.compile(r"[0-9a-f]{24}", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{30,600}")
_TAG = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}"
_SPACED = rf"{_TAG}(?:[\s,;]+{_TAG}){{0,9}}[\s,;]*"
_ONLY = r"[!！]"
"""Behind languages: these, and no other."""
_WISHES = re.compile(rf"{_TAG}(?:\s*[,;]\s*{_TAG}){{0,9}}\s*;?|{_SPACED}{_ONLY}\s*")
_WISHES_OF_A_READER = re.compile(
    rf"{_SPACED}(?:{_ONLY}\s*)?|pause(?:\s+\d{{1,3}})?", re.IGNORECASE
)
"""Behind a proof, blanks will do as well: no sentence of anybody begins with one. Or a
pause, and for how many days."""


def read_letter(header: Header) -> Report | None:
    """Read what a letter asks for; `None` if it is none of those."""
    subject = " ".join(header.words("subject").split())
    start = _MARKS.match(subject)
    found = _COMMAND.fullmatch(subject[start.end() if start else 0 :].strip(' "“”.'))
    if not found:
        return None
    sender, rest = tidy(header.first("from")), (found[2] or "").strip(" <>")
    match found[1].lower():
        case "unsubscribe":
            return _leave(sender, rest)
        case "confirm":
            return _confirm(sender, rest)
        case _:
            return _join(sender, rest)


def _proof(word: str) -> tuple[str, str]:
    """Tell whether a word is a delivery's id, or a token, or neither."""
    if _DELIVERY.fullmatch(word):
        return word.lower(), ""
    return "", word if _TOKEN.fullmatch(word) else ""


def _leave(sender: str, proof: str) -> Report | None:
    delivery, token = _proof(proof)
    if proof and not (delivery or token):
        return None
    return Report(
        kind=Kind.LEAVE,
        recipient=sender,
        delivery=delivery,
        token=token,
        text="asks to leave" if proof else "asks to leave, without a proof",
        source="letter",
    )


def _confirm(sender: str, token: str) -> Report | None:
    if not _TOKEN.fullmatch(token):
        return None
    return Report(
        kind=Kind.CONFIRM,
        recipient=sender,
        token=token,
        text="confirms",
        source="letter",
    )


def _join(sender: str, rest: str) -> Report | None:
    """Read languages; a reader of ours shows a proof first, to change theirs."""
    first, _, behind = rest.partition(" ")
    delivery, token = _proof(first)
    is_proved = bool(delivery or token)
    wishes, pattern = (behind, _WISHES_OF_A_READER) if is_proved else (rest, _WISHES)
    if wishes and not pattern.fullmatch(wishes):
        return None
    return Report(
        kind=Kind.JOIN,
        recipient=sender,
        delivery=delivery,
        token=token,
        wishes=cleaned(wishes),
        text="asks for languages" if is_proved else "asks to join",
        source="letter",
    )
