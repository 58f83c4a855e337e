"""Translate our SQL, which SQLite takes as it is, for psycopg and PostgreSQL.

It is written in what both have in common, and little is left to translate: how values
are marked, and what each is told about the way to go through tables. What is for this one
alone stands in a comment, ``/* PostgreSQL: … */``.
"""

import re
from functools import lru_cache

_PIECE = re.compile(
    r"""
      (?P<told>   /\*\ PostgreSQL:\ [^*]* \*/ )
    | (?P<kept>   '(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | :: )
    | (?P<place>  \? )
    | (?P<name>   :[A-Za-z_][A-Za-z_0-9]* )
    | (?P<hint>   \bINDEXED\s+BY\s+\w+ )
    | (?P<order>  \bCROSS\s+JOIN (?= \s+ [\w.]+ (?:\s+AS\s+\w+)?
                    (?:\s+INDEXED\s+BY\s+\w+)? \s+ ON\b ) )
    """,
    re.VERBOSE | re.DOTALL,
)
"""What is not to be read further, and what is to be written otherwise.

``CROSS JOIN … ON`` fixes the order of tables for SQLite; here the planner chooses.
"""


@lru_cache(maxsize=1024)
def translate(sql: str) -> str:
    """Write a statement the way psycopg takes it: ``%s`` and ``%(name)s`` for values."""
    return _PIECE.sub(_written, sql.replace("%", "%%"))


def _written(piece: re.Match[str]) -> str:
    kind, text = piece.lastgroup, piece.group()
    if kind == "place":
        return "%s"
    if kind == "told":
        return text.removeprefix("/* PostgreSQL: ").removesuffix(" */")
    if kind == "name":
        return f"%({text[1:]})s"
    return {"hint": "", "order": "JOIN"}.get(kind or "", text)
