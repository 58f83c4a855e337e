"""What is kept from one preview to the next is what would have been made anew."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from distribute.cli.invocation import Invocation
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.previewing.gallery import house_of
from distribute.cli.previewing.retained import Retained
from distribute.web.preview.exhibit import Exhibit
from distribute.web.preview.room import Room

_NOW = datetime(2026, 11, 6, tzinfo=UTC)
ENGLISH = "posts/2026-10-09-the-village-that-switched-off.en.md"


def _room(retained: Retained, folder: Path) -> Room:
    """Lay the latest issue out, by what is kept."""
    newsletter = Newsletter(folder)
    retained.take_up(newsletter)
    house = house_of(newsletter, Invocation(folder, as_json=False, now=_NOW))
    return retained.room(newsletter, newsletter.issues[0], house)


def _shown(exhibit: Exhibit) -> tuple[object, ...]:
    return (
        exhibit.line,
        exhibit.html,
        exhibit.text,
        exhibit.variants,
        exhibit.envelope,
        exhibit.measures,
        exhibit.source,
        exhibit.remarks,
        exhibit.entry,
    )


def _other(folder: Path) -> str:
    """Name the other edition's post."""
    (found,) = (
        path.relative_to(folder).as_posix()
        for path in folder.glob("posts/2026-10-09*")
        if path.name != Path(ENGLISH).name
    )
    return found


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (ENGLISH, "\n\n", "\n\nA sentence more.\n\n"),
        (ENGLISH, "---\n", "---\nextra: one\n"),
        (ENGLISH, "title: ", "title: New "),
        (ENGLISH, "excerpt: ", "excerpt: New "),
        ("other", "\n\n", "\n\n![](https://example.org/x.png)\n\n"),
        ("other", "title: ", "title: New "),
        ("distribute.toml", "Lights Out", "Dim Light"),
        ("distribute.toml", "Europe/Berlin", "Asia/Tokyo"),
        ("authors.yml", ": ", ": Changed "),
    ],
)
def test_after_any_change_all_is_as_if_made_anew(
    small: Path, name: str, old: str, new: str
) -> None:
    """In the edition that has changed, and in the other that shows something of it."""
    retained = Retained()
    _room(retained, small)
    path = small / (_other(small) if name == "other" else name)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    kept, anew = _room(retained, small), _room(Retained(), small)
    assert [_shown(each) for each in kept.exhibits] == [
        _shown(each) for each in anew.exhibits
    ]
    assert kept.remarks == anew.remarks


def test_a_changed_template_and_a_lost_edition_are_seen(small: Path) -> None:
    """Then nothing of before holds, or no more than the rest."""
    retained = Retained()
    _room(retained, small)
    own = small / "templates" / "email" / "inlined.css"
    own.parent.mkdir(parents=True)
    own.write_text("p { color: #123456 }\n", encoding="utf-8")
    assert "#123456" in _room(retained, small).exhibits[0].html
    (small / _other(small)).unlink()
    kept, anew = _room(retained, small), _room(Retained(), small)
    assert len(kept.exhibits) == 1
    assert _shown(kept.exhibits[0]) == _shown(anew.exhibits[0])


def test_what_did_not_change_is_not_made_again(small: Path) -> None:
    """The other edition's mail is the very one of before."""
    retained = Retained()
    before = {each.tag: each.envelope for each in _room(retained, small).exhibits}
    path = small / ENGLISH
    path.write_text(f"{path.read_text('utf-8')}\nMore.\n", encoding="utf-8")
    after = {each.tag: each.envelope for each in _room(retained, small).exhibits}
    same = [tag for tag in after if after[tag].message is before[tag].message]
    assert same == [tag for tag in after if tag != "en"]
