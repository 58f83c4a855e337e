"""For whom a campaign begins, where it is not for everybody: a late edition, a correction."""

from collections.abc import Callable

from distribute.audience.database.connection import Connection
from distribute.audience.database.database import explained
from distribute.campaign.ledger.agenda import pursue
from distribute.campaign.ledger.due import Due
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.plan.extra import (
    gather,
    invitations,
    invite,
    issue_campaign,
    say,
)
from distribute.cli.mailing.mailing import Mailing


def gather_guests(mailing: Mailing, ledger: SqliteLedger) -> None:
    """Find out for whom a mailing is to begin; everybody may write meanwhile."""
    campaign, place = mailing.campaign_id, mailing.newsletter.settings.database
    begun = {each.id for each in ledger.begun(issue_campaign(campaign))}
    if not mailing.among or campaign in begun:
        return
    with (
        explained(place),
        Due(place, sink=ledger.sink, campaign=campaign, among=mailing.among) as due,
    ):
        guests = invitations(due.everybody(), mailing.choices)
        gather(ledger.connection, guests)


def noting(
    mailing: Mailing, sink: str, pursued: str | None
) -> Callable[[Connection, int], None]:
    """Make what writes down for whom it begins, in the transaction in which it does.

    Also for whom to go on with it: a run may be killed before it comes to anything.
    """

    def note(connection: Connection, campaign: int) -> None:
        pursue(connection, pursued, sink=sink, campaign=mailing.campaign_id)
        if mailing.among:
            invite(connection, campaign)
            say(connection, campaign, mailing.words)

    return note
