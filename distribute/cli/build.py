"""``distribute build``: feeds and archive pages in ``out/site``."""

from collections.abc import Callable, Sequence

import click

from distribute.cli.invocation import Invocation, json_option
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.terminal.progress import progress
from distribute.cli.terminal.report import list_out, mention
from distribute.finding import Finding
from distribute.web.publish.publish import Published, publish
from distribute.web.site.site import SiteOptions, plan_site
from distribute.web.site.syndication import too_long


@click.command("build")
@click.option("--watch", "goes_on", is_flag=True, help="Build again on every change.")
@json_option
@click.pass_obj
def command(invocation: Invocation, goes_on: bool) -> None:
    """Make the site: a page per edition, an index and feeds per language."""
    if goes_on:
        from distribute.cli.previewing.watching import keep_building

        keep_building(invocation, lambda: _build_anew(invocation, list_out))
        return
    published = _build_anew(invocation, mention)
    site = invocation.folder / "out" / "site"
    invocation.answer(
        {
            "folder": str(site),
            "written": sorted(published.written),
            "unchanged": len(published.unchanged),
            "removed": sorted(published.removed),
        }
    )
    invocation.say(
        f"{site}: {len(published.written)} files written, "
        f"{len(published.unchanged)} unchanged, {len(published.removed)} removed"
    )


def _build_anew(
    invocation: Invocation, tell: Callable[[Sequence[Finding]], None]
) -> Published:
    """Read the newsletter as it is now, tell of the errors in it, and build its site."""
    newsletter = Newsletter(invocation.folder)
    tell(newsletter.obstacles)
    return build(newsletter, invocation)


def build(newsletter: Newsletter, invocation: Invocation) -> Published:
    """Plan the site, and make and publish what the folder does not hold yet."""
    out = newsletter.folder / "out"
    contents = newsletter.contents
    editions = newsletter.editions
    with progress("rendering", len(editions)) as advance:
        contents.ahead(editions, advance=advance)
    files = plan_site(
        newsletter.issues,
        contents,
        publication=newsletter.publication,
        look=newsletter.look,
        now=invocation.now,
        options=SiteOptions(
            feeds=newsletter.settings.feeds,
            redirects=newsletter.settings.redirects,
            memory=out / "cache" / "summaries.json",
        ),
    )
    newsletter.assets.keep()
    newsletter.known_posts.keep()
    published = publish(files, out / "site")
    size = newsletter.settings.feeds.size
    list_out(too_long(files, out / "site", size))
    return published
