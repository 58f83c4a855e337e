"""The mailing of one issue: what `plan` and `send` work with."""

import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from urllib.parse import urlsplit

from distribute.audience.store import Store
from distribute.audience.token import KEY_SIZE, Signer
from distribute.campaign.campaign import (
    Campaign,
    Delivery,
    Outcome,
    Plan,
    Sender,
)
from distribute.campaign.ledger import SqliteLedger
from distribute.campaign.message import Composer
from distribute.campaign.plan import campaign_id, plan_campaign
from distribute.cli.newsletter import Newsletter
from distribute.config.settings import FILE_NAME, Settings
from distribute.editions.edition import Issue
from distribute.errors import AudienceError, ConfigError, PlanError
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.document import Email
from distribute.render.email import render_email


def open_store(settings: Settings) -> Store:
    """Open the list of subscribers, which must have been begun by an import."""
    if not settings.database.exists():
        raise AudienceError(
            "there are no subscribers yet",
            hint="Bring them in with `distribute audience import FILE.csv`.",
        )
    return Store.open(settings.database)


def not_on_the_list(address: str) -> AudienceError:
    """Word the error about somebody whom the store does not know."""
    return AudienceError(
        f"{address} is not on the list",
        hint="`distribute audience list` shows who is.",
    )


class Mailing:
    """One issue on its way to the audience."""

    def __init__(self, newsletter: Newsletter, issue: Issue, store: Store) -> None:
        self.newsletter = newsletter
        self.issue = issue
        self.store = store

    @property
    def campaign_id(self) -> str:
        """What the ledger knows this mailing by."""
        return campaign_id(self.issue)

    @property
    def tried_again(self) -> frozenset[Outcome]:
        """Outcomes that the settings want tried again although nobody looked at them."""
        resend = self.newsletter.settings.on_uncertain == "resend"
        return frozenset({Outcome.UNCERTAIN} if resend else ())

    @cached_property
    def sender(self) -> Sender:
        """Who it comes from; without a sender and a postal address nothing is sent."""
        settings = self.newsletter.settings
        problems = []
        if settings.sender is None:
            problems.append("[sender] is missing: say who the newsletter comes from")
        if not settings.publication.address:
            problems.append(
                "newsletter.address is missing: mail needs a postal address"
            )
        if problems or settings.sender is None:
            place = self.newsletter.folder / FILE_NAME
            raise ConfigError(
                tuple(f"{place}: {problem}" for problem in problems),
                hint="Nothing was sent. `distribute init DIR` makes a file to copy from.",
            )
        return settings.sender

    @cached_property
    def emails(self) -> Mapping[Language, Email]:
        """Each edition as an e-mail, rendered once."""
        newsletter = self.newsletter
        return {
            language: render_email(
                edition,
                newsletter.content(edition),
                self.issue,
                publication=newsletter.publication,
                theme=newsletter.theme,
            )
            for language, edition in self.issue.editions.items()
        }

    @cached_property
    def signer(self) -> Signer:
        """Signs the personal links, with the key of the environment or of the store."""
        name = self.newsletter.settings.key_env
        if not name:
            return Signer(self.store.signing_key(secrets.token_bytes(KEY_SIZE)))
        key = os.environ.get(name, "")
        if not key:
            raise ConfigError(
                (f"the environment variable {name} is empty",),
                hint="It holds the key that signs links; see [public] key_env.",
            )
        return Signer(key.encode())

    def plan(self, ledger: SqliteLedger) -> Plan:
        """Decide who gets which edition, given what the ledger knows of before."""
        delivered = ledger.recipients(self.campaign_id)
        digests = {
            language: sha256(f"{email.html}\0{email.text}".encode()).hexdigest()
            for language, email in self.emails.items()
        }
        return plan_campaign(
            self.issue,
            self.store.subscribers(),
            publication=self.newsletter.publication,
            delivered={
                key: outcome
                for key, outcome in delivered.items()
                if outcome not in self.tried_again
            },
            contents=digests,
        )

    def campaign(self, started: datetime) -> Campaign:
        """Describe the sending; `started` becomes the Date of every message."""
        publication = self.newsletter.publication
        return Campaign(
            id=self.campaign_id,
            issue=self.issue.id,
            sender=self.sender,
            list_id=urlsplit(publication.url).hostname or "",
            list_name=publication.title,
            started=started,
        )

    def unsubscribe_url(self, mailbox: Mailbox) -> str:
        """Give the personal link that ends a subscription."""
        token = self.signer.unsubscribe(mailbox)
        return f"{self.newsletter.settings.public_url}/u/{token}"

    def writer(self, campaign: Campaign) -> "Writer":
        """Begin to write the messages of a campaign."""
        return Writer(self, campaign)

    def edition_language(self, tag: str) -> Language:
        """Read the language of one of the issue's editions."""
        language = Language.parse(tag)
        if language not in self.issue.editions:
            there = ", ".join(known.tag for known in self.issue.editions)
            raise PlanError(
                f"issue {self.issue.id} has no edition in {language}",
                hint=f"It has {there}.",
            )
        return language


class Writer:
    """Writes the messages of a campaign, with what an edition's share written once."""

    def __init__(self, mailing: Mailing, campaign: Campaign) -> None:
        self._mailing = mailing
        self._campaign = campaign
        self._composers: dict[Language, Composer] = {}

    def __call__(self, delivery: Delivery) -> bytes:
        """Write the message of one delivery."""
        return self._composer(delivery.language).compose(
            delivery,
            unsubscribe_url=self._mailing.unsubscribe_url(delivery.subscriber.mailbox),
        )

    def _composer(self, language: Language) -> Composer:
        if language not in self._composers:
            publication = self._mailing.newsletter.publication
            self._composers[language] = Composer(
                self._campaign,
                self._mailing.emails[language],
                archive_url=self._mailing.issue.editions[language].url,
                list_archive_url=publication.home_url(language),
            )
        return self._composers[language]
