"""The pages of a newsletter in eight languages."""

import pytest

from distribute.editions.publication import Publication
from distribute.render.public.pages import PublicPages
from distribute.render.theme.theme import Theme


@pytest.fixture(scope="session")
def pages(publication: Publication, theme: Theme) -> PublicPages:
    """Make them all alike."""
    return PublicPages(publication, theme)
