"""``distribute check``: everything that is wrong, with file and line."""

from collections.abc import Collection, Sequence
from typing import TypedDict, Unpack

import click

from distribute.checks.finished import find_flaws
from distribute.checks.formats.documents import report_document
from distribute.checks.formats.formats import FORMATS
from distribute.checks.report import Report
from distribute.cli.checking.examination import examine, examine_issue
from distribute.cli.checking.explaining import explain, rule_of
from distribute.cli.checking.listing import brief, listing, summary
from distribute.cli.checking.mending import (
    Change,
    carry_out,
    changes_for,
    mended_document,
    mended_words,
)
from distribute.cli.invocation import DONE, FAILED, Invocation, json_option
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.proofs import proofs_of
from distribute.cli.terminal.progress import progress


class _Options(TypedDict):
    form: str
    explained: str | None
    rules: tuple[str, ...]
    strict: bool
    quiet: bool
    fix: bool
    yes: bool


@click.command("check")
@click.argument("issue", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", *FORMATS]),
    default="text",
    show_default=True,
    help="How to print the findings.",
)
@click.option(
    "--explain",
    "explained",
    metavar="RULE",
    help="Say what a rule is about; `all` lists the rules.",
)
@click.option(
    "--rule",
    "rules",
    metavar="RULE",
    multiple=True,
    help="Look at this rule only; may be given again.",
)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--fix", is_flag=True, help="Mend what is safe; shows it, and asks.")
@click.option("--yes", is_flag=True, help="Mend without asking.")
@click.option("-q", "--quiet", is_flag=True, help="Print one line a finding.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, /, issue: str | None, **options: Unpack[_Options]
) -> None:
    """List what is wrong, odd, or was repaired: with line, words, reason and remedy.

    ISSUE is a number, `latest`, or a post's path; without it, everything is checked. The
    exit status is 1 if any finding is an error, and with --strict if any is a warning.

    A rule is switched off with a reason, in distribute.toml under [check.off], or in the
    front matter of a post.
    """
    invocation: Invocation = ctx.obj
    if options["explained"] is not None:
        explain(invocation, options["explained"])
        return
    if options["fix"] and options["form"] != "text":
        raise click.UsageError("--fix shows a diff: it goes with text, or with --json.")
    rules = {rule_of(written).id for written in options["rules"]}
    newsletter = Newsletter(invocation.folder)
    report = _examined(newsletter, issue, invocation, rules)
    mended: Sequence[Change] = ()
    if options["fix"]:
        changes = changes_for(newsletter, report)
        if mended := carry_out(invocation, changes, yes=options["yes"]):
            newsletter = Newsletter(invocation.folder)
            report = _examined(newsletter, issue, invocation, rules)
    _print(invocation, report, options, mended)
    strict = options["strict"] or newsletter.settings.check.strict
    ctx.exit(FAILED if report.blocking(strict=strict) else DONE)


def _examined(
    newsletter: Newsletter,
    issue: str | None,
    invocation: Invocation,
    rules: Collection[str],
) -> Report:
    """Examine all templates, and an issue or all; by some rules, if any are named."""
    flaws = tuple(find_flaws(newsletter.theme))
    if issue is not None:
        found = newsletter.issue(issue)
        proofs = proofs_of(newsletter, found, invocation.now)
        report = examine_issue(newsletter, found, proofs, also=flaws)
    else:
        with progress("Checking", len(newsletter.issues)) as advance:
            report = examine(newsletter, invocation.now, advance=advance, also=flaws)
    return report.only(rules) if rules else report


def _print(
    invocation: Invocation,
    report: Report,
    options: _Options,
    mended: Sequence[Change],
) -> None:
    """Print a report as it was asked for."""
    form = options["form"]
    if form != "text" and not invocation.as_json:
        click.echo(FORMATS[form](report), nl=False)
        return
    done = mended_document(mended)
    invocation.answer(report_document(report) | ({"mended": done} if done else {}))
    for line in brief(report) if options["quiet"] else listing(report):
        invocation.say(line)
    invocation.say(summary(report))
    if done:
        invocation.say(f"mended: {mended_words(mended)}")
    if report.findings and not options["quiet"]:
        words = invocation.command("check --explain RULE")
        invocation.say(f"{words} says more about a rule.")
