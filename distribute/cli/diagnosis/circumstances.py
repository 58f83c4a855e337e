"""Gather what the doctor judges: settings, files and their rights, the list's size."""

import os
import shutil
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from distribute.audience.database.database import explained, is_begun
from distribute.audience.database.inspection import Inspection
from distribute.audience.database.place import Place, PostgresUrl
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.campaign.message.dkim import DkimKey, dns_record, public_half
from distribute.checks.domain.names import domain_of, is_local_host
from distribute.checks.domain.situation import (
    Audience,
    Database,
    Guarded,
    Output,
    OwnKey,
    Public,
    Server,
    Situation,
)
from distribute.checks.domain.volume import provider_of
from distribute.config.outgoing import RelaySettings
from distribute.config.settings import Settings
from distribute.errors import AudienceError, ConfigError

_GROUP, _OTHERS = 0o070, 0o007


def circumstances(settings: Settings) -> Situation:
    """Gather it all; changes nothing, asks nobody, and keeps no secret."""
    audience, database = _kept(settings)
    return Situation(
        sender=settings.sender,
        signing_domain=settings.dkim.domain if settings.dkim else "",
        keys=tuple(_own_key(*each) for each in settings.dkim.keys)
        if settings.dkim
        else (),
        servers=tuple(_server(settings, relay) for relay in settings.relays),
        public=_public(settings),
        database=database,
        output=_output(settings.folder / "out"),
        audience=audience,
    )


def _own_key(selector: str, path: Path) -> OwnKey:
    file = _file(path, "[dkim] keys")
    if file.problem:
        return OwnKey(selector=selector, file=file)
    key = DkimKey(selector, path.read_bytes())
    try:
        public = public_half(key)
    except ConfigError as error:
        problem = error.problems[0].removeprefix("dkim.keys: ")
        return OwnKey(selector=selector, file=file, problem=problem, remedy=error.hint)
    return OwnKey(
        selector=selector,
        file=file,
        algorithm=public.algorithm,
        bits=public.bits,
        public=public.octets,
        record=dns_record(key),
    )


def _server(settings: Settings, relay: RelaySettings) -> Server:
    smtp = relay.server
    kind, _, name = relay.password_source.partition(":")
    secret = None
    if kind == "env":
        secret = _variable(name, f"{relay.table} password_env")
    elif kind == "file":
        secret = _file(settings.folder / name, f"{relay.table} password_file")
    return Server(
        name=relay.name,
        table=relay.table,
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        is_local=is_local_host(smtp.host),
        secret=secret,
        has_token_command=bool(smtp.token_command),
    )


def _public(settings: Settings) -> Public:
    publication, rules = settings.publication, settings.rules
    name = settings.key_env
    return Public(
        url=publication.url,
        public_url=settings.public_url,
        key=_variable(name, "[public] key_env") if name else None,
        tag=publication.tag,
        zone=str(rules.zone),
        address=publication.address,
    )


def _kept(settings: Settings) -> tuple[Audience | None, Database]:
    """Tell of the database, and who is in it."""
    place = settings.store.known
    if place is None:
        name, trouble = settings.store.url_env, "is not set in the environment"
        return None, Database(path=name, exists=False, is_file=False, problem=trouble)
    audience, trouble = _audience(place)
    if isinstance(place, PostgresUrl):
        return audience, Database(
            path=str(place),
            exists=audience is not None,
            is_file=False,
            problem=trouble,
            has_password=place.has_password and not settings.store.url_env,
            may_lead_astray=place.may_lead_astray,
            server=_inspected(place),
        )
    return audience, _file_database(place, trouble)


def _inspected(place: PostgresUrl) -> Inspection | None:
    """Ask the server how it is set up; that it does not answer is told elsewhere."""
    try:
        with explained(place):
            from distribute.audience.database.postgres.inspecting import inspect

            return inspect(place, lambda: time.time_ns() // 1_000_000)
    except AudienceError:
        return None


def _file_database(path: Path, trouble: str) -> Database:
    exists = path.exists()
    is_writable = os.access(path if exists else path.parent, os.R_OK | os.W_OK)
    if exists and not (is_writable and os.access(path.parent, os.W_OK)):
        trouble = "and its folder cannot both be written"
    elif not is_writable:
        trouble = "cannot be made: its folder cannot be written"
    is_open = exists and bool(_rights(path) & _OTHERS)
    return Database(
        path=str(path), exists=exists, problem=trouble, is_open_to_all=is_open
    )


def _output(path: Path) -> Output:
    nearest = next(each for each in (path, *path.parents) if each.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK)):
        return Output(path=str(path), problem="cannot be written")
    return Output(
        path=str(path),
        built=(path / "site" / "index.html").exists(),
        free=shutil.disk_usage(nearest).free,
    )


def _audience(place: Place) -> tuple[Audience | None, str]:
    """Count who is written to; or say why nobody can."""
    is_file = isinstance(place, Path) and place.exists()
    if is_file and not os.access(str(place), os.R_OK | os.W_OK):
        return None, "cannot be read and written"
    providers: Counter[str] = Counter()
    active = 0
    try:
        if not is_begun(place):
            return None, ""
        with closing(Store.open(place)) as store:
            for subscriber in store.subscribers(status=Status.CONFIRMED):
                active += 1
                providers[provider_of(domain_of(subscriber.mailbox.key))] += 1
    except AudienceError as error:
        return None, f"cannot be used: {error.reason.rpartition(': ')[2]}"
    del providers[""]
    return Audience(active=active, by_provider=tuple(providers.most_common())), ""


def _variable(name: str, setting: str) -> Guarded:
    problem = "" if os.environ.get(name) else "is not set in the environment"
    return Guarded(place=name, setting=setting, problem=problem)


def _file(path: Path, setting: str) -> Guarded:
    if not path.is_file():
        return Guarded(place=str(path), setting=setting, problem="is not there")
    if not os.access(path, os.R_OK):
        return Guarded(place=str(path), setting=setting, problem="cannot be read")
    rights = _rights(path)
    return Guarded(
        place=str(path),
        setting=setting,
        is_open_to_all=bool(rights & _OTHERS),
        is_open_to_group=bool(rights & _GROUP),
    )


def _rights(path: Path) -> int:
    """Give the rights of group and others; where there are none of these, nobody has any."""
    return path.stat().st_mode & (_GROUP | _OTHERS) if os.name == "posix" else 0
