"""Get what the measurements are made with, into a folder of their own.

Nothing is installed on the machine itself: aiosmtplib goes into a virtual environment,
nodemailer into a folder, and Postfix's tools are unpacked from Debian's package, so that
its daemon is never set up. What cannot be had is a `MeasurementError` with the reason.
"""

import os
import shutil
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

from benchmarks.processes import Command, MeasurementError

HERE = Path(__file__).parent
_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))


def fast_sink(folder: Path) -> Path:
    """Compile the sink of our own."""
    compiler = program("cc")
    sink = folder / "sink"
    command = (compiler, "-O2", "-Wall", "-Wextra", "-o", sink, HERE / "sink.c")
    Command(command).run()
    return sink


def postfix(name: str, folder: Path) -> Command:
    """Find smtp-source or smtp-sink, or unpack them from the package with both."""
    installed = shutil.which(name, path=_PATH)
    if installed:
        return Command((installed,))
    place = folder / "postfix"
    if not (place / "usr").is_dir():
        _unpack_postfix(place)
    system = sysconfig.get_config_var("MULTIARCH") or ""
    libraries = [place / each for each in ("usr/lib/postfix", f"usr/lib/{system}")]
    return Command(
        (place / "usr/sbin" / name,),
        {"LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries))},
    )


def python_with_aiosmtplib(folder: Path) -> tuple[Path, str]:
    """Make a virtual environment with aiosmtplib; give its Python, and the version."""
    python = folder / "python" / "bin" / "python"
    if not python.exists():
        Command((sys.executable, "-m", "venv", folder / "python")).run()
    Command((python, "-m", "pip", "install", "-q", "aiosmtplib")).run()
    ask = "from importlib.metadata import version; print(version('aiosmtplib'))"
    return python, Command((python, "-c", ask)).run()


def node_with_nodemailer(folder: Path) -> tuple[Path, Path, str]:
    """Install nodemailer; give Node, the library's folder, and its version."""
    node, npm = program("node"), program("npm")
    place = folder / "node"
    library = place / "node_modules" / "nodemailer"
    if not library.is_dir():
        quiet = ("--silent", "--no-audit", "--no-fund", "--no-package-lock")
        Command((npm, "install", *quiet, "--prefix", place, "nodemailer")).run()
    ask = f"console.log(require({str(library / 'package.json')!r}).version)"
    return node, library, Command((node, "-e", ask)).run()


def program(name: str) -> Path:
    """Find an installed program; `MeasurementError` if there is none of this name."""
    found = shutil.which(name, path=_PATH)
    if found is None:
        raise MeasurementError(f"there is no {name} here")
    return Path(found)


def _unpack_postfix(place: Path) -> None:
    """Download Debian's package and what it needs that is missing here, and unpack it."""
    apt, unpack = program("apt-get"), program("dpkg-deb")
    if os.getuid() == 0:
        with suppress(MeasurementError):  # the lists that are there may do
            Command((apt, "-q", "update")).run()
    packages = place / "packages"
    (packages / "partial").mkdir(parents=True, exist_ok=True)
    where = (f"-oDir::Cache::archives={packages}", "-oDebug::NoLocking=1")
    what = ("-qy", "--no-install-recommends", "--download-only", "install", "postfix")
    Command((apt, *where, *what)).run()
    for package in sorted(packages.glob("*.deb")):
        Command((unpack, "-x", package, place)).run()
