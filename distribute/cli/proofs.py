"""The proofs of an issue, by the settings of its newsletter."""

from datetime import datetime
from urllib.parse import urlsplit

from distribute.campaign.campaign import Campaign
from distribute.campaign.plan import campaign_id
from distribute.checks.proof import Proof
from distribute.cli.newsletter import Newsletter
from distribute.editions.edition import Issue
from distribute.render.surroundings import surroundings_of


def proofs_of(newsletter: Newsletter, issue: Issue, now: datetime) -> tuple[Proof, ...]:
    """Make the proofs of an issue, in the order of its languages."""
    publication = newsletter.publication
    surroundings = surroundings_of(publication, newsletter.issues)
    return tuple(
        Proof(
            edition=edition,
            issue=issue,
            publication=publication,
            surroundings=surroundings,
            theme=newsletter.theme,
            content=newsletter.content(edition),
            text=newsletter.text(edition),
            campaign=_campaign(newsletter, issue, now),
            public_url=newsletter.settings.public_url,
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
    )
