"""``distribute audience list, add, remove, tag``: the subscribers one by one."""

from collections.abc import Iterable
from dataclasses import replace

import click

from distribute.audience.admission import Verdict
from distribute.audience.columns import format_languages, parse_languages
from distribute.audience.consent import Act, Consent
from distribute.audience.records import as_json
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.tags import format_tags, parse_tags
from distribute.cli.audience.choosing import (
    language_named,
    settings_of,
    status_named,
    store_to_join,
)
from distribute.cli.invocation import Invocation, json_option
from distribute.cli.mailing.mailing import not_on_the_list, open_store
from distribute.cli.mailing.segments import segment_named, segment_option
from distribute.cli.terminal.report import table
from distribute.cli.terminal.words import counted
from distribute.mailbox import Mailbox

_SOURCE = "command line"


@click.command("list")
@click.option("--status", type=click.Choice([str(s) for s in Status]))
@click.option("--lang", metavar="TAG", help="Only those who wish for this language.")
@segment_option
@json_option
@click.pass_obj
def list_(
    invocation: Invocation, status: str | None, lang: str | None, segment: str | None
) -> None:
    """Show the subscribers."""
    settings = settings_of(invocation)
    with open_store(settings) as store:
        people = list(
            store.subscribers(
                status=status_named(status),
                language=language_named(lang),
                segment=segment_named(settings, segment),
            )
        )
    invocation.answer({"subscribers": [as_json(person) for person in people]})
    rows = [
        [
            person.mailbox.address,
            format_languages(person.languages, only_these=person.only_these) or "-",
            _standing(person),
            format_tags(person.tags) or "-",
            person.mailbox.name,
        ]
        for person in people
    ]
    for line in table(rows, head=["address", "languages", "status", "tags", "name"]):
        invocation.say(line)
    invocation.say(counted(len(people), "subscriber"))


@click.command("add")
@click.argument("address")
@click.option("--name", default="", help="Display name.")
@click.option("--languages", default="", metavar="TAGS", help="'pt-BR; en', or 'fr!'.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Give them this tag.")
@json_option
@click.pass_obj
def add(
    invocation: Invocation,
    address: str,
    name: str,
    languages: str,
    tags: tuple[str, ...],
) -> None:
    """Add ADDRESS, or bring its name and languages up to date.

    You answer for it that they want it, and that is noted. Whoever has left or is
    suppressed stays away, but somebody who bounced is put back on the list: say so if
    their mailbox exists after all.
    """
    wishes, only_these = parse_languages(languages)
    person = Subscriber(
        mailbox=Mailbox.parse(address, name=name),
        languages=wishes,
        only_these=only_these,
        source=_SOURCE,
        tags=parse_tags(";".join(tags)),
    )
    with (
        store_to_join(invocation, settings_of(invocation)) as store,
        store.transaction(),
    ):
        admission = store.add(person, by=_SOURCE, now=invocation.now)
        if admission.verdict in {Verdict.ADDED, Verdict.UPDATED}:
            store.note_consent(person.mailbox.key, _consent(Act.ADDED, invocation))
    document = {"verdict": str(admission.verdict), "reason": admission.reason}
    invocation.answer(document | as_json(admission.subscriber))
    why = f" ({admission.reason})" if admission.reason else ""
    invocation.say(f"{admission.subscriber.mailbox}: {admission.verdict}{why}")


@click.command("remove")
@click.argument("address")
@json_option
@click.pass_obj
def remove(invocation: Invocation, address: str) -> None:
    """Unsubscribe ADDRESS for good: no import brings it back.

    They can come back by themselves. `audience suppress` sees to it that nothing at all
    is sent to an address any more, `audience forget` that nothing is known about it.
    """
    key = Mailbox.parse(address).key
    with open_store(settings_of(invocation)) as store, store.transaction():
        person = store.get(key)
        if person is None:
            raise not_on_the_list(address)
        if person.status.may_leave:
            person = replace(person, status=Status.UNSUBSCRIBED)
            store.put(person, by=_SOURCE, now=invocation.now)
            store.note_consent(key, _consent(Act.LEFT, invocation))
    invocation.answer({"address": address, "status": str(person.status)})
    invocation.say(f"{address}: {person.status}")


@click.command("tag")
@click.argument("addresses", metavar="ADDRESS...", nargs=-1, required=True)
@click.option("--add", "added", multiple=True, metavar="TAGS", help="Give these tags.")
@click.option("--remove", "removed", multiple=True, metavar="TAGS", help="Take these.")
@json_option
@click.pass_obj
def tag(
    invocation: Invocation,
    addresses: tuple[str, ...],
    added: tuple[str, ...],
    removed: tuple[str, ...],
) -> None:
    """Give tags to people, or take them.

    Without --add and --remove their tags are shown. Several tags stand with a comma or
    semicolon between them. Nobody is changed unless all of the addresses are on the list.
    """
    mailboxes = [Mailbox.parse(address) for address in addresses]
    more, fewer = (set(parse_tags(";".join(each))) for each in (added, removed))
    with open_store(settings_of(invocation)) as store, store.transaction():
        people = []
        for mailbox in mailboxes:
            person = store.get(mailbox.key)
            if person is None:
                raise not_on_the_list(mailbox.address)
            people.append(retagged(person, more, fewer))
            store.put(people[-1], by=_SOURCE, now=invocation.now)
    invocation.answer({"subscribers": [as_json(person) for person in people]})
    for person in people:
        invocation.say(f"{person.mailbox}: {format_tags(person.tags) or 'no tags'}")


def retagged(
    person: Subscriber, more: Iterable[str], fewer: Iterable[str]
) -> Subscriber:
    """Give somebody more tags and fewer; raises `AudienceError` for too many."""
    tags = {*person.tags, *more}.difference(fewer)
    return replace(person, tags=parse_tags(format_tags(sorted(tags))))


def _standing(person: Subscriber) -> str:
    if person.paused_until:
        return f"{person.status}, pauses until {person.paused_until}"
    return str(person.status)


def _consent(act: Act, invocation: Invocation) -> Consent:
    return Consent(at=invocation.now, act=act, source=_SOURCE)
