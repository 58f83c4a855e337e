"""A PostgreSQL of one's own: Debian's server on this machine, in a folder of its own.

It is ended and its folder removed when nobody uses it any more, also when the tests are
killed (`tests.keeper`). No other server is ever touched.
"""

import fcntl
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Literal, Self
from urllib.parse import quote

from tests import keeper
from tests.postgres_setup import (
    PATIENCE,
    USER,
    Options,
    bin_folder,
    configure,
    copy_data,
    free_port,
    initialise,
    make_folder,
    run,
)

__all__ = ["Options", "Server", "StrangerError", "shared"]

Mode = Literal["fast", "immediate"]
_USUAL = Options()
_SIGNALS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}


class StrangerError(Exception):
    """The server that answers is not the one of this folder."""


class Server:
    """One server, in its folder: `make` makes it, `Server` shares it with others."""

    def __init__(self, folder: Path) -> None:
        """Use a server that is there, until this is closed.

        Raises `FileNotFoundError` if it is gone.
        """
        self.folder = folder
        self.data = folder / "data"
        self._use = keeper.use(folder)
        known = json.loads((folder / "access.json").read_text())
        self.port = int(known["port"])
        self.options = Options(**known["options"])
        self._password = str(known["password"])

    @classmethod
    def make(cls, options: Options = _USUAL, *, like: Path | None = None) -> Self:
        """Make one that is not started yet; skips the test where that cannot be.

        It is faster `like` the one in another folder: the same empty data, and password.
        """
        bin_folder()
        folder = make_folder(careful=options.fsync)
        use = keeper.watch(folder)
        try:
            if like is None:
                password = os.urandom(16).hex()
                initialise(folder, password)
                copy_data(folder / "pristine", folder / "data")
            else:
                password = json.loads((like / "access.json").read_text())["password"]
                copy_data(like / "pristine", folder / "data")
            port = free_port(options.listen)
            configure(folder, options, port)
            known = {"port": port, "password": password, "options": asdict(options)}
            (folder / "access.json").write_text(json.dumps(known))
            return cls(folder)
        finally:
            os.close(use)

    def url(self, database: str, *, host: str = "127.0.0.1") -> str:
        """Say how libpq reaches a database; by its socket if the host is ``socket``."""
        whom = f"postgresql://{USER}:{self._password}@"
        if host == "socket":
            folder = quote(str(self.folder), safe="")
            return f"{whom}/{database}?host={folder}&port={self.port}"
        if self.options.tls:
            trusted = quote(str(self.folder / "authority.pem"), safe="")
            secured = f"sslmode=verify-full&sslrootcert={trusted}"
            return f"{whom}localhost:{self.port}/{database}?{secured}"
        return f"{whom}{host}:{self.port}/{database}"

    def start(self) -> None:
        """Run it, on the same port as ever, until it answers."""
        log = self.folder / "log"
        run("pg_ctl", "start", "-W", "-s", "-D", self.data, "-l", log, cwd=self.folder)
        end = time.monotonic() + PATIENCE
        while not self.is_ready:
            assert time.monotonic() < end, f"did not start: {log.read_text()[-2000:]}"
            time.sleep(keeper.PAUSE)

    @property
    def is_ready(self) -> bool:
        """Whether it has come so far that it takes connections; paused or not."""
        if not self.is_running:
            return False
        lines = (self.data / "postmaster.pid").read_text().splitlines()
        return len(lines) > 7 and lines[7].strip() == "ready"

    @property
    def is_running(self) -> bool:
        """Whether its process is there; paused or not."""
        return keeper.postmaster_of(self.data) is not None

    def stop(self, mode: Mode = "fast") -> None:
        """End it: cleanly, or as in a crash. Raises `StrangerError` (`check_own`)."""
        self.resume()
        if self.is_running:
            self.check_own()
            keeper.end(self.data, _SIGNALS[mode], PATIENCE)

    def restart(self, mode: Mode = "fast") -> None:
        """End it, and run it again."""
        self.stop(mode)
        self.start()

    def pause(self) -> None:
        """Hold it up with all its connections, which stay open but say nothing."""
        self.check_own()
        keeper.signal_all(self.data, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        keeper.signal_all(self.data, signal.SIGCONT)

    @contextmanager
    def away(self, mode: Mode = "fast") -> Iterator[None]:
        """Have it stopped for a while."""
        self.stop(mode)
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Hold it up for a while."""
        self.pause()
        try:
            yield
        finally:
            self.resume()

    def check_own(self) -> None:
        """See that the server which answers is ours. Raises `StrangerError`.

        One that has no answer, as it is starting or full, is known by its process: that
        works in our folder.
        """
        import psycopg

        try:
            ((found,),) = self.ask("SHOW data_directory")
        except psycopg.OperationalError as error:
            if "authentication" in str(error):
                raise StrangerError(f"a stranger is at port {self.port}") from error
        else:
            if Path(str(found)).resolve() != self.data:
                raise StrangerError(f"the server is that of {found}, not {self.data}")

    def ask(
        self, *statements: str, database: str = "postgres"
    ) -> list[tuple[object, ...]]:
        """Run statements outside of any transaction, and give the rows of the last."""
        import psycopg

        url = self.url(database, host="socket")
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def new_database(self, name: str = "", *, like: str = "template0") -> str:
        """Make a database, a copy of one to which nobody is connected; gives its URL."""
        name = name or f"d{os.urandom(6).hex()}"
        self.ask(f'CREATE DATABASE "{name}" TEMPLATE "{like}" STRATEGY FILE_COPY')
        return self.url(name)

    def prepared(self, name: str, prepare: Callable[[str], None]) -> str:
        """Have a database that is prepared once by whoever comes first; gives its name.

        It is handed over by its URL. Others can be made like it.
        """
        with (self.folder / "preparing").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (name,) not in self.ask("SELECT datname FROM pg_database"):
                self.drop(f"{name}_to_be")  # left by somebody who failed
                prepare(self.new_database(f"{name}_to_be"))
                self.ask(f'ALTER DATABASE "{name}_to_be" RENAME TO "{name}"')
        return name

    def drop(self, *databases: str) -> None:
        """Remove databases, whoever is connected to them."""
        named = ", ".join(f"'{name}'" for name in databases)
        running = f"FROM pg_stat_activity WHERE datname IN ({named})"
        self.ask(
            f"SELECT pg_terminate_backend(pid) {running}",  # together: each takes a while
            *(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in databases),
        )

    def sibling(self, options: Options = _USUAL) -> "Server":
        """Make another one like this, and start it; it is only the caller's."""
        server = Server.make(options, like=self.folder)
        try:
            server.start()
        except BaseException:
            server.close()
            raise
        return server

    def close(self) -> None:
        """Use it no more; whom nobody uses is ended, soon."""
        if self._use >= 0:
            os.close(self._use)
        self._use = -1

    def end(self) -> None:
        """Close it, as its only user, and wait until it is gone, with its folder."""
        self.close()
        deadline = time.monotonic() + PATIENCE
        while self.folder.exists():
            assert time.monotonic() < deadline, f"{self.folder} is still there"
            time.sleep(keeper.PAUSE)


@contextmanager
def shared(folder: Path) -> Iterator[Server]:
    """Give the one server of all who name this folder; the first of them makes it."""
    note = folder / "postgres"
    with (folder / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = _joined(note)
        if server is None:
            server = Server.make()
            server.start()
            note.write_text(str(server.folder))
    try:
        yield server
    finally:
        server.close()


def _joined(note: Path) -> Server | None:
    try:
        return Server(Path(note.read_text()))
    except FileNotFoundError:
        return None
