"""The proofs of an issue, by the settings of its newsletter."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from distribute.campaign.campaign import Campaign
from distribute.campaign.plan.plan import campaign_id
from distribute.checks.proof import Proof
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.editions.edition import Edition, Issue
from distribute.render.content.surroundings import surroundings_of

Known = Callable[[Issue, Edition], Proof | None]
"""Gives the proof of an edition where one is at hand that still holds."""


def _none_known(_issue: Issue, _edition: Edition) -> Proof | None:
    return None


def proofs_of(
    newsletter: Newsletter, issue: Issue, now: datetime, *, known: Known = _none_known
) -> tuple[Proof, ...]:
    """Make the proofs of an issue, in the order of its languages, but for those `known`."""
    publication = newsletter.publication
    surroundings = surroundings_of(publication, newsletter.issues)
    return tuple(
        known(issue, edition)
        or Proof(
            edition=edition,
            issue=issue,
            publication=publication,
            surroundings=surroundings,
            theme=newsletter.theme,
            content=newsletter.content(edition),
            campaign=_campaign(newsletter, issue, now),
            public_url=newsletter.settings.public_url,
            is_signed=newsletter.settings.dkim is not None,
            clients=newsletter.settings.check.clients,
        )
        for edition in issue.editions.values()
    )


def _campaign(newsletter: Newsletter, issue: Issue, now: datetime) -> Campaign | None:
    sender = newsletter.settings.sender
    if sender is None:
        return None
    publication = newsletter.publication
    return Campaign(
        id=campaign_id(issue),
        issue=issue.id,
        sender=sender,
        list_id=urlsplit(publication.url).hostname or "",
        list_name=publication.title,
        started=now,
        by_mail=newsletter.settings.answers == "mail",
    )
