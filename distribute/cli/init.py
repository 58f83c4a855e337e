"""``distribute init``: a starter newsletter, made from the sample."""

from pathlib import Path

import click

from distribute.cli.invocation import Invocation, json_option
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.sample import copy_sample
from distribute.editions.files import file_of
from distribute.errors import ConfigError


@click.command("init")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def command(invocation: Invocation, directory: Path) -> None:
    """Start a newsletter in DIR: settings, authors, and one issue to begin from."""
    folder = invocation.folder / directory
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(
            (f"{folder} is not an empty folder",),
            hint="Nothing was written. Name a folder that does not exist yet.",
        )
    copy_sample(folder)
    _keep_one_issue(folder)
    made = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    invocation.answer({"folder": str(folder), "files": made})
    invocation.say(f"A newsletter begins in {folder}: {len(made)} files.")
    invocation.say("Next:")
    invocation.say(f"  edit {folder / 'distribute.toml'} and {folder / 'posts'}/")
    invocation.say(f"  distribute -C {folder} status")
    invocation.say(f"  distribute -C {folder} build")


def _keep_one_issue(folder: Path) -> None:
    """Leave the posts of the issue with the most translations, the newest of those."""
    newsletter = Newsletter(folder)
    chosen = max(newsletter.issues, key=lambda issue: len(issue.editions))
    kept = {Path(edition.post.path).name for edition in chosen.editions.values()}
    for post in newsletter.reading.posts:
        if post.file_name.name not in kept:
            (folder / "posts" / post.file_name.name).unlink()
    (folder / "subscribers.csv").unlink(missing_ok=True)
    _keep_pictures(Newsletter(folder))


def _keep_pictures(newsletter: Newsletter) -> None:
    """Leave the pictures that the kept posts show."""
    publication = newsletter.publication
    contents = [newsletter.content(edition) for edition in newsletter.editions]
    shown = {file_of(url, publication) for each in contents for url in each.images}
    shown |= {file_of(edition.image, publication) for edition in newsletter.editions}
    for name in publication.files - shown:
        (newsletter.folder / name).unlink()
