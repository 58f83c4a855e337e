"""A correction: the edition as it is now, with a note above it."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Content, Email
from distribute.render.email.correction import Corrector
from distribute.render.email.personal import Slot, token
from distribute.render.theme.files import read_presets
from distribute.render.theme.preset import presets_among
from distribute.render.theme.theme import Theme, style_of
from tests.render.email.mails import TAGS, TEXT

PRESETS = read_presets(Path("nowhere"))
WORDS = "It was <b>ten</b> & not nine.\n\nThank you,\nAna."
Correct = Callable[..., Email]


@pytest.fixture
def correct(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> Correct:
    """Render the correction of one edition."""

    def corrected(
        tag: str = "en", *, words: str = WORDS, preset: str = "letter"
    ) -> Email:
        issue = make_issue()
        look = replace(theme, style=style_of(PRESETS, preset))
        return Corrector(publication, look).render(
            issue.editions[Language(tag)],
            make_content(),
            issue,
            text=TEXT,
            words=words,
        )

    return corrected


@pytest.mark.parametrize("tag", TAGS)
def test_a_correction_says_so_in_the_language_of_the_edition(
    correct: Correct, theme: Theme, tag: str
) -> None:
    """In its subject, and above the note in both parts."""
    email = correct(tag)
    say = theme.catalogue(Language(tag)).say
    title = say("correction.title", {})
    assert title in email.subject
    for part in (unescape(email.html), email.text):
        note = part.rindex("not nine.")
        assert part.rindex(title, 0, note) < note
        assert note < part.index(say("correction.below", {}))


def test_a_note_is_text_and_nothing_else(correct: Correct) -> None:
    """Whatever it looks like: no tag in it is one, and no token is put in for a reader."""
    email = correct()
    assert "<b>ten</b>" not in email.html
    assert "It was &lt;b&gt;ten&lt;/b&gt; &amp; not nine." in email.html
    assert "It was <b>ten</b> & not nine.\n\nThank you, Ana.\n" in email.text
    other = correct(words=f"Dear {token(Slot.ADDRESS, email.salt)}")
    assert other.salt != email.salt


def test_the_note_stands_before_the_text(correct: Correct) -> None:
    """And behind the subject in an inbox."""
    email = correct()
    assert email.text.index("not nine.") < email.text.index(TEXT.strip())
    preheader = email.html[email.html.index('class="preheader"') :]
    assert preheader.index("not nine.") < preheader.index("</div>")


@pytest.mark.parametrize("preset", presets_among(PRESETS))
def test_the_note_is_set_apart_in_every_look(correct: Correct, preset: str) -> None:
    """In a box of its own colour, also where writing runs from the right."""
    for tag in ("en", "ar"):
        html = correct(tag, preset=preset).html
        start = html.rindex("<td", 0, html.rindex("not nine."))
        assert "background-color:#" in html[start : html.index(">", start)]


def test_a_long_note_is_wrapped(correct: Correct) -> None:
    """Like the rest of the text part."""
    email = correct(words="word " * 200)
    assert max(map(len, email.text.split("\n\n----")[0].splitlines()[-20:])) <= 72


def test_the_title_of_the_edition_stays_what_it_is(correct: Correct) -> None:
    """The subject alone says that it comes again."""
    email = correct()
    title = email.subject.removeprefix("Correction: ")
    assert email.subject == f"Correction: {title}"
    assert email.text.startswith(title)
