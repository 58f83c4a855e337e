"""``distribute build``: feeds and archive pages in ``out/site``."""

import click

from distribute.cli.invocation import Invocation, json_option
from distribute.cli.newsletter import Newsletter
from distribute.cli.progress import progress
from distribute.cli.report import mention
from distribute.web.assets import read_assets
from distribute.web.publish import Published, publish
from distribute.web.site import build_site


@click.command("build")
@json_option
@click.pass_obj
def command(invocation: Invocation) -> None:
    """Make the site: a page per edition, an index and feeds per language."""
    newsletter = Newsletter(invocation.folder)
    mention(newsletter.obstacles)
    published = build(newsletter, invocation)
    site = newsletter.folder / "out" / "site"
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


def build(newsletter: Newsletter, invocation: Invocation) -> Published:
    """Render every edition and publish the site's files."""
    with progress("rendering", len(newsletter.editions)) as advance:
        contents = {}
        for edition in newsletter.editions:
            contents[edition.url] = newsletter.content(edition)
            advance()
    files = build_site(
        newsletter.issues,
        contents,
        publication=newsletter.publication,
        theme=newsletter.theme,
        now=invocation.now,
    )
    assets = read_assets(
        contents.values(),
        (edition.image for edition in newsletter.editions),
        folder=newsletter.folder,
        publication=newsletter.publication,
    )
    return publish({**assets, **files}, newsletter.folder / "out" / "site")
