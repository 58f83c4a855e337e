"""Guess which of a few names was meant by one that is none of them."""

from collections.abc import Iterable


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """Give the end of a sentence that names the nearest, or nothing.

    >>> did_you_mean("papier", ["paper", "ink"])
    ", did you mean 'paper'?"
    """
    import difflib  # for mistakes alone

    near = difflib.get_close_matches(written, sorted(known), n=1)
    return f", did you mean {near[0]!r}?" if near else ""
