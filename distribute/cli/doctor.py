"""``distribute doctor``: whether mails will get through, and can come back."""

import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from ipaddress import ip_address
from textwrap import wrap
from typing import TYPE_CHECKING

import click

from distribute.checks.domain.examine import examine, left_open
from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.cli.audience.choosing import settings_of
from distribute.cli.diagnosis.circumstances import circumstances
from distribute.cli.invocation import DONE, FAILED, Invocation, json_option
from distribute.render.text.width import display_width

if TYPE_CHECKING:
    from distribute.checks.domain.lookup import Address

_MARKS = {
    Verdict.OK: click.style("ok", fg="green"),
    Verdict.ADVICE: click.style("advice", fg="yellow"),
    Verdict.PROBLEM: click.style("problem", fg="red", bold=True),
    Verdict.OPEN: click.style("open", fg="cyan"),
}
_MARK_WIDTH = max(map(len, Verdict))
_ABOUT_WIDTH = 30
"""Columns for what was looked at, at most; longer ones stand as they are."""
_WIDEST = 110


def _address(
    _ctx: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> "tuple[Address, ...]":
    try:
        return tuple(map(ip_address, texts))
    except ValueError as error:
        raise click.BadParameter(f"{error}") from error


def _server(
    _ctx: click.Context, _option: click.Parameter, text: str | None
) -> tuple[str, int] | None:
    from distribute.sinks.dns import parse_server

    try:
        return parse_server(text) if text is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("doctor")
@click.option(
    "--dns", "looks_up", is_flag=True, help="Ask the DNS, the mail and the web server."
)
@click.option(
    "--from-ip",
    "addresses",
    metavar="ADDRESS",
    multiple=True,
    callback=_address,
    help="From where your mail reaches others; may be given several times.",
)
@click.option(
    "--resolver",
    metavar="ADDRESS[:PORT]",
    callback=_server,
    help="The DNS server to ask.  [default: those of this machine]",
)
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    looks_up: bool,
    addresses: "tuple[Address, ...]",
    resolver: tuple[str, int] | None,
) -> None:
    """Tell whether mails will get through, be trusted, and can come back.

    Looks nothing up unless --dns says so. With it, the DNS is asked about SPF, DKIM,
    DMARC, MX and PTR; the mail server is greeted, without logging in or sending anything;
    and the server where readers unsubscribe is asked for its first page. Ends with 1 if
    there is a problem.
    """
    invocation: Invocation = ctx.obj
    if not looks_up and (addresses or resolver):
        raise click.UsageError("--from-ip and --resolver go with --dns.")
    settings = settings_of(invocation)
    situation = circumstances(settings)
    judgements = list(examine(situation))
    if looks_up:
        from distribute.cli.diagnosis.consultation import consult
        from distribute.sinks.dns import Dns

        lookup = Dns(resolver)
        judgements = [each for each in judgements if each.verdict is not Verdict.OPEN]
        judgements += consult(
            situation,
            lookup,
            servers=[relay.server for relay in settings.relays],
            addresses=addresses,
            now=invocation.now,
        )
    else:
        judgements += left_open()
    _report(invocation, judgements)
    ctx.exit(FAILED if _count(judgements)[Verdict.PROBLEM] else DONE)


def _report(invocation: Invocation, judgements: Sequence[Judgement]) -> None:
    counts = _count(judgements)
    invocation.answer(
        {
            "counts": {str(verdict): counts[verdict] for verdict in Verdict},
            "judgements": [asdict(judgement) for judgement in judgements],
        }
    )
    if invocation.as_json:
        return
    for part in Part:
        of_part = [each for each in judgements if each.part is part]
        for line in _chapter(part, of_part):
            invocation.say(line)
    invocation.say(_summary(counts))
    if counts[Verdict.OPEN]:
        invocation.say(f"{invocation.command('doctor --dns')} looks the open ones up.")


def _chapter(part: Part, judgements: Sequence[Judgement]) -> Iterator[str]:
    """Lay out what was judged under one heading."""
    if not judgements:
        return
    yield click.style(part, bold=True)
    widths = [display_width(each.about) for each in judgements]
    width = max((size for size in widths if size <= _ABOUT_WIDTH), default=0)
    for judgement in judgements:
        yield from _lines(judgement, width)
    yield ""


def _lines(judgement: Judgement, width: int) -> Iterator[str]:
    """Write one judgement: the verdict and how it stands; below, why and what to do."""
    blank = " " * (_MARK_WIDTH - len(judgement.verdict) + 2)
    about = judgement.about + " " * max(0, width - display_width(judgement.about))
    indent = " " * (_MARK_WIDTH + 4)
    first, *rest = _wrapped(f"{about}  {judgement.found}", indent)
    yield f"  {_MARKS[judgement.verdict]}{blank}{first}"
    yield from (f"{indent}{line}" for line in rest)
    for line in _wrapped(judgement.why, indent):
        yield f"{indent}{click.style(line, dim=True)}"
    yield from _remedy(judgement.remedy, indent)


def _remedy(remedy: str, indent: str) -> Iterator[str]:
    """Write what to do; a record to be published stays in one piece, to be copied."""
    if not remedy:
        return
    if ' TXT "' in remedy:
        yield f"{indent}→ {remedy}"
        return
    first, *rest = _wrapped(remedy, f"{indent}  ")
    yield f"{indent}→ {first}"
    yield from (f"{indent}  {line}" for line in rest)


def _wrapped(text: str, indent: str) -> Sequence[str]:
    """Break a text for the terminal; for others, who may search it, it stays one line."""
    if not text or not sys.stdout.isatty():
        return [text] if text else []
    columns = min(shutil.get_terminal_size().columns, _WIDEST) - len(indent)
    return wrap(text, max(columns, 30), break_long_words=False, break_on_hyphens=False)


def _summary(counts: "Counter[Verdict]") -> str:
    problems = counts[Verdict.PROBLEM]
    said = (
        "No problem found"
        if not problems
        else f"{problems} problem{'s' * (problems > 1)}"
    )
    parts = [
        said,
        f"{counts[Verdict.ADVICE]} to improve",
        f"{counts[Verdict.OK]} ok",
        f"{counts[Verdict.OPEN]} open" if counts[Verdict.OPEN] else "",
    ]
    return ", ".join(filter(None, parts)) + "."


def _count(judgements: Iterable[Judgement]) -> "Counter[Verdict]":
    return Counter(each.verdict for each in judgements)
