"""Write down deliveries on a server, all rows of one kind in one statement.

They go there as JSON, for one long text costs both sides less than an array per column.
"""

import json
from collections.abc import Iterable, Sequence

from distribute.audience.database.connection import Connection
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.campaign.ledger.writing import (
    Accepted,
    Again,
    Ended,
    Fresh,
    Held,
    Known,
)

_CLAIM = """
    INSERT INTO delivery (number, campaign, key, state, attempt, opened, choice,
                          since, id, address, code, enhanced, text, stage)
    SELECT number, campaign, key, 'claimed', 1, opened, choice,
           since, id, address, 0, '', '', ''
    FROM json_to_recordset(CAST(? AS JSON)) AS given (
        number BIGINT, campaign BIGINT, key TEXT, opened BIGINT, choice BIGINT,
        since BIGINT, id TEXT, address TEXT
    )
    ON CONFLICT DO NOTHING
"""
_PUT_ASIDE = """
    INSERT INTO earlier_attempt (delivery, attempt, outcome, opened, closed, due, choice,
                                 id, code, enhanced, text, stage)
    SELECT d.number, d.attempt, d.state, d.opened, d.closed, d.due, d.choice,
           d.id, d.code, d.enhanced, d.text, d.stage
    FROM json_to_recordset(CAST(? AS JSON)) AS given (
        campaign BIGINT, key TEXT, attempt INTEGER
    )
    JOIN delivery AS d ON d.campaign = given.campaign AND d.key = given.key
        AND d.attempt = given.attempt
    WHERE d.state IN ('deferred', 'rejected', 'uncertain')
    ON CONFLICT DO NOTHING
"""
_CLAIM_AGAIN = """
    UPDATE delivery AS d SET
        state = 'claimed', attempt = d.attempt + 1, opened = given.opened,
        closed = NULL, due = NULL, choice = given.choice, id = given.id,
        address = given.address, code = 0, enhanced = '', text = '', stage = ''
    FROM json_to_recordset(CAST(? AS JSON)) AS given (
        opened BIGINT, choice BIGINT, id TEXT, address TEXT, campaign BIGINT, key TEXT
    )
    WHERE d.campaign = given.campaign AND d.key = given.key
    RETURNING d.key, d.number
"""
_START = """
    UPDATE delivery SET state = 'started', opened = ?
    WHERE number = ANY (CAST(? AS BIGINT[])) AND state = 'claimed'
"""
_END = "SELECT end_deliveries(CAST(? AS JSON))"
_RECORD = """
    SELECT record_alone(?, ?, ?, ?, CAST(? AS BIGINT[]), CAST(? AS JSON), ?)
"""
_UNUSUAL = ("DIST1", "DIST2")
"""What ``record_alone`` fails with (``migrations/0004_sending.sql``)."""

_FRESH = ("number", "campaign", "key", "opened", "choice", "since", "id", "address")
_KNOWN = ("campaign", "key", "attempt")
_AGAIN = ("opened", "choice", "id", "address", "campaign", "key")
_ENDED = ("state", "code", "enhanced", "text", "stage", "due", "closed", "number")


class RecordsetWriter:
    """Implements `distribute.campaign.ledger.writing.Writer` for PostgreSQL."""

    knows_short_way = True

    def __init__(self, connection: PostgresConnection) -> None:
        self._connection = connection
        self._cursor = connection.cursor()

    def claim(self, rows: Sequence[Fresh]) -> int:
        """Write down claims of whom nobody tried to reach."""
        return self._written(_CLAIM, _FRESH, rows)

    def put_aside(self, rows: Sequence[Known]) -> int:
        """Keep the latest attempts of some among the earlier ones."""
        return self._written(_PUT_ASIDE, _KNOWN, rows)

    def claim_again(self, rows: Sequence[Again]) -> dict[str, int]:
        """Claim these once more; gives their numbers by key."""
        return dict(self._cursor.execute(_CLAIM_AGAIN, (_json(_AGAIN, rows),)))

    def start(self, numbers: Sequence[int], now: int) -> int:
        """Record that these may leave."""
        return self._cursor.execute(_START, (now, _array(numbers))).rowcount

    def accept(self, rows: Sequence[Accepted]) -> int:
        """Record that these were accepted at the end of their messages."""
        return self.end(
            [
                ("accepted", code, enhanced, text, "end", None, closed, number)
                for code, enhanced, text, closed, number in rows
            ]
        )

    def end(self, rows: Sequence[Ended]) -> int:
        """Record how these ended."""
        answer = self._cursor.execute(_END, (_json(_ENDED, rows),)).fetchone()
        return int(answer[0])

    def record(
        self,
        held: Held,
        started: Sequence[int],
        ended: Sequence[Ended],
        now: int,
    ) -> bool:
        """Record a turn in one statement, and tell whether it was.

        Not if the connection may be lost by now: who begins a transaction finds out, and
        makes another. If it is lost meanwhile, nobody knows what became of the statement.
        """
        if self._connection.may_be_lost:
            return False
        what = (_array(started), _json(_ENDED, ended), len(ended))
        try:
            self._cursor.execute(_RECORD, (*held, now, *what))
        except Exception as error:
            if getattr(error, "sqlstate", None) in _UNUSUAL:
                return False
            raise
        return True

    def _written(
        self, query: str, columns: Sequence[str], rows: Sequence[Sequence[object]]
    ) -> int:
        if not rows:
            return 0
        return self._cursor.execute(query, (_json(columns, rows),)).rowcount


def writer_on(connection: Connection) -> RecordsetWriter:
    """Make one for a connection to PostgreSQL."""
    if not isinstance(connection, PostgresConnection):
        raise TypeError("writes to PostgreSQL alone")
    return RecordsetWriter(connection)


def _json(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Write rows as JSON without U+0000, which PostgreSQL can not hold."""
    text = _dumped(columns, rows)
    if "\\u0000" in text:
        text = _dumped(columns, [[_clean(value) for value in row] for row in rows])
    return text


def _dumped(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    # a surrogate, which is in no valid text, stays for psycopg to refuse
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    return json.dumps(named, ensure_ascii=False, separators=(",", ":"))


def _clean(value: object) -> object:
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def _array(numbers: Sequence[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"
