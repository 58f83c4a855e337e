"""``distribute demo``: the sample newsletter, built and sent to files."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from distribute.campaign.campaign import State
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.cli.audience.importing import import_file, summary_of
from distribute.cli.build import build
from distribute.cli.invocation import Invocation, json_option
from distribute.cli.mailing.mailing import Mailing, open_store
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.outlets import SINKS, mail_folder
from distribute.cli.newsletter.sample import copy_sample, is_sample
from distribute.cli.sending.account import Account
from distribute.cli.sending.orders import Orders
from distribute.cli.sending.sending import Sending
from distribute.cli.terminal.report import table
from distribute.editions.edition import Issue
from distribute.errors import ConfigError
from distribute.language import Language


@click.command("demo")
@click.argument("directory", metavar="[DIR]", default="out/demo")
@json_option
@click.pass_obj
def command(invocation: Invocation, directory: str) -> None:
    """Write the sample newsletter to DIR, build it, and send its latest issue to files.

    Nothing leaves this machine. DIR is out/demo unless you say otherwise.
    """
    folder = invocation.folder / directory
    _refuse_strangers(folder)
    copy_sample(folder)
    newsletter = Newsletter(folder)
    here = Invocation(folder, invocation.as_json, _show_time(invocation, newsletter))
    build(newsletter, here)
    imported = import_file(here, folder / "subscribers.csv")
    issue = newsletter.issue("latest")
    with open_store(newsletter.settings, heed_at=here.now) as store:
        mailing = Mailing(newsletter, issue, store)
        with SqliteLedger(newsletter.settings.database, SINKS[0]) as ledger:
            account = Sending(here, mailing, ledger, Orders()).carry_out()
            counts = ledger.counts(mailing.campaign_id)
    languages = {tag: ends.get(State.ACCEPTED, 0) for tag, ends in counts.items()}
    invocation.answer(_document(newsletter, issue, account, languages))
    invocation.say(f"A newsletter of {len(newsletter.issues)} issues lies in {folder}.")
    invocation.say(f"Its subscribers: {summary_of(imported)}.")
    invocation.say(f"Its issue {issue.id}, sent to files: {account.summary()}")
    for line in _by_language(languages):
        invocation.say(line)
    for line in _signposts(newsletter, issue):
        invocation.say(line)


def _show_time(invocation: Invocation, newsletter: Newsletter) -> datetime:
    """Give an instant at which all of the sample is out, even where clocks are slow."""
    return max(invocation.now, *(edition.published for edition in newsletter.editions))


def _document(
    newsletter: Newsletter,
    issue: Issue,
    account: Account,
    languages: Mapping[Language, int],
) -> dict[str, object]:
    out = newsletter.folder / "out"
    return {
        "folder": str(newsletter.folder),
        "issues": len(newsletter.issues),
        "site": str(out / "site"),
        "mail": str(out / "mail"),
        "issue": issue.id,
        "sent": account.accepted,
        "by_language": {tag.tag: count for tag, count in languages.items()},
    }


def _by_language(languages: Mapping[Language, int]) -> list[str]:
    rows = [[f"  {tag.autonym}", f"{count}"] for tag, count in languages.items()]
    return list(table(rows, head=["  edition", "messages"])) if rows else []


def _signposts(newsletter: Newsletter, issue: Issue) -> list[str]:
    folder = newsletter.folder
    site, mail = folder / "out" / "site", mail_folder(newsletter).folder_of(issue.id)
    rows = [
        [f"  {site / 'index.html'}", "the archive, for a browser"],
        [f"  {site / 'feeds.opml'}", "all feeds, for a feed reader"],
        [f"  {mail}", "the messages, for a mail program"],
        [f"  distribute -C {folder} status", "which translations there are"],
        [f"  distribute -C {folder} plan latest", "who gets what, and why"],
    ]
    return ["", *table(rows, head=["Look at", ""])]


def _refuse_strangers(folder: Path) -> None:
    """Keep off a folder that holds anything but an earlier demo."""
    if not folder.exists() or is_sample(folder):
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise ConfigError(
            (f"{folder} holds something else",),
            hint="Nothing was written. Name another folder: distribute demo DIR.",
        )
