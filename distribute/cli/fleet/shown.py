"""What `status` says of workers, where they share a database; else nothing."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from distribute.audience.database.place import PostgresUrl
from distribute.cli.invocation import Invocation
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.process.clock import running_clock
from distribute.editions.edition import Issue

if TYPE_CHECKING:
    from distribute.campaign.fleet.progress import Overview


def with_workers_lines(
    invocation: Invocation, newsletter: Newsletter, issue: Issue
) -> Iterator[str]:
    """Say how far workers are with an issue, if they ever had it."""
    overviews = _overviews(invocation, newsletter, issue)
    if not overviews:
        return
    from distribute.cli.fleet.view import overview_lines  # with psycopg

    now = running_clock(invocation.now)()
    for overview in overviews:
        yield ""
        yield from overview_lines(overview, now, invocation.command)


def with_workers_document(
    invocation: Invocation, newsletter: Newsletter, issue: Issue
) -> dict[str, object]:
    """Give the same to programs; empty if they never had it."""
    overviews = _overviews(invocation, newsletter, issue)
    if not overviews:
        return {}
    from distribute.cli.fleet.view import overview_document  # with psycopg

    return {"with_workers": [overview_document(each) for each in overviews]}


def _overviews(
    invocation: Invocation, newsletter: Newsletter, issue: Issue
) -> "Sequence[Overview]":
    url = newsletter.settings.database
    if not isinstance(url, PostgresUrl):
        return ()
    from distribute.cli.fleet.limits import limits_of
    from distribute.cli.fleet.looking import look_once  # with psycopg

    return look_once(invocation, url, issue.id, limits_of(newsletter.settings))
