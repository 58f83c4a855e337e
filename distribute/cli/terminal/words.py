"""Numbers and spans of time in words."""

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def many(count: int) -> str:
    """Write a number so that its size is seen.

    >>> many(1234567)
    '1,234,567'
    """
    return f"{count:,}"


def counted(count: int, noun: str) -> str:
    """Count things whose name takes an s.

    >>> counted(1, "error"), counted(2000, "error")
    ('1 error', '2,000 errors')
    """
    return f"1 {noun}" if count == 1 else f"{many(count)} {noun}s"


def people(count: int) -> str:
    """Count people.

    >>> people(1), people(2000)
    ('1 person', '2,000 people')
    """
    return "1 person" if count == 1 else f"{many(count)} people"


def duration(seconds: float) -> str:
    """Say how long something takes, in its two largest units.

    >>> duration(0.2), duration(59.6), duration(200), duration(7500), duration(90_000)
    ('0 s', '1 min', '3 min 20 s', '2 h 5 min', '1 d 1 h')
    """
    rest = round(seconds)
    words: list[str] = []
    for size, unit in _UNITS:
        count, rest = divmod(rest, size)
        if count or words:
            words.append(f"{count} {unit}" if count else "")
        if len(words) == 2:
            break
    return " ".join(filter(None, words)) or "0 s"
