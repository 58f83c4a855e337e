"""``distribute status``: issues × languages, what is missing, and how far sending got."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import click

from distribute.campaign.campaign import State
from distribute.cli.fleet.server import server_of
from distribute.cli.fleet.shown import with_workers_document, with_workers_lines
from distribute.cli.invocation import Invocation, json_option
from distribute.cli.mailing.deliveries import show_deliveries, write_csv
from distribute.cli.mailing.standing import Standings, standing_document, standing_lines
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.terminal.report import issue_document, mention, table
from distribute.editions.coverage import State as Cover
from distribute.editions.coverage import coverage
from distribute.editions.edition import Issue

_STATES = {
    "failed": State.REJECTED,
    "deferred": State.DEFERRED,
    "uncertain": State.UNCERTAIN,
}
_NAMED = 5
"""How many posts of one reason are named one by one."""
_MARKS = {Cover.PRESENT: "yes", Cover.MISSING: "-", Cover.STALE: "stale"}


@click.command("status")
@click.argument("issue", required=False)
@click.option("--failed", is_flag=True, help="List who was refused, and why.")
@click.option("--deferred", is_flag=True, help="List who is to be tried again.")
@click.option("--uncertain", is_flag=True, help="List who may or may not have it.")
@click.option("--csv", "as_csv", is_flag=True, help="As a table for a spreadsheet.")
@click.option(
    "--watch", is_flag=True, help="Show how far workers are until they are done."
)
@json_option
@click.pass_obj
def command(
    invocation: Invocation,
    /,
    issue: str | None,
    *,
    as_csv: bool,
    watch: bool,
    **wanted: bool,
) -> None:
    """Show which translations exist, are missing or stale, and how far sending got.

    ISSUE is a number, `latest`, or a post's path; without it, all issues are shown. With
    --json every decision is listed with its reason.
    """
    states = frozenset(_STATES[name] for name, is_wanted in wanted.items() if is_wanted)
    if (states or as_csv or watch) and issue is None:
        raise click.UsageError("Say which ISSUE.")
    if watch and (states or as_csv):
        raise click.UsageError("--watch goes with no list of people.")
    newsletter = Newsletter(invocation.folder)
    mention(newsletter.obstacles)
    if issue is None:
        _show_all(invocation, newsletter)
    elif watch:
        _watch(invocation, newsletter, newsletter.issue(issue))
    elif states or as_csv:
        chosen = newsletter.issue(issue)
        standings = Standings(newsletter, chosen, invocation.now)
        found = standings.records(states or frozenset(_STATES.values()))
        if as_csv and not invocation.as_json:
            write_csv(found)
        else:
            show_deliveries(invocation, {"issue": chosen.id}, found)
    else:
        _show_one(invocation, newsletter, newsletter.issue(issue))


def _show_all(invocation: Invocation, newsletter: Newsletter) -> None:
    """Show which issues there are, and what was left out."""
    if invocation.as_json:
        invocation.answer(_document(newsletter, newsletter.issues, invocation.now))
        return
    for line in [*_grid(newsletter, newsletter.issues), *_strangers(newsletter)]:
        invocation.say(line)


def _show_one(invocation: Invocation, newsletter: Newsletter, issue: Issue) -> None:
    """Show every decision about an issue, and how far its sending got."""
    if invocation.as_json:
        document = _document(newsletter, [issue], invocation.now)
        workers = with_workers_document(invocation, newsletter, issue)
        invocation.answer(document | workers)
        return
    standings = Standings(newsletter, issue, invocation.now).all()
    for line in [
        *_grid(newsletter, [issue]),
        *_reasons(issue),
        *standing_lines(standings, invocation.command),
        *with_workers_lines(invocation, newsletter, issue),
    ]:
        invocation.say(line)


def _watch(invocation: Invocation, newsletter: Newsletter, issue: Issue) -> None:
    """Show how far workers are with an issue."""
    url = server_of(newsletter.settings)
    from distribute.cli.fleet.limits import limits_of
    from distribute.cli.fleet.looking import keep_looking  # with psycopg

    # refuses another newsletter's database
    Standings(newsletter, issue, invocation.now)
    keep_looking(invocation, url, issue.id, limits_of(newsletter.settings))


def _strangers(newsletter: Newsletter) -> Iterable[str]:
    """Name the posts that belong to no issue, the many of one reason only in number."""
    by_reason: dict[str, list[str]] = {}
    for each in newsletter.resolution.left_out:
        by_reason.setdefault(each.reason, []).append(str(each.post.path))
    if by_reason:
        yield ""
    for reason, paths in by_reason.items():
        if len(paths) > _NAMED:
            yield f"{len(paths)} posts left out: {reason} (--json names them)"
        else:
            yield from (f"left out: {path}: {reason}" for path in paths)


def _grid(newsletter: Newsletter, issues: Sequence[Issue]) -> list[str]:
    languages = newsletter.publication.languages
    rows = []
    for issue in issues:
        states = [_MARKS[one.state] for one in coverage([issue], languages)]
        first = next(iter(issue.editions.values()))
        rows.append([issue.id, f"{first.day}", *states, first.title[:60]])
    heads = ["issue", "date", *(language.tag for language in languages), "title"]
    return list(table(rows, head=heads)) if rows else ["There is no issue yet."]


def _reasons(issue: Issue) -> list[str]:
    lines = []
    for language, edition in issue.editions.items():
        lines += ["", f"{language.tag}  {edition.post.path}", f"    {edition.title}"]
        lines += [f"    {d.field}: {d.value} ({d.reason})" for d in edition.decisions]
    return lines


def _document(
    newsletter: Newsletter, issues: Sequence[Issue], now: datetime
) -> dict[str, object]:
    languages = newsletter.publication.languages
    return {
        "newsletter": newsletter.publication.title,
        "languages": [language.tag for language in languages],
        "issues": [
            issue_document(issue)
            | {
                "coverage": {
                    one.language.tag: str(one.state)
                    for one in coverage([issue], languages)
                }
            }
            | standing_document(Standings(newsletter, issue, now).all())
            for issue in issues
        ],
        "left_out": [
            {"path": str(each.post.path), "reason": each.reason}
            for each in newsletter.resolution.left_out
        ],
    }
