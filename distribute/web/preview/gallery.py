"""Write the gallery: a page per issue, and beside it what a browser opens by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from distribute.web.file import SiteFile
from distribute.web.fingerprint import fingerprint_of
from distribute.web.preview.exhibit import Exhibit
from distribute.web.preview.memory import remember_past
from distribute.web.preview.page import page_of
from distribute.web.preview.pictures import FOLDER, at_hand, own_pictures
from distribute.web.preview.room import House, Room
from distribute.web.preview.variants import (
    Mode,
    as_file,
    variant_of,
    with_remote_pictures,
    without_pictures,
)
from distribute.web.publish.publish import publish
from distribute.web.site.assets import plan_assets

_DEPTH = 3
"""Folders between the gallery's page and the file of a variant."""


def write_gallery(rooms: Sequence[Room], house: House) -> Path:
    """Write the gallery of these issues to ``out/preview``; gives the page of the first.

    May be called again and again: only what differs is written, each file in one step,
    and what an earlier gallery left is removed. Whatever else lies there stays. Raises
    `DistributeError` if a template is broken or the disk fails.
    """
    named = [
        ("index.html" if number == 0 else f"{room.name}.html", room)
        for number, room in enumerate(rooms)
    ]
    files = [*_pages(named, house), *_pictures(rooms, house)]
    files += [file for room in rooms for file in _beside(room, house)]
    publish(files, house.gallery)
    for room in rooms:
        past = {each.edition.language.tag: each.past for each in room.exhibits}
        remember_past(house.memory(room.issue), past)
    return house.gallery / "index.html"


def _pages(named: Sequence[tuple[str, Room]], house: House) -> Iterator[SiteFile]:
    for name, room in named:
        yield _file(name, page_of(room, named, house))


def _pictures(rooms: Sequence[Room], house: House) -> Iterator[SiteFile]:
    """Copy what the mails show of the newsletter's own."""
    addresses = {
        address
        for room in rooms
        for exhibit in room.exhibits
        for address in _shown(exhibit, house)
    }
    for file in plan_assets(
        addresses, folder=house.folder, publication=house.publication
    ):
        yield replace(file, path=f"{FOLDER}/{file.path}", lasting=False)


def _shown(exhibit: Exhibit, house: House) -> Iterator[str]:
    yield from own_pictures(exhibit.html, house.publication)
    if exhibit.entry:
        yield from own_pictures(exhibit.entry.entry.content, house.publication)
        if image := exhibit.entry.entry.image:
            yield image.url


def _beside(room: Room, house: House) -> Iterator[SiteFile]:
    """Write what can be opened without the page, or where no script runs."""
    for exhibit in room.exhibits:
        folder = f"frames/{room.name}/{exhibit.tag}"
        for name, document in _variants(exhibit, house).items():
            yield _file(f"{folder}/{name}.html", as_file(document, _DEPTH))
        yield _file(f"{folder}/source.txt", exhibit.html)
        if message := exhibit.envelope.message:
            path = f"{folder}/{room.name}-{exhibit.tag}.eml"
            yield SiteFile(
                path=path,
                fingerprint=fingerprint_of(message),
                make=partial(bytes, message),
            )


def _variants(exhibit: Exhibit, house: House) -> Mapping[str, str]:
    variants = {str(mode): document for mode, document in exhibit.variants.items()}
    remote = at_hand(exhibit.html, house.publication, remote=True)
    return variants | {
        "off": without_pictures(variants[Mode.LIGHT]),
        "remote": with_remote_pictures(variant_of(remote, Mode.LIGHT)),
        "remote-dark": with_remote_pictures(variant_of(remote, Mode.DARK)),
    }


def _file(path: str, text: str) -> SiteFile:
    content = text.encode("utf-8", "replace")
    return SiteFile(
        path=path, fingerprint=fingerprint_of(content), make=lambda: content
    )
