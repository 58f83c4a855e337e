"""The doctor on a server that keeps the database: each trouble, why, and what to do."""

from dataclasses import replace
from typing import Any

import pytest

from distribute.audience.database.inspection import Inspection
from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.situation import Database
from distribute.checks.domain.store import judge_store

GOOD = Inspection(
    host="db.garden.net",
    sslmode="verify-full",
    version=170_002,
    encoding="UTF8",
    is_standby=False,
    is_encrypted=True,
    copies=0,
    waits_for_copies=False,
    unsafe=(),
    powers=(),
    free=80,
    clock_ahead=-900,
)
DATABASE = Database(
    path="postgresql://db/news", exists=True, is_file=False, server=GOOD
)


def judged(**changes: Any) -> list[Judgement]:
    """Judge the good server with something changed."""
    return [*judge_store(replace(DATABASE, server=replace(GOOD, **changes)))]


def test_a_file_has_no_server() -> None:
    """Nor has one that does not answer, of which something else tells."""
    assert [*judge_store(Database(path="distribute.db", exists=True))] == []
    assert [*judge_store(replace(DATABASE, server=None))] == []


def test_one_that_is_well_is_one_line() -> None:
    """It says what was looked at."""
    (judgement,) = judged()
    assert (judgement.verdict, judgement.part) == (Verdict.OK, Part.STORE)
    assert "PostgreSQL 17.2" in judgement.found
    assert (judgement.why, judgement.remedy) == ("", "")


@pytest.mark.parametrize(
    ("changes", "id_", "verdict", "said", "remedy"),
    [
        (
            {"is_encrypted": False, "sslmode": "prefer"},
            "store-encryption",
            Verdict.PROBLEM,
            "db.garden.net is another machine",
            "verify-full",
        ),
        (
            {"sslmode": "require"},
            "store-encryption",
            Verdict.ADVICE,
            "sslmode is require",
            "verify-full",
        ),
        (
            {"is_standby": True},
            "store-writable",
            Verdict.PROBLEM,
            "a standby",
            "target_session_attrs=read-write",
        ),
        ({"version": 140_011}, "store-version", Verdict.PROBLEM, "14.11", "upgraded"),
        (
            {"encoding": "LATIN1"},
            "store-encoding",
            Verdict.PROBLEM,
            "LATIN1",
            "createdb --encoding=UTF8",
        ),
        (
            {"unsafe": ("fsync", "full_page_writes", "synchronous_commit")},
            "store-durability",
            Verdict.PROBLEM,
            "fsync and full_page_writes are off",
            "postgresql.conf",
        ),
        (
            {"unsafe": ("synchronous_commit",)},
            "store-durability",
            Verdict.ADVICE,
            "synchronous_commit is off",
            "RESET synchronous_commit",
        ),
        (
            {"copies": 2},
            "store-copies",
            Verdict.ADVICE,
            "2, and what is written is not on any",
            "synchronous_standby_names",
        ),
        (
            {"powers": ("SUPERUSER",)},
            "store-role",
            Verdict.ADVICE,
            "is SUPERUSER",
            "store roles",
        ),
        (
            {"free": 12},
            "store-connections",
            Verdict.ADVICE,
            "12 more",
            "max_connections",
        ),
        (
            {"free": -3},
            "store-connections",
            Verdict.PROBLEM,
            "0 more",
            "CONNECTION LIMIT",
        ),
        (
            {"clock_ahead": 45_000},
            "store-clock",
            Verdict.ADVICE,
            "45 seconds ahead",
            "NTP",
        ),
        (
            {"clock_ahead": -4_000_000},
            "store-clock",
            Verdict.PROBLEM,
            "4,000 seconds behind",
            "NTP",
        ),
    ],
)
def test_each_trouble_has_its_remedy(
    changes: dict[str, object], id_: str, verdict: Verdict, said: str, remedy: str
) -> None:
    """Alone, for all else is well."""
    (judgement,) = judged(**changes)
    assert (judgement.id, judgement.verdict) == (id_, verdict)
    assert said in judgement.found
    assert remedy in judgement.remedy
    assert judgement.why.endswith(".")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "/run/postgresql"])
def test_within_this_machine_nothing_need_be_encrypted(host: str) -> None:
    """Nobody is on the way."""
    (judgement,) = judged(host=host, is_encrypted=False, sslmode="prefer")
    assert judgement.verdict is Verdict.OK


def test_copies_that_are_waited_for_are_well() -> None:
    """A fail-over forgets nothing."""
    (judgement,) = judged(copies=2, waits_for_copies=True)
    assert judgement.verdict is Verdict.OK


def test_several_servers_are_to_be_told_apart() -> None:
    """Else a standby may be taken for the one that it copies."""
    (judgement,) = judge_store(replace(DATABASE, server=None, may_lead_astray=True))
    assert (judgement.id, judgement.verdict) == ("store-choice", Verdict.ADVICE)
    assert "target_session_attrs=read-write" in judgement.remedy


def test_a_password_in_the_settings_is_told_without_it() -> None:
    """Also if the server does not answer."""
    (judgement,) = judge_store(replace(DATABASE, server=None, has_password=True))
    assert (judgement.id, judgement.verdict) == ("store-secret", Verdict.ADVICE)
    assert "url_env" in judgement.remedy
