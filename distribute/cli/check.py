"""``distribute check``: everything that is wrong, with file and line."""

import click

from distribute.checks.formats import FORMATS, document_of
from distribute.checks.gather import gather_findings
from distribute.cli.invocation import DONE, FAILED, Invocation, json_option
from distribute.cli.newsletter import Newsletter
from distribute.cli.report import finding_line
from distribute.finding import Finding, Severity


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
@json_option
@click.pass_context
def command(ctx: click.Context, issue: str | None, form: str) -> None:
    """List what is wrong, odd, or was repaired, with file and line.

    ISSUE is a number, `latest`, or a post's path; without it, everything is checked. The
    exit status is 1 if any finding is an error.
    """
    invocation: Invocation = ctx.obj
    newsletter = Newsletter(invocation.folder)
    newsletter.theme.compile()
    issues = [newsletter.issue(issue)] if issue else list(newsletter.issues)
    findings = gather_findings(
        newsletter.findings(issues),
        only=[e.post.path for i in issues for e in i.editions.values()]
        if issue
        else None,
    )
    if form != "text" and not invocation.as_json:
        click.echo(FORMATS[form](findings), nl=False)
    else:
        _report(invocation, findings, posts=len(newsletter.reading.posts))
    ctx.exit(FAILED if _count(findings, Severity.ERROR) else DONE)


def _report(invocation: Invocation, findings: list[Finding], *, posts: int) -> None:
    counts = {f"{severity}s": _count(findings, severity) for severity in Severity}
    invocation.answer(
        {"counts": counts, "findings": [document_of(f) for f in findings]}
    )
    for finding in findings:
        invocation.say(finding_line(finding))
    summary = ", ".join(f"{count} {name}" for name, count in counts.items())
    invocation.say(f"{posts} posts: {summary}")


def _count(findings: list[Finding], severity: Severity) -> int:
    return sum(finding.severity is severity for finding in findings)
