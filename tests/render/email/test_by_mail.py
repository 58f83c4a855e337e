"""A newsletter that readers write to says in each mail how they pause."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.document import Content
from distribute.render.email.email import render_email
from distribute.render.theme.theme import Theme
from tests.render.email.mails import TAGS, TEXT


@pytest.mark.parametrize("tag", TAGS)
def test_the_link_says_what_to_write(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
    tag: str,
) -> None:
    """In both texts; where there are pages to choose on it says nothing of it."""
    issue, word = make_issue(), "pause 30"
    by_mail = replace(publication, joins_by=Mailbox("news@example.org"))
    for place, is_said in ((by_mail, True), (publication, False)):
        made = render_email(
            issue.editions[Language(tag)],
            make_content(),
            issue,
            text=TEXT,
            publication=place,
            theme=theme,
        )
        assert (word in made.text.replace("\xa0", " ")) is is_said
        assert (word in made.html.replace("\xa0", " ")) is is_said
