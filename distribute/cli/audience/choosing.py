"""What the commands about the audience share: settings, and who is meant."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.cli.invocation import Invocation
from distribute.cli.newsletter.heeding import heed_suppressions
from distribute.cli.newsletter.ownership import refuse_strangers
from distribute.config.settings import FILE_NAME, Settings, read_settings
from distribute.language import Language


def settings_of(invocation: Invocation) -> Settings:
    """Read the settings of the newsletter that the command is about."""
    folder = invocation.folder
    return read_settings(folder, shown=folder / FILE_NAME, environment=os.environ)


@contextmanager
def store_to_join(invocation: Invocation, settings: Settings) -> Iterator[Store]:
    """Open the subscribers for whoever adds to them; there may be none yet.

    Nobody on the list of suppressions can be added to it. Raises `ConfigError` if the
    database is another newsletter's.
    """
    with Store.open(settings.database) as store:
        refuse_strangers(store, settings)
        heed_suppressions(settings, store, invocation.now)
        yield store


def status_named(text: str | None) -> Status | None:
    """Read the status that is asked for, if one is."""
    return None if text is None else Status(text)


def language_named(tag: str | None) -> Language | None:
    """Read the language that is asked for, if one is."""
    return None if tag is None else Language.parse(tag)
