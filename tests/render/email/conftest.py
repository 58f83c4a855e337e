"""Editions of an issue, rendered as e-mails."""

from collections.abc import Callable

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.render.document import Content, Email
from distribute.render.email.email import render_email
from distribute.render.theme.theme import Theme
from tests.render.email.mails import TEXT, Render


@pytest.fixture
def render(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> Render:
    """Render one edition of an issue, or of another one given."""

    def rendered(
        tag: str = "en",
        *,
        content: Content | None = None,
        text: str = TEXT,
        issue: Issue | None = None,
    ) -> Email:
        issue = issue or make_issue()
        edition = issue.editions[Language(tag)]
        return render_email(
            edition,
            content or make_content(),
            issue,
            text=text,
            publication=publication,
            theme=theme,
        )

    return rendered
