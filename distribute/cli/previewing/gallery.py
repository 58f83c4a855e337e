"""What all pages of a gallery have in common, by the settings of its newsletter."""

from distribute.checks.rulebook import RULEBOOK
from distribute.cli.invocation import Invocation
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.web.preview.room import House


def house_of(newsletter: Newsletter, invocation: Invocation) -> House:
    """Gather it."""
    return House(
        folder=newsletter.folder,
        publication=newsletter.publication,
        rulebook=RULEBOOK,
        now=invocation.now,
        feeds=newsletter.settings.feeds,
    )
