"""``distribute store``: the database as a whole."""

import json
import os
from collections.abc import Iterator
from time import monotonic

import click

from distribute.audience.database.place import Place, PostgresUrl, parse_place
from distribute.audience.moving.copy import Copied, copied_before, copy_store
from distribute.audience.moving.moved import moved_from
from distribute.audience.moving.moved import reopen as reopen_store
from distribute.campaign.custody.stillness import refuse_senders
from distribute.cli.audience.choosing import settings_of
from distribute.cli.fleet.server import open_fleet
from distribute.cli.invocation import Invocation, json_option, say_aside
from distribute.cli.mailing.mailing import open_store
from distribute.cli.terminal.asking import insist_on_yes
from distribute.cli.terminal.report import table
from distribute.cli.terminal.words import counted, duration, many
from distribute.config.settings import FILE_NAME, Settings
from distribute.errors import ConfigError

_OFTEN = 5.0
"""Seconds between two lines about how far it is."""
_SHOWN = 12
"""Characters of a checksum that are shown to people; programs get all 64."""


@click.group("store")
def command() -> None:
    """Move the database elsewhere, and say who may do what in it."""


@command.command("copy")
@click.option(
    "--to",
    "url",
    metavar="URL",
    help="sqlite:///FILE or postgresql://USER@HOST/DATABASE.",
)
@click.option("--to-env", metavar="NAME", help="The variable that holds the URL.")
@click.option("--keep", is_flag=True, help="Go on using the one of [store].")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def copy(
    invocation: Invocation, url: str | None, to_env: str | None, keep: bool, yes: bool
) -> None:
    """Copy everything that [store] holds into another, empty database.

    Nobody can write to this one meanwhile. Interrupted, it goes on when it is run again; a
    target that is not complete is refused by all other commands. In the end both sides are
    read and compared, row by row.

    From then on nobody can use this one, lest somebody be sent twice what they were sent
    from the other: `store reopen` takes that back. With --keep it stays in use: for a
    rehearsal, or to copy most of it ahead. Run again later, it brings over what has changed
    since, unless the copy is in use by then.
    """
    settings = settings_of(invocation)
    source, target = settings.database, _target(settings, url, to_env)
    if not yes:
        insist_on_yes(
            f"Copy everything from {source} to {target}?",
            () if keep else [f"Nobody can use {source} any more after that."],
            otherwise="nothing was copied",
        )
    began = monotonic()
    copied = copied_before(source, target) or _copied(
        invocation, settings, target, keep=keep
    )
    setting = _setting(target, url, to_env)
    invocation.answer(_document(source, target, copied, setting))
    for line in _lines(target, copied, monotonic() - began):
        invocation.say(line)
    invocation.say(f"To use it, say in {settings.folder / FILE_NAME}:")
    invocation.say("")
    invocation.say("    [store]")
    invocation.say(f"    {setting}")
    for line in _afterwards(source, target, to_env, is_kept=copied.is_kept):
        invocation.say(line)


@command.command("reopen")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def reopen(invocation: Invocation, yes: bool) -> None:
    """Use the database of [store] again that everything was moved out of.

    It knows nothing of what has happened in the other one since.
    """
    place = settings_of(invocation).database
    moved = moved_from(place)
    if moved is not None and not yes:
        insist_on_yes(
            f"Use {place} again?",
            [
                f"Whoever was sent something from {moved.to}, joined or left there since"
                f" {moved.at[:10]} is not known to it: they would be sent it again."
            ],
            otherwise="it stays closed",
        )
    moved = reopen_store(place)
    invocation.answer(
        {"place": str(place), "was_moved_to": moved.to if moved else None}
    )
    if moved is None:
        invocation.say(f"{place} was not moved anywhere, and stays as it is.")
        return
    invocation.say(f"{place} can be used again. Use {moved.to} no more.")


@command.command("roles")
@click.option(
    "--worker",
    default="distribute_worker",
    show_default=True,
    metavar="NAME",
    help="Of the role that workers connect as.",
)
@json_option
@click.pass_obj
def roles(invocation: Invocation, worker: str) -> None:
    """Print the SQL for a role that may send batches and nothing else.

    For `distribute worker` on other machines; pipe it into psql as the owner of the tables.
    Run it anew after every update: rights are those of the tables as they are.
    """
    settings = settings_of(invocation)
    with open_fleet(settings) as connection:
        from distribute.audience.database.postgres.roles import worker_role

        has_own_key = bool(settings.key_env)
        sql = worker_role(connection, worker, has_own_key=has_own_key)
    invocation.answer({"worker": worker, "hides_signing_key": has_own_key, "sql": sql})
    invocation.say(sql.rstrip())
    if not has_own_key:
        say_aside(
            "With this role one can read the key that signs links. Keep it in a variable,"
            " [public] key_env, to have it hidden from the role."
        )


def _copied(
    invocation: Invocation, settings: Settings, target: Place, *, keep: bool
) -> Copied:
    with open_store(settings) as store:
        return copy_store(
            store,
            target,
            now=invocation.now,
            refuse=lambda: refuse_senders(store.connection, invocation.now),
            tell=_Progress(),
            keep=keep,
        )


def _target(settings: Settings, url: str | None, to_env: str | None) -> Place:
    """Read where to; raises `ConfigError`, in which no password is."""
    if (url is None) == (to_env is None):
        raise click.UsageError("Say either --to URL or --to-env NAME.")
    said = f"--to-env {to_env}" if to_env else "--to"
    try:
        target = parse_place(url or os.environ.get(to_env or "", ""), settings.folder)
    except ValueError as error:
        raise ConfigError((f"{said}: {error}",)) from error
    if _is_same(settings.database, target):
        raise ConfigError(
            (f"{said}: that is the database which is to be copied",),
            hint="Name another.",
        )
    return target


def _is_same(source: Place, target: Place) -> bool:
    if isinstance(source, PostgresUrl) or isinstance(target, PostgresUrl):
        return source == target
    return source.resolve() == target.resolve()


class _Progress:
    """Says now and then how far it is, where it takes a while."""

    def __init__(self) -> None:
        self._next = monotonic() + _OFTEN

    def __call__(self, deed: str, name: str, rows: int) -> None:
        if monotonic() >= self._next:
            say_aside(f"{name}: {deed} {counted(rows, 'row')}")
            self._next = monotonic() + _OFTEN


def _lines(target: Place, copied: Copied, seconds: float) -> Iterator[str]:
    if not copied.is_news:
        yield (
            f"{target} was complete on {copied.finished[:16].replace('T', ' ')} UTC, and"
            " nothing has changed here since."
        )
        return
    rows = [
        [name, many(each.rows), each.digest[:_SHOWN], "the same"]
        for name, each in copied.sums.items()
    ]
    yield from table(rows, head=["table", "rows", "checksum", "there"])
    yield ""
    total = sum(each.rows for each in copied.sums.values())
    yield f"{target} holds all {counted(total, 'row')}, in {duration(seconds)}."
    if copied.again:
        yield f"Copied once more, for it had changed: {', '.join(copied.again)}."
    for name, count in copied.left.items():
        yield f"Not copied: {counted(count, 'row')} of {name}; only workers need them."


def _afterwards(
    source: Place, target: Place, to_env: str | None, *, is_kept: bool
) -> Iterator[str]:
    yield ""
    if isinstance(target, PostgresUrl) and not to_env and str(target) != target.url:
        yield (
            "Write the URL there with its password and options, which are not shown here; one"
            " with a password is better kept in a variable: url_env."
        )
    if is_kept:
        yield (
            f"{source} stays in use. When the time has come, stop what writes to it (`serve`,"
            " timers, other machines), and run this once more without --keep: that brings"
            " over what came meanwhile."
        )
    else:
        yield (
            f"Nobody can use {source} any more; `distribute store reopen` takes that back. It"
            " still holds everybody's address: remove it once you are sure."
        )
        yield "Start `serve` and all that runs by the clock anew, with the line above."


def _setting(target: Place, url: str | None, to_env: str | None) -> str:
    """Write the line of the settings, without a password."""
    if to_env is not None:
        return f'url_env = "{to_env}"'
    shown = str(target) if isinstance(target, PostgresUrl) else url
    return f"url = {json.dumps(shown, ensure_ascii=False)}"  # a string of TOML too


def _document(
    source: Place, target: Place, copied: Copied, setting: str
) -> dict[str, object]:
    return {
        "from": str(source),
        "to": str(target),
        "state": "copied" if copied.is_news else "unchanged",
        "finished": copied.finished,
        "kept": copied.is_kept,
        "tables": [
            {"name": name, "rows": each.rows, "sha256": each.digest}
            for name, each in copied.sums.items()
        ],
        "copied_again": list(copied.again),
        "not_copied": dict(copied.left),
        "setting": setting,
    }
