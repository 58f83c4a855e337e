"""Codes that servers answer with: 550 (RFC 5321) and 5.1.1 (RFC 3463)."""

import re
from collections.abc import Iterable
from itertools import chain

_ENHANCED = re.compile(
    r"(?<![\w.])(?<![A-Za-z_]-)([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)"
)
_REPLY = re.compile(r"(?<![\w.+-])([245]\d\d)(?=[\s-]\s*(?:\D|[245]\.\d))")
_GENERAL = re.compile(r"[245]\.\d+\.0")
"""Other or undefined status of its kind: a server that knows more says more."""
_FULL = 552
_POLICY = re.compile(r"[45]\.7\.\d+")


def enhanced(text: str) -> str:
    """Give the code that says most: a matter of policy counts before anything else.

    >>> enhanced("550 5.1.0 unknown (5.7.1 access denied by 192.0.2.5.1)")
    '5.7.1'
    """
    codes: list[str] = _ENHANCED.findall(text)
    policy = (code for code in codes if _POLICY.fullmatch(code))
    special = (code for code in codes if not _is_general(code))
    return next(chain(policy, special, codes), "")


def reply(text: str) -> int:
    """Give the reply code in a server's words; 0 if there is none.

    >>> reply("host mx.example.net said: 550-5.1.1 no such user"), reply("since 450 BC.")
    (550, 450)
    """
    found = _REPLY.search(text)
    return int(found[1]) if found else 0


def combined(status: str, words: str) -> str:
    """Choose between the Status field and what the far server itself said.

    Many write 5.0.0, or 5.1.1, for anything at all: then its own words know better. Where
    one of them speaks of policy, that is what it is: it says nothing about the mailbox.
    What may pass is never made permanent, and a mailbox that is full is there.
    """
    told, said = enhanced(status), enhanced(words)
    if _POLICY.fullmatch(told):
        return told
    if not told or _POLICY.fullmatch(said):
        return _unless_full(said, words)
    return _unless_full(said if _knows_better(said, told) else told, words)


def _knows_better(said: str, told: str) -> bool:
    if not said or (told.startswith("4") and said.startswith("5")):
        return False
    return _is_general(told) or (_is_gone(told) and not _is_general(said))


def _unless_full(code: str, words: str) -> str:
    """Believe reply code 552, which is about storage (RFC 5321 section 4.2.2)."""
    return "5.2.2" if _is_gone(code) and reply(words) == _FULL else code


def _is_gone(code: str) -> bool:
    return code.startswith("5.1.")


def softened(code: str) -> str:
    """Make a code say that it may pass, for whoever is told so by better knowledge."""
    return f"4{code[1:]}" if code.startswith("5") else code


def refusals(lines: Iterable[str]) -> tuple[str, ...]:
    """Give the lines in which a server refuses: those that hold a code of 4 or 5."""
    return tuple(
        line for line in lines if enhanced(line)[:1] in {"4", "5"} or reply(line) >= 400
    )


def _is_general(code: str) -> bool:
    return _GENERAL.fullmatch(code) is not None
