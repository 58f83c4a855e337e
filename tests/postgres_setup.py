"""Set up Debian's PostgreSQL in a folder, to be run by somebody without privileges."""

import hashlib
import hmac
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

USER = "distribute"
PATIENCE = 60.0
"""Seconds for what takes a server less than one."""
_EASY = {"fsync": "off", "full_page_writes": "off"}
"""A commit outlives the server, killed or not, but no power cut."""
_SMALL = {
    "shared_buffers": "32MB",
    "max_connections": "120",
    "max_wal_size": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",  # it looks into databases that are just being copied
    "jit": "off",
    "timezone": "UTC",
    "lc_messages": "C",
}
_MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of our own in it
_ENOUGH = 3 * 2**30
"""Octets; a database has eight million, and there are seldom a hundred."""
_PORTS = range(20_000, 32_000)
"""Below those that the system hands out: a port stays free while its server is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a server is set up."""

    fsync: bool = False
    """Whether a commit outlives a power cut; the disk is waited for."""
    tls: bool = False
    """Whether it takes nobody without TLS, but by its socket."""
    listen: Sequence[str] = ("127.0.0.1",)
    """Its addresses, which must be there when it starts."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Lines of ``postgresql.conf``."""


def bin_folder() -> Path:
    """Find the programs of the newest PostgreSQL; skips the test if there is none."""
    import pytest  # here: a command that a test starts only uses a server

    pytest.importorskip("psycopg", reason="psycopg is missing: the extra [postgres]")
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted(debian, key=lambda path: float(path.parts[-3]))
    if elsewhere := shutil.which("initdb"):
        found.insert(0, Path(elsewhere).resolve())
    if not found:
        pytest.skip("no PostgreSQL here: Debian's package postgresql is missing")
    return found[-1].parent


def make_folder(*, careful: bool) -> Path:
    """Make a folder for a server; its path is short, for its socket is in it.

    It is in memory where there is enough, unless the disk is to be waited for: to make
    and remove hundreds of databases is a disk's hardest work.
    """
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH
    where = _MEMORY if roomy and not careful else None
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=where)).resolve()
    own(folder)
    return folder


def initialise(folder: Path, password: str) -> None:
    """Make the data of a server, in ``folder/pristine``."""
    secret = folder / "password"
    secret.write_text(_verifier(password))
    own(secret)
    run("initdb", "-D", folder / "pristine", "-U", USER, "--no-sync", "--encoding=UTF8",
        "--auth=scram-sha-256", "--pwfile", secret, "--locale=C", "--wal-segsize=1",
        "--no-instructions", cwd=folder)  # fmt: skip


def _verifier(password: str) -> str:
    """Write down what the server has to know of a password (RFC 5803).

    After one round, where it would take 4096 by itself: passwords of tests last for
    minutes, and thousands of connections are made with them.
    """
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1)
    client, server = (
        hmac.digest(salted, b"%s Key" % who, "sha256") for who in (b"Client", b"Server")
    )
    parts = (salt, hashlib.sha256(client).digest(), server)
    written = [b64encode(part).decode() for part in parts]
    return "SCRAM-SHA-256$1:{}${}:{}".format(*written)


def copy_data(source: Path, target: Path) -> None:
    """Copy the data of a server that does not run."""
    command = ["cp", "-a", str(source), str(target)]
    subprocess.run(command, check=True, timeout=PATIENCE)  # noqa: S603 - our own paths


def configure(folder: Path, options: Options, port: int) -> None:
    """Write the settings of the server in a folder, which nobody else may enter."""
    data = folder / "data"
    settings = {
        **_SMALL,
        **({} if options.fsync else _EASY),
        "listen_addresses": ",".join(options.listen),
        "port": str(port),
        "unix_socket_directories": str(folder),
        **options.settings,
    }
    if options.tls:
        _certify(folder)
        settings["ssl"] = "on"
    lines = [f"{key} = '{value}'\n" for key, value in settings.items()]
    (data / "postgresql.conf").write_text("".join(lines))
    hosts = "hostssl" if options.tls else "host"
    rules = f"local all all trust\n{hosts} all all all scram-sha-256\n"
    (data / "pg_hba.conf").write_text(rules)


def free_port(addresses: Sequence[str]) -> int:
    """Find a port that is free at all these addresses."""
    start = int.from_bytes(os.urandom(4))
    for step in range(len(_PORTS)):
        port = _PORTS[(start + step) % len(_PORTS)]
        if all(_is_free(address, port) for address in addresses):
            return port
    raise AssertionError("no port is free")


def run(program: str, *arguments: str | Path, cwd: Path) -> None:
    """Run a program of PostgreSQL as somebody without privileges, to its end."""
    uid, gid = _somebody() or (None, None)
    done = subprocess.run(  # noqa: S603 - our own arguments
        [str(bin_folder() / program), *map(str, arguments)],
        cwd=cwd, check=False, timeout=PATIENCE, stdin=subprocess.DEVNULL,
        capture_output=True, user=uid, group=gid,
        extra_groups=None if uid is None else [],
    )  # fmt: skip
    assert done.returncode == 0, f"{program}: {done.stderr.decode()}"


def own(path: Path) -> None:
    """Give a file to whom the server runs as."""
    if whom := _somebody():
        os.chown(path, *whom)


def _somebody() -> tuple[int, int] | None:
    """Say as whom it is to run, if not as ourselves: it refuses root."""
    if os.geteuid() != 0:
        return None
    names = {each.pw_name: each for each in pwd.getpwall()}
    whom = names.get("postgres") or names["nobody"]
    return whom.pw_uid, whom.pw_gid


def _is_free(address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        socket.create_server((address, port), family=family).close()
    except OSError:
        return False
    return True


def _certify(folder: Path) -> None:
    """Have a certificate for localhost, from an authority in the folder."""
    from tests.certificates import Authority

    Authority(folder).context(["localhost"])
    (made,) = folder.glob("localhost-*.pem")
    for name in ("server.crt", "server.key"):
        shutil.copy(made, folder / "data" / name)
        own(folder / "data" / name)
        (folder / "data" / name).chmod(0o600)
