"""Make user names and passwords comparable: SASLprep (RFC 4013), a profile of stringprep.

The tables are those of RFC 3454, in the standard library's `stringprep`, with Unicode 3.2
as they ask. Characters that came later pass unchanged, as in any query string.
"""

import stringprep
from unicodedata import ucd_3_2_0

_PROHIBITED = (
    stringprep.in_table_c12, stringprep.in_table_c21_c22, stringprep.in_table_c3,
    stringprep.in_table_c4, stringprep.in_table_c5, stringprep.in_table_c6,
    stringprep.in_table_c7, stringprep.in_table_c8, stringprep.in_table_c9,
)  # fmt: skip


def saslprep(text: str) -> str:
    r"""Prepare a user name or password, so that both ends have the same characters.

    >>> saslprep("I\N{SOFT HYPHEN}X"), saslprep("\N{ROMAN NUMERAL NINE}")
    ('IX', 'IX')

    Raises `ValueError` for what has no place in one, such as a control character.
    """
    mapped = "".join(
        " " if stringprep.in_table_c12(c) else c
        for c in text
        if not stringprep.in_table_b1(c)
    )
    prepared = ucd_3_2_0.normalize("NFKC", mapped)
    if any(is_prohibited(c) for c in prepared for is_prohibited in _PROHIBITED):
        raise ValueError("it has a character that is not allowed in one (RFC 4013)")
    _check_direction(prepared)
    return prepared


def _check_direction(text: str) -> None:
    """Refuse a mixture of right-to-left and left-to-right letters (RFC 3454 section 6)."""
    is_rtl = [stringprep.in_table_d1(c) for c in text]
    if not any(is_rtl):
        return
    if any(map(stringprep.in_table_d2, text)) or not (is_rtl[0] and is_rtl[-1]):
        raise ValueError("it mixes right-to-left and other letters (RFC 4013)")
