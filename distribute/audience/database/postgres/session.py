"""The door to psycopg: connect, and agree with the server on how to speak."""

from typing import Any

from distribute.audience.database.place import PostgresUrl
from distribute.errors import AudienceError

try:
    import psycopg as psycopg  # again, for the connection
except ModuleNotFoundError as error:
    raise AudienceError(
        "PostgreSQL needs the extra [postgres], which is not installed",
        hint="pip install 'distribute-newsletter[postgres]'",
    ) from error

from psycopg.types.bool import BoolDumper
from psycopg.types.numeric import IntLoader
from psycopg.types.string import StrDumperUnknown

Raw = psycopg.Connection[tuple[Any, ...]]
"""Psycopg's own connection."""

_CONNECT: dict[str, Any] = {
    "connect_timeout": 10,
    "application_name": "distribute",
    "keepalives_idle": 10,  # seconds: a server that is cut off is missed within a minute
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
_SETTINGS = """
    SELECT set_config('client_encoding', 'UTF8', false),
           set_config('lock_timeout', %s, false),
           set_config('cursor_tuple_fraction', '1', false),
           set_config('tcp_keepalives_idle', '10', false),
           set_config('tcp_keepalives_interval', '5', false),
           set_config('tcp_keepalives_count', '3', false),
           set_config('synchronous_commit',
                      CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'
                           ELSE current_setting('synchronous_commit') END, false),
           set_config('default_transaction_isolation', 'read committed', false),
           set_config('default_transaction_read_only', 'off', false)
"""
"""Long answers are read to their end; what is committed is on the disk. A statement by
itself sees all that was written before it, as one of SQLite does, and may write.

The server misses a client within half a minute too, which may hold what others wait for.
"""
_NO_LIMIT = """
    SELECT set_config(name, '0', false) FROM pg_settings
    WHERE name IN ('statement_timeout', 'transaction_timeout') AND setting <> '0'
      AND source <> 'client'
"""
"""A plan, a copy, an import take as long as the list is, whatever limit a role has as a
rule; whoever wants one says so in the URL (``options=-cstatement_timeout=…``)."""


class _FlagDumper(BoolDumper):
    """Writes a flag as the number that our tables hold."""

    oid = psycopg.adapters.types["int2"].oid

    def dump(self, obj: bool) -> bytes:  # noqa: FBT001 - psycopg calls it so
        return b"1" if obj else b"0"


class _TextDumper(StrDumperUnknown):
    """Writes text without U+0000, which PostgreSQL can not hold and SQLite can."""

    def dump(self, obj: str) -> psycopg.abc.Buffer | None:
        return super().dump(obj.replace("\0", "\ufffd") if "\0" in obj else obj)


def connect(url: PostgresUrl, patience: float, first: str = "") -> Raw:
    """Connect; waits `patience` seconds for others, and says `first` at once.

    Each statement is committed by itself. Raises `psycopg.Error`.
    """
    said = psycopg.conninfo.conninfo_to_dict(url.url)
    settings = {key: value for key, value in _CONNECT.items() if key not in said}
    raw = psycopg.connect(url.url, autocommit=True, **settings)
    try:
        _agree(raw, patience)
        if first:
            raw.execute(first.encode())
    except BaseException:
        raw.close()
        raise
    return raw


def _agree(raw: Raw, patience: float) -> None:
    raw.adapters.register_dumper(bool, _FlagDumper)
    raw.adapters.register_dumper(str, _TextDumper)
    raw.adapters.register_loader("numeric", IntLoader)  # sums of whole numbers
    raw.execute(_SETTINGS, [str(max(1, round(patience * 1000)))])  # 0 would be for ever
    raw.execute(_NO_LIMIT)
