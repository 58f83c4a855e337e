"""Where the pages of the site lead those who want to subscribe."""

from dataclasses import replace

from distribute.campaign.sender import Sender
from distribute.config.interpreter import Interpreter
from distribute.config.tables import PublicTable
from distribute.config.values import parse_contact
from distribute.editions.publication import Publication


def with_joining(
    publication: Publication,
    table: PublicTable,
    public_url: str,
    sender: Sender | None,
    reader: Interpreter,
) -> Publication:
    """Say where people join: at our own form, or by writing to the sender.

    A newsletter without a sender is read in feeds alone, so there is nothing to join.
    """
    privacy = reader.take("public.privacy", parse_contact, table.privacy or None)
    publication = replace(publication, privacy=privacy or "")
    if sender is None:
        return publication
    if table.answers == "mail":
        return replace(publication, joins_by=sender.reply_to or sender.mailbox)
    return replace(publication, joins_at=f"{public_url}/subscribe")
