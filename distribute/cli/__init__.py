"""The command line: the only place that prints, exits, reads the clock or the environment.

One module per command, imported when the command is run, so that ``--help`` stays quick.
"""

import errno
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import click

from distribute.cli.invocation import (
    INTERRUPTED,
    USAGE,
    Invocation,
    complain,
    current_time,
    defective,
    exit_status,
    misused,
)
from distribute.cli.process.frugal import collect_seldom
from distribute.cli.terminal.asking import Declined
from distribute.errors import DistributeError

COMMANDS = {
    "demo": "Write the sample newsletter, build it, send it to files.",
    "init": "Start a newsletter of your own in a folder.",
    "status": "Show issues × languages: what is there, missing or stale.",
    "check": "List everything that is wrong, with file and line.",
    "build": "Make the site and its feeds in out/site.",
    "preview": "Show an issue as its readers will see it, in out/preview.",
    "plan": "Show who gets which edition, and who gets none and why.",
    "send": "Send an issue: to files, or by SMTP.",
    "worker": "Send what was handed over to workers, on this machine too.",
    "pause": "Have workers begin nothing more of an issue.",
    "resume": "Have workers go on with an issue.",
    "cancel": "Take an issue back from workers.",
    "retry": "Send once more to those who were refused, or may have it.",
    "explain": "Tell everything about one person and one issue.",
    "audience": "Import, export and list the subscribers.",
    "bounces": "Read what came back by mail: bounces, complaints, letters.",
    "serve": "Answer people who join, choose and leave; and show the site.",
    "store": "Move the database elsewhere, and say who may do what in it.",
    "doctor": "Tell whether mails will get through, be trusted, and come back.",
}

_JSON = f"{__name__}.json"
"""Where click's context keeps whether JSON is asked for."""


class Commands(click.Group):
    """The commands by name; each lives in the module of its name as ``command``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands in the order a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command and give the command."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"distribute.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what stands before the command, and whether JSON is asked for at all."""
        ctx.meta[_JSON] = _asks_for_json(args)
        with _every_end_explained(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an error becomes a line, its next step and a status."""
        with _every_end_explained(ctx):
            return super().invoke(ctx)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "folder",
    metavar="DIR",
    default=".",
    help="The newsletter's folder, with distribute.toml.  [default: .]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.version_option(package_name="distribute-newsletter", prog_name="distribute")
@click.pass_context
def group(ctx: click.Context, folder: str, as_json: bool) -> None:
    """Send and publish a newsletter written as Markdown in git, in several languages."""
    ctx.obj = Invocation(Path(folder), as_json, current_time())


def main() -> None:
    """Run the command line of this process."""
    collect_seldom()
    _open_what_is_closed()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
    for stream in (sys.stdout, sys.stderr):
        # A newsletter in Arabic must print under LC_ALL=C and from cron as well.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    group(prog_name="distribute")


def _open_what_is_closed() -> None:
    """Have stdin, stdout and stderr, even where whoever started this has closed them.

    Else the next file that is opened, such as the database, would be one of them.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)
            if descriptor != number:
                os.dup2(descriptor, number)
                os.close(descriptor)
            setattr(sys, name, os.fdopen(number, "w" if number else "r"))


def _asks_for_json(args: Sequence[str]) -> bool:
    """Find ``--json`` before any option is understood: a misspelt one needs it too."""
    options = args[: args.index("--")] if "--" in args else args
    return "--json" in options


@contextmanager
def _every_end_explained(ctx: click.Context) -> Iterator[None]:
    """Turn whatever ends a command early into words, JSON if asked for, and a status."""
    try:
        with _defects_answered(ctx):
            yield
    except DistributeError as error:
        complain(error, as_json=_wants_document(ctx))
        ctx.exit(exit_status(error))
    except click.ClickException as error:
        if _wants_document(ctx):
            misused(error)
        raise  # click prints its usage on stderr
    except (click.Abort, EOFError, KeyboardInterrupt) as end:
        complain(_stopped(end), as_json=_wants_document(ctx))
        ctx.exit(INTERRUPTED)
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise  # nobody reads on, as in `| head`; click ends quietly
        complain(_explained(error), as_json=_wants_document(ctx))
        ctx.exit(USAGE)


@contextmanager
def _defects_answered(ctx: click.Context) -> Iterator[None]:
    """Give programs a document even where we are broken; people get the traceback."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, DistributeError, OSError):
        raise
    except (click.Abort, EOFError):
        raise
    except Exception as error:
        if _wants_document(ctx):
            defective(error)
        raise


def _wants_document(ctx: click.Context) -> bool:
    """Tell whether a program waits for a JSON document that it has not got yet."""
    answered = isinstance(ctx.obj, Invocation) and ctx.obj.has_answered
    return bool(ctx.meta[_JSON]) and not answered


def _stopped(end: BaseException) -> DistributeError:
    """Word that somebody wanted no more."""
    if isinstance(end, Declined):
        return DistributeError(str(end), hint="Run it again to be asked again.")
    return DistributeError("stopped", hint="Run it again to go on.")


def _explained(error: OSError) -> DistributeError:
    """Word a failure of the system that no stage has met with words of its own."""
    place = f"{error.filename}: " if error.filename else ""
    return DistributeError(
        f"{place}{error.strerror or error}",
        hint="Put this right, then run the same command again.",
    )
