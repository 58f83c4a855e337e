"""``distribute serve``: answer people who join, choose and leave; and show the site."""

import sys
from importlib.util import find_spec

import click

from distribute.cli.invocation import Invocation, json_option, say_aside
from distribute.cli.newsletter.front import Front
from distribute.cli.newsletter.outlets import SINKS, mail_place
from distribute.errors import DistributeError

_NEEDED = ("starlette", "uvicorn", "httptools")


@click.command()
@click.option(
    "--host", default="127.0.0.1", help="Where to listen.  [default: 127.0.0.1]"
)
@click.option(
    "--port", type=int, default=8000, help="[default: 8000; 0 is any free one]"
)
@click.option(
    "--sink",
    type=click.Choice(SINKS),
    default="file",
    help="Where letters go: out/mail, or the SMTP server.  [default: file]",
)
@json_option
@click.pass_obj
def command(invocation: Invocation, host: str, port: int, sink: str) -> None:
    """Answer people who join, choose and leave; and show the site."""
    refuse_without_web()
    from distribute.cli.public.household import open_house
    from distribute.web.public.app import application
    from distribute.web.public.server import listen, serve

    front = Front(invocation.folder)
    with (
        open_house(front, sink=sink, now=invocation.now, log=note) as house,
        listen(host, port) as listening,
    ):
        url = _url(host, listening.getsockname()[1])
        invocation.answer({"url": url, "sink": sink, "public_url": house.public_url})
        for line in _greeting(invocation, front, sink, url):
            invocation.say(line)
        sys.stdout.flush()
        serve(application(house, pictures=pictures_of(front)), listening)
    invocation.say("Stopped; what was asked for is done.")


def refuse_without_web() -> None:
    """Raise `DistributeError` where what this command needs is not installed."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise DistributeError(
            f"`distribute serve` needs {', '.join(missing)}",
            hint="Run: pip install 'distribute-newsletter[web]'",
        )


def note(line: str) -> None:
    """Write a line of the log, for the terminal or whoever keeps the service's output."""
    say_aside(line)


def pictures_of(front: Front) -> tuple[str, ...]:
    """Name the logo, if it comes from elsewhere."""
    logo = front.settings.style.logo
    return (logo.name,) if logo else ()


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _greeting(invocation: Invocation, front: Front, sink: str, url: str) -> list[str]:
    settings = front.settings
    hosts = [relay.server.host for relay in settings.relays]
    letters = f"by {' and '.join(hosts)}"
    if sink == "file":
        letters = f"to {mail_place(settings)} (`--sink smtp` sends them)"
    lines = [
        f"Listening at {url} (Ctrl-C stops)",
        f"Links in mails lead to {settings.public_url}; letters go {letters}.",
    ]
    if not (settings.folder / "out" / "site" / "index.html").exists():
        build = invocation.command("build")
        lines.append(f"There is no site yet, so only forms answer: {build} makes it.")
    return lines
