"""Procrastinate's tables are made and brought up to date by its own scripts."""

import psycopg
import pytest
from procrastinate.schema import SchemaManager

from distribute.campaign.fleet.jobs.tables import (
    bring_up_to_date,
    is_up_to_date,
    schema,
    scripts,
)
from distribute.errors import AudienceError
from tests.campaign.fleet.queued import (
    fetch,
    jobs,
)


class TestTables:
    """Procrastinate's tables are made once, and brought up to date by its own scripts."""

    def test_are_made_once(self, empty_postgres_url: str) -> None:
        """The first time makes them; the second finds nothing to do."""
        with psycopg.connect(empty_postgres_url) as connection:
            assert not is_up_to_date(connection)
            assert bring_up_to_date(connection) == list(scripts())
            assert is_up_to_date(connection)
            assert bring_up_to_date(connection) == []
        assert "CREATE TABLE procrastinate_jobs" in schema()

    def test_run_the_scripts_they_have_not_seen(self, empty_postgres_url: str) -> None:
        """A database of an older Procrastinate becomes that of the installed one."""
        old = [name for name in scripts() if name < "03.02"]
        with psycopg.connect(empty_postgres_url, autocommit=True) as connection:
            for name in old:
                connection.execute(scripts()[name].encode())
            connection.execute("CREATE TABLE queue_migration (name TEXT PRIMARY KEY)")
            with connection.cursor() as cursor:
                added = "INSERT INTO queue_migration VALUES (%s)"
                cursor.executemany(added, [(name,) for name in old])
            with connection.transaction():
                new = bring_up_to_date(connection)
            assert new == [name for name in scripts() if name >= "03.02"]
            assert "03.04.00_50_post_add_retry_failed_job_procedure.sql" in new
            connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name) "
                "VALUES ('batches', 'any')"
            )
            assert fetch(connection) == jobs(connection)[0]

    def test_of_a_newer_procrastinate_are_left_alone(
        self, empty_postgres_url: str
    ) -> None:
        """What a newer one made is not for an older one to use.

        That is said also to who has no right to change anything.
        """
        newer = "INSERT INTO queue_migration VALUES ('99.00.00_01_pre.sql')"
        with psycopg.connect(empty_postgres_url) as connection:
            bring_up_to_date(connection)
            connection.execute(newer)
            connection.commit()
            connection.read_only = True
            assert not is_up_to_date(connection)
            with pytest.raises(AudienceError, match="newer Procrastinate"):
                bring_up_to_date(connection)

    def test_of_somebody_else_are_left_alone(self, empty_postgres_url: str) -> None:
        """A queue that another program made is not ours."""
        with psycopg.connect(empty_postgres_url) as connection:
            connection.execute(SchemaManager.get_schema())
            with pytest.raises(AudienceError, match="another program"):
                bring_up_to_date(connection)
