"""``distribute preview``: a gallery to look at, before anybody gets it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from distribute.cli.checking.examination import examine_issue
from distribute.cli.invocation import (
    Invocation,
    complain_aside,
    error_document,
    json_option,
)
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.proofs import proofs_of
from distribute.cli.previewing.gallery import house_of
from distribute.cli.terminal.progress import progress
from distribute.cli.terminal.report import mention
from distribute.editions.edition import Issue
from distribute.web.preview.exhibit import Exhibit
from distribute.web.preview.gallery import write_gallery
from distribute.web.preview.remarks import Tally
from distribute.web.preview.room import House, Room, room_of


@click.command("preview")
@click.argument("issue", required=False, default="latest")
@click.option("--all", "every", is_flag=True, help="Show every issue.")
@click.option("--serve", "serves", is_flag=True, help="Show it anew on every change.")
@click.option("--port", type=click.IntRange(0, 65535), help="Where to serve it.")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@click.option("--png", "draws", is_flag=True, help="Write pictures of the mails too.")
@json_option
@click.pass_obj
def command(invocation: Invocation, /, issue: str, every: bool, **wanted: Any) -> None:
    """Show an issue as inboxes, mail programs and feed readers will, in all languages.

    ISSUE is a number, `latest`, or a post's path. The gallery is out/preview/index.html;
    it needs no network. What is wrong stands beside what it concerns, and does not
    change the exit status.

    With --serve a browser on this machine shows it, and anew whenever a post, a template
    or the settings are saved; mistakes are shown there too, until they are mended. With
    --png pictures of each mail, on a phone and a desktop, light and dark, are written to
    out/preview/png, if Chromium is installed.
    """
    _refuse_nonsense(invocation, every=every, **wanted)
    if wanted["serves"]:
        from distribute.cli.previewing.showing import keep_showing

        keep_showing(invocation, issue, port=wanted["port"], opens=wanted["opens"])
        return
    newsletter = Newsletter(invocation.folder)
    mention(newsletter.obstacles)
    chosen = newsletter.issue(issue)
    issues = list(newsletter.issues) if every else [chosen]
    house = house_of(newsletter, invocation)
    rooms = rooms_of(newsletter, issues, house)
    page = write_gallery(rooms, house)
    pictures = _draw(rooms, house) if wanted["draws"] else []
    newsletter.assets.keep()
    newsletter.known_posts.keep()
    invocation.answer(
        {
            "page": str(page),
            "pictures": [str(path) for path in pictures],
            "issues": [_document(room) for room in rooms],
        }
    )
    for room in rooms:
        if len(rooms) > 1:
            invocation.say(f"issue {room.issue.id}")
        _tell(invocation, room)
    if pictures:
        invocation.say(f"{pictures[0].parent}: {len(pictures)} pictures")
    invocation.say(f"{page}: open it in a browser")
    if wanted["opens"]:
        import webbrowser

        webbrowser.open(page.resolve().as_uri())


def _refuse_nonsense(
    invocation: Invocation, *, every: bool, serves: bool, draws: bool, **others: Any
) -> None:
    """Refuse options that contradict each other."""
    if serves and invocation.as_json:
        raise click.UsageError(
            "--serve goes on for ever, and --json is one document: leave out one of them"
        )
    if serves and (every or draws):
        raise click.UsageError("--serve shows one issue, and writes no pictures.")
    if others["port"] is not None and not serves:
        raise click.UsageError("--port goes with --serve.")


def rooms_of(
    newsletter: Newsletter, issues: Sequence[Issue], house: House
) -> list[Room]:
    """Lay out issues with all that is found about them."""
    editions = [edition for issue in issues for edition in issue.editions.values()]
    newsletter.contents.ahead(editions)
    rooms = []
    with progress("laying out", len(issues)) as advance:
        for issue in issues:
            proofs = proofs_of(newsletter, issue, house.now)
            report = examine_issue(newsletter, issue, proofs)
            rooms.append(room_of(issue, proofs, report, house))
            advance()
    return rooms


def _draw(rooms: Sequence[Room], house: House) -> list[Path]:
    """Take pictures of all mails in the gallery."""
    from distribute.web.preview.screenshots import Sitter, photograph

    sitters = [
        Sitter(
            house.gallery / "frames" / room.name / each.tag, f"{room.name}-{each.tag}"
        )
        for room in rooms
        for each in room.exhibits
    ]
    with progress("photographing", len(sitters)) as advance:
        return photograph(sitters, house.gallery / "png", advance=advance)


def _tell(invocation: Invocation, room: Room) -> None:
    for each in room.exhibits:
        size = f"{each.measures.html.size:,} of {each.measures.html.limit:,} octets"
        invocation.say(f"{each.edition.language.tag:8} {size}, {each.tally.words}")
    for missing in room.missing:
        invocation.say(f"{missing.edition.language.tag:8} cannot be shown")
        complain_aside(missing.error)


def _document(room: Room) -> dict[str, object]:
    return {
        "issue": room.issue.id,
        "findings": _counts(room.tally),
        "editions": {
            each.edition.language.tag: _edition(each) for each in room.exhibits
        },
        "missing": {
            each.edition.language.tag: error_document(each.error)
            for each in room.missing
        },
    }


def _edition(exhibit: Exhibit) -> dict[str, object]:
    measures = exhibit.measures
    return {
        "path": str(exhibit.edition.post.path),
        "subject": exhibit.line.subject,
        "preheader": exhibit.line.preheader,
        "html": {"octets": measures.html.size, "limit": measures.html.limit},
        "styles": {"characters": measures.styles.size, "limit": measures.styles.limit},
        "message": {"octets": measures.message},
        "words": measures.words,
        "links": measures.links,
        "pictures": measures.pictures,
        "remote_pictures": len(measures.remote),
        "findings": _counts(exhibit.tally),
    }


def _counts(tally: Tally) -> dict[str, int]:
    return {
        "errors": tally.errors,
        "warnings": tally.warnings,
        "notes": tally.notes,
    }
