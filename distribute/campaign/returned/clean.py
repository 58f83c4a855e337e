"""Words from outside, made fit for a table, a terminal and a log."""

ROOM = 300
"""Characters that anybody wants to read of a far server's words."""
_LOOKED_AT = 8
"""How many times the room is looked at: what is hidden behind so much blank is no word."""


def cleaned(text: str, room: int = ROOM) -> str:
    r"""Keep what can be printed, with single blanks, and no more than there is room for.

    Control characters, line breaks, characters that turn the direction of writing and
    those nobody can see become blanks: what comes back is always printable.

    >>> cleaned("550  no\r\n\x1b[31msuch\u202euser")
    '550 no [31msuch user'
    """
    shown = text[: room * _LOOKED_AT]
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() else " " for c in shown)
    words = " ".join(shown.split())
    return words if len(words) <= room else f"{words[: room - 1].rstrip()}…"
