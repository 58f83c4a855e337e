"""Whom the mails come from, where nothing goes out without."""

from distribute.campaign.sender import Sender
from distribute.config.settings import FILE_NAME, Settings
from distribute.errors import ConfigError


def sender_of(settings: Settings) -> Sender:
    """Say whom mails come from; raises `ConfigError` without a sender and an address."""
    problems = []
    if settings.sender is None:
        problems.append("[sender] is missing: say who the newsletter comes from")
    if not settings.publication.address:
        problems.append("newsletter.address is missing: mail needs a postal address")
    if problems or settings.sender is None:
        place = settings.folder / FILE_NAME
        raise ConfigError(
            tuple(f"{place}: {problem}" for problem in problems),
            hint="`distribute init DIR` makes a file to copy from.",
        )
    return settings.sender
