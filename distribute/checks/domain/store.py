"""Judge how the server of the database is set up, if it is on one."""

from collections.abc import Iterator
from functools import partial

from distribute.audience.database.inspection import Inspection
from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.names import is_local_host
from distribute.checks.domain.situation import Database

_OLDEST = 15
"""The first version of PostgreSQL that we support."""
_FEW, _NOT_ENOUGH = 20, 6
"""Connections: `distribute worker` holds six, `send` up to six, and `serve` four."""
_APART, _FAR_APART = 10_000, 300_000
"""Milliseconds between two clocks that are worth a word, or put times into disorder."""
_Judgement = partial(Judgement, part=Part.STORE)


def judge_store(database: Database) -> Iterator[Judgement]:
    """Judge a server as far as it tells of itself; nothing for a file."""
    found = [*_judge_secret(database), *_judge_choice(database)]
    if server := database.server:
        found += _judge_server(server)
        if not found:
            yield _in_order(server)
    yield from found


def _judge_server(server: Inspection) -> Iterator[Judgement]:
    yield from _judge_encryption(server)
    yield from _judge_writing(server)
    yield from _judge_version(server)
    yield from _judge_encoding(server)
    yield from _judge_durability(server)
    yield from _judge_copies(server)
    yield from _judge_role(server)
    yield from _judge_room(server)
    yield from _judge_clock(server)


def _in_order(server: Inspection) -> Judgement:
    how = "encrypted" if server.is_encrypted else "on this machine"
    return _Judgement(
        id="store-server",
        verdict=Verdict.OK,
        about="server",
        found=f"PostgreSQL {_version(server)}, {how}; keeps what is written, holds every "
        f"name, has room for {server.free} more connections, and its clock is right",
    )


def _judge_secret(database: Database) -> Iterator[Judgement]:
    if database.has_password:
        yield _Judgement(
            id="store-secret",
            verdict=Verdict.ADVICE,
            about="password",
            found="stands in the settings, as part of [store] url",
            why="Settings are copied and kept under version control; whoever has it can "
            "read and change all that is known of your readers.",
            remedy='Say `url_env = "DISTRIBUTE_DATABASE"` in place of url, put the URL into '
            "that variable, and change the password.",
        )


def _judge_choice(database: Database) -> Iterator[Judgement]:
    if database.may_lead_astray:
        yield _Judgement(
            id="store-choice",
            verdict=Verdict.ADVICE,
            about="servers",
            found="the URL names several, and the first that answers is taken",
            why="That may be a standby, which can only be read.",
            remedy="Say target_session_attrs=read-write in the URL.",
        )


def _judge_encryption(server: Inspection) -> Iterator[Judgement]:
    if server.host.startswith("/") or is_local_host(server.host):
        return
    judgement = partial(_Judgement, id="store-encryption", about="encryption")
    remedy = (
        "Say sslmode=verify-full in the URL, and sslrootcert=FILE if its certificate "
        "comes from an authority of your own."
    )
    if not server.is_encrypted:
        yield judgement(
            verdict=Verdict.PROBLEM,
            found=f"none, and {server.host} is another machine",
            why="Whoever is on the way can read the addresses of your readers.",
            remedy=f"Turn `ssl` on there. {remedy}",
        )
    elif server.sslmode != "verify-full":
        yield judgement(
            verdict=Verdict.ADVICE,
            found=f"sslmode is {server.sslmode}: nobody looks whether it is "
            f"{server.host} that answers",
            why="Whoever is on the way can pretend to be the server.",
            remedy=remedy,
        )


def _judge_writing(server: Inspection) -> Iterator[Judgement]:
    if server.is_standby:
        yield _Judgement(
            id="store-writable",
            verdict=Verdict.PROBLEM,
            about="server",
            found=f"{server.host} is a standby: a copy that can only be read",
            why="Who leaves cannot be noted there, and nothing can be sent.",
            remedy="Name the server it copies; or all of them, with commas between, and "
            "target_session_attrs=read-write, which finds the right one by itself.",
        )


def _judge_version(server: Inspection) -> Iterator[Judgement]:
    if server.version // 10_000 < _OLDEST:
        yield _Judgement(
            id="store-version",
            verdict=Verdict.PROBLEM,
            about="version",
            found=f"PostgreSQL {_version(server)}",
            why=f"distribute is tested with {_OLDEST} and newer; PostgreSQL's own "
            "makers look after a version for five years.",
            remedy="Have the server upgraded.",
        )


def _judge_encoding(server: Inspection) -> Iterator[Judgement]:
    if server.encoding != "UTF8":
        yield _Judgement(
            id="store-encoding",
            verdict=Verdict.PROBLEM,
            about="encoding",
            found=f"{server.encoding}",
            why="It has no room for every name, so distribute does not open it.",
            remedy="Make another: `createdb --encoding=UTF8 --template=template0 NAME`.",
        )


def _judge_durability(server: Inspection) -> Iterator[Judgement]:
    judgement = partial(_Judgement, id="store-durability", about="what is written")
    if unsafe := [name for name in server.unsafe if name != "synchronous_commit"]:
        off = " and ".join(unsafe)
        yield judgement(
            verdict=Verdict.PROBLEM,
            found=f"may be lost: {off} {'is' if len(unsafe) == 1 else 'are'} off",
            why="After a power cut the server may have forgotten who has left and who "
            "has been sent to, or not start any more.",
            remedy="Turn that on in postgresql.conf, and restart the server.",
        )
    elif server.unsafe:
        yield judgement(
            verdict=Verdict.ADVICE,
            found="may come to the disk late: synchronous_commit is off",
            why="distribute turns it on for itself, but not for other programs, such as "
            "the one that restores a backup or mends something by hand.",
            remedy="Run `ALTER ROLE … RESET synchronous_commit`; the same for the database "
            "and the server, if it is said there.",
        )


def _judge_copies(server: Inspection) -> Iterator[Judgement]:
    if server.copies and not server.waits_for_copies:
        yield _Judgement(
            id="store-copies",
            verdict=Verdict.ADVICE,
            about="standbys",
            found=f"{server.copies}, and what is written is not on any of them yet when "
            "it counts as written",
            why="After a fail-over the last seconds are forgotten: who was sent to in them "
            "is sent to again, and who left has not.",
            remedy="Set synchronous_standby_names on the server, and synchronous_commit = "
            "remote_apply.",
        )


def _judge_role(server: Inspection) -> Iterator[Judgement]:
    if server.powers:
        yield _Judgement(
            id="store-role",
            verdict=Verdict.ADVICE,
            about="role",
            found=f"is {', '.join(server.powers)}",
            why="Whoever gets hold of the URL has the whole server, not only this "
            "newsletter; nothing here needs that.",
            remedy="Make a role that owns this database and no more: `createuser NAME`, "
            "`createdb --owner=NAME`. For workers, `distribute store roles` prints one "
            "that may do even less.",
        )


def _judge_room(server: Inspection) -> Iterator[Judgement]:
    if server.free < _FEW:
        yield _Judgement(
            id="store-connections",
            verdict=Verdict.PROBLEM if server.free < _NOT_ENOUGH else Verdict.ADVICE,
            about="connections",
            found=f"there is room for {max(server.free, 0)} more",
            why="`send` and `distribute worker` take about six each, `serve` four; who "
            "gets none waits, or ends.",
            remedy="Raise max_connections, or the CONNECTION LIMIT of the role or the "
            "database, or end what is idle.",
        )


def _judge_clock(server: Inspection) -> Iterator[Judgement]:
    apart = abs(server.clock_ahead)
    if apart >= _APART:
        side = "ahead of" if server.clock_ahead > 0 else "behind"
        yield _Judgement(
            id="store-clock",
            verdict=Verdict.PROBLEM if apart >= _FAR_APART else Verdict.ADVICE,
            about="clock",
            found=f"is {apart // 1000:,} seconds {side} ours",
            why="Who is put off is tried again too early or too late, and a sender that "
            "lives may be taken for dead.",
            remedy="Have both machines set their clocks by NTP: `timedatectl` tells "
            "whether they do.",
        )


def _version(server: Inspection) -> str:
    return f"{server.version // 10_000}.{server.version % 10_000}"
