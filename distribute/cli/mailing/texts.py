"""Which text a delivery carried, and whether the edition still says that."""

from collections.abc import Mapping
from dataclasses import dataclass

from distribute.campaign.ledger.account import Account
from distribute.campaign.ledger.history import Record
from distribute.campaign.ledger.printing import text_digest
from distribute.campaign.plan.extra import issue_campaign
from distribute.campaign.plan.plan import campaign_id
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.editions.edition import Issue

_SHOWN = 8
"""Hexadecimal digits that tell the texts of an edition apart."""


@dataclass(frozen=True, slots=True)
class Text:
    """What the latest attempt at a delivery carried."""

    digest: str
    """See `text_digest`; empty if nobody noted it."""
    is_present: bool
    """Whether the edition still says that."""

    @property
    def words(self) -> str:
        """Say it to people; nothing if it is not known."""
        if not self.digest:
            return ""
        now = "as it is now" if self.is_present else "which has changed since"
        return f"text {self.digest[:_SHOWN]}, {now}"

    def document(self) -> dict[str, object]:
        """Give it to programs."""
        known = bool(self.digest)
        return {
            "text": self.digest if known else None,
            "text_is_present": self.is_present if known else None,
        }


class Texts:
    """Looks texts up in the ledger, and compares them with the posts."""

    def __init__(self, newsletter: Newsletter, account: Account) -> None:
        self._account = account
        self._issues: Mapping[str, Issue] = {
            campaign_id(issue): issue for issue in newsletter.issues
        }

    def of(self, record: Record) -> Text:
        """Tell about a delivery, from the account of any sink."""
        if not (record.attempts and record.language):
            return Text("", is_present=False)
        digest = self._account.text_of(record, record.attempts[-1])
        issue = self._issues.get(issue_campaign(record.campaign))
        edition = issue.editions.get(record.language) if issue else None
        is_present = edition is not None and text_digest(edition) == digest
        return Text(digest, is_present=is_present)
