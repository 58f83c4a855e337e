"""Ask a server of PostgreSQL how it is set up; nothing is changed."""

from collections.abc import Callable
from contextlib import closing

from distribute.audience.database.inspection import Inspection
from distribute.audience.database.place import PostgresUrl
from distribute.audience.database.postgres.session import connect

_PATIENCE = 1.0
_ASK = """
    WITH role AS (SELECT * FROM pg_roles WHERE rolname = current_user),
    base AS (SELECT * FROM pg_database WHERE datname = current_database()),
    others AS (
        SELECT count(*) AS everybody,
               count(*) FILTER (WHERE usename = current_user) AS of_role,
               count(*) FILTER (WHERE datname = current_database()) AS of_base
        FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
    )
    SELECT current_setting('server_version_num')::integer,
           current_setting('server_encoding'),
           pg_is_in_recovery(),
           coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),
           (SELECT count(*) FROM pg_stat_replication),
           current_setting('synchronous_standby_names') <> '' AND (
               SELECT reset_val NOT IN ('off', 'local') FROM pg_settings
               WHERE name = 'synchronous_commit'
           ),
           ARRAY(
               SELECT name FROM pg_settings WHERE reset_val = 'off'
               AND name IN ('fsync', 'full_page_writes', 'synchronous_commit')
               ORDER BY name
           ),
           array_remove(ARRAY[
               CASE WHEN role.rolsuper THEN 'SUPERUSER' END,
               CASE WHEN role.rolcreaterole AND NOT role.rolsuper THEN 'CREATEROLE' END,
               CASE WHEN role.rolreplication AND NOT role.rolsuper THEN 'REPLICATION' END,
               CASE WHEN role.rolbypassrls AND NOT role.rolsuper THEN 'BYPASSRLS' END
           ], NULL),
           least(
               current_setting('max_connections')::integer
               - current_setting('superuser_reserved_connections')::integer
               - coalesce(current_setting('reserved_connections', true)::integer, 0)
               - others.everybody,
               CASE WHEN role.rolconnlimit >= 0 THEN role.rolconnlimit - others.of_role END,
               CASE WHEN base.datconnlimit >= 0 THEN base.datconnlimit - others.of_base END
           )
    FROM role, base, others
"""
_CLOCK = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"


def inspect(url: PostgresUrl, clock: Callable[[], int]) -> Inspection:
    """Connect, and ask; `clock` gives milliseconds since 1970. Raises `psycopg.Error`."""
    with closing(connect(url, _PATIENCE)) as raw:
        found = raw.execute(_ASK).fetchone()
        before = clock()
        told = raw.execute(_CLOCK).fetchone()
        after = clock()
        said = raw.info.get_parameters()
        host = raw.info.host
    version, encoding, is_standby, is_encrypted, *rest = found or ()
    copies, waits_for_copies, unsafe, powers, free = rest
    theirs = told[0] if told else before
    return Inspection(
        host=host,
        sslmode=said.get("sslmode", "prefer"),
        version=version,
        encoding=encoding,
        is_standby=is_standby,
        is_encrypted=is_encrypted,
        copies=copies,
        waits_for_copies=waits_for_copies,
        unsafe=tuple(unsafe),
        powers=tuple(powers),
        free=free,
        clock_ahead=max(theirs - after, 0) + min(theirs - before, 0),
    )
