"""Our SQL as psycopg and PostgreSQL take it: what is no place of a value is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.audience.database.postgres.dialect import translate


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT ?, ?", "SELECT %s, %s"),
        ("WHERE a=:a_1 AND b = :B", "WHERE a=%(a_1)s AND b = %(B)s"),
        ("SELECT '?', ':a', 'it''s ?', ?", "SELECT '?', ':a', 'it''s ?', %s"),
        ('SELECT "a?:b" -- why? :so\n, ?', 'SELECT "a?:b" -- why? :so\n, %s'),
        ("/* :a\n? */ :a", "/* :a\n? */ %(a)s"),
        ("SELECT :a::text, b::text", "SELECT %(a)s::text, b::text"),
        ("a LIKE '%' AND b % ? = 1", "a LIKE '%%' AND b %% %s = 1"),
        ("FROM a INDEXED BY a_by_b WHERE", "FROM a  WHERE"),
        ("a CROSS JOIN b ON a.x = b.x", "a JOIN b ON a.x = b.x"),
        ("a CROSS JOIN b AS c ON true", "a JOIN b AS c ON true"),
        ("a CROSS JOIN b AS c INDEXED BY i\n ON 1=1", "a JOIN b AS c \n ON 1=1"),
        ("a CROSS JOIN b WHERE", "a CROSS JOIN b WHERE"),
        ("(SELECT 1 /* PostgreSQL: OFFSET 0 */)", "(SELECT 1 OFFSET 0)"),
        ("'/* PostgreSQL: OFFSET 0 */'", "'/* PostgreSQL: OFFSET 0 */'"),
        ("'CROSS JOIN b ON INDEXED BY c'", "'CROSS JOIN b ON INDEXED BY c'"),
    ],
)
def test_little_is_written_otherwise(ours: str, theirs: str) -> None:
    """Places of values, and what SQLite is told about the way to go through tables."""
    assert translate(ours) == theirs


_INSIDE = st.text(
    st.characters(codec="utf-8", exclude_characters="'\"*\n\0"), max_size=9
)
_KEPT = st.one_of(
    _INSIDE.map("'{}'".format),
    st.builds("'{}''{}'".format, _INSIDE, _INSIDE),
    _INSIDE.map('"{}"'.format),
    _INSIDE.map("--{}\n".format),
    _INSIDE.map("/*{}*/".format),
    st.sampled_from(["a::text", "(", "||", "t.c", "12", "= 5 % 3", "\n"]),
)
_PLACES = st.sampled_from(["?", ":a", ":segment_0"])


@given(st.lists(_KEPT | _PLACES))
def test_what_is_no_value_is_kept(pieces: list[str]) -> None:
    """Literals, names, comments and casts stay as they are, whatever is in them."""
    sent = translate(" ".join(pieces))
    places = {"?": "%s", ":a": "%(a)s", ":segment_0": "%(segment_0)s"}
    expected = [places.get(piece, piece.replace("%", "%%")) for piece in pieces]
    assert sent == " ".join(expected)
