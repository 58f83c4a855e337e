"""The mailing of one issue: what `plan`, `send` and `retry` work with."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from shlex import quote
from urllib.parse import urlsplit

from distribute.audience.database.database import is_begun
from distribute.audience.reception.token import Signer
from distribute.audience.store import Store
from distribute.campaign.campaign import Campaign, State
from distribute.campaign.ledger.printing import text_digest
from distribute.campaign.message.compiled import CompiledMessage, compile_message
from distribute.campaign.message.delivery_ids import DeliveryIds
from distribute.campaign.message.links import Linking
from distribute.campaign.plan.among import EVERYBODY, Among
from distribute.campaign.plan.choices import Choices
from distribute.campaign.plan.plan import campaign_id
from distribute.campaign.sender import Sender
from distribute.cli.checking.gate import refuse
from distribute.cli.newsletter.credentials import delivery_ids, dkim_signer, link_signer
from distribute.cli.newsletter.heeding import heed_suppressions
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.ownership import refuse_strangers
from distribute.cli.newsletter.sender import sender_of
from distribute.cli.process.apart import apart
from distribute.config.settings import Settings
from distribute.editions.edition import Issue
from distribute.errors import AudienceError, DistributeError, PlanError
from distribute.finding import Finding
from distribute.language import Language
from distribute.render.document import Email

_TRIED_AGAIN = frozenset({State.DEFERRED})


def open_store(settings: Settings, *, heed_at: datetime | None = None) -> Store:
    """Open the list of subscribers, which must have been begun by an import.

    Given the time, the file of suppressions is read first if it has changed: for
    whoever is going to write to people, or to say who would be written to.
    """
    if not is_begun(settings.database):
        raise AudienceError(
            "there are no subscribers yet",
            hint="Bring them in with `distribute audience import FILE.csv`.",
        )
    store = Store.open(settings.database)
    try:
        refuse_strangers(store, settings)
        if heed_at is not None:
            heed_suppressions(settings, store, heed_at)
    except DistributeError:
        store.close()
        raise
    return store


def tried_again(on_uncertain: str) -> frozenset[State]:
    """Say which outcomes do not keep anybody from another attempt, by `on_uncertain`."""
    if on_uncertain == "resend":
        return _TRIED_AGAIN | {State.UNCERTAIN}
    return _TRIED_AGAIN


def not_on_the_list(address: str) -> AudienceError:
    """Word the error about somebody whom the store does not know."""
    return AudienceError(
        f"{address} is not on the list",
        hint="`distribute audience list` shows who is.",
    )


class Mailing:
    """One issue on its way to the audience."""

    def __init__(
        self,
        newsletter: Newsletter,
        issue: Issue,
        store: Store,
        *,
        check_at: datetime | None = None,
        held_back: Sequence[Language] = (),
    ) -> None:
        """Take an issue; what is to be sent is checked, at the given instant.

        Editions that are `held_back` are sent to nobody.
        """
        self.newsletter = newsletter
        self.issue = issue
        self.store = store
        self._check_at = check_at
        self._held_back = held_back

    @property
    def campaign_id(self) -> str:
        """What the ledger knows this mailing by."""
        return campaign_id(self.issue)

    @property
    def command(self) -> str:
        """The words that send it, and go on with it: ``send 5``."""
        return f"send {quote(self.issue.id)}"

    @property
    def among(self) -> Sequence[Among]:
        """Whom alone it is for."""
        return EVERYBODY

    @property
    def words(self) -> Mapping[str, str]:
        """What a correction says, by language tag; nothing else has any."""
        return {}

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Stand for what the authors wrote, by language tag; see `text_digest`."""
        editions = self.issue.editions.items()
        return {language.tag: text_digest(edition) for language, edition in editions}

    @cached_property
    def sender(self) -> Sender:
        """Who it comes from; without a sender and a postal address nothing is sent."""
        return sender_of(self.newsletter.settings)

    @cached_property
    def emails(self) -> Mapping[Language, Email]:
        """Each edition as an e-mail, rendered once."""
        return self._rendered[0]

    @property
    def obstacles(self) -> Sequence[Finding]:
        """What `distribute check` finds of this issue that keeps it from being sent."""
        return self._rendered[1]

    @cached_property
    def _rendered(self) -> tuple[Mapping[Language, Email], Sequence[Finding]]:
        """The e-mails and their obstacles.

        They are made apart: what that takes of memory is not kept while they are sent.
        """
        if self._check_at is None:
            return apart(_render, self.newsletter, self.issue), ()
        return apart(_render_checked, self.newsletter, self.issue, self._check_at)

    @cached_property
    def digests(self) -> Mapping[Language, str]:
        """Stand for what each edition says."""
        return {
            language: sha256(f"{email.html}\0{email.text}".encode()).hexdigest()
            for language, email in self.emails.items()
        }

    @cached_property
    def choices(self) -> Choices:
        """Choose an edition for any list of wishes."""
        publication = self.newsletter.publication
        return Choices.for_issue(self.issue, publication, self._held_back)

    @cached_property
    def signer(self) -> Signer:
        """Sign all that is to be known again when it comes back."""
        return link_signer(self.newsletter.settings, self.store)

    @cached_property
    def links(self) -> Linking:
        """Write the links by which readers decide about their own subscription."""
        return Linking(self.signer, self.newsletter.settings.public_url)

    @cached_property
    def ids(self) -> DeliveryIds:
        """Derive the ids of deliveries."""
        return delivery_ids(self.signer)

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
            by_mail=self.newsletter.settings.answers == "mail",
        )

    def make_ready(self, now: datetime, forced: Collection[str] = ()) -> None:
        """Find out whether anything is missing: a sender, a key, a template.

        This comes before a campaign begins, for then its Date is fixed. Raises
        `CheckError` if the issue has errors, but for those of the forced rules.
        """
        _ = self.sender, self.emails, self.signer
        dkim_signer(self.newsletter.settings, now)
        refuse(self.issue, self.obstacles, forced)

    def messages(
        self, campaign: Campaign, languages: Collection[Language]
    ) -> Mapping[Language, CompiledMessage]:
        """Compile the messages of these editions, all but what is personal."""
        publication = self.newsletter.publication
        signer = dkim_signer(self.newsletter.settings, campaign.started)
        return {
            language: compile_message(
                campaign,
                self.emails[language],
                archive_url=self.issue.editions[language].url,
                list_archive_url=publication.home_url(language),
                dkim=signer,
            )
            for language in languages
        }

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


def _render_checked(
    newsletter: Newsletter, issue: Issue, now: datetime
) -> tuple[Mapping[Language, Email], Sequence[Finding]]:
    """Render the editions and check them; the mails that are checked are those sent."""
    from distribute.cli.checking.examination import examine_issue
    from distribute.cli.newsletter.proofs import proofs_of

    proofs = proofs_of(newsletter, issue, now)
    emails = {proof.language: proof.email for proof in proofs}
    report = examine_issue(newsletter, issue, proofs)
    return emails, report.blocking(strict=newsletter.settings.check.strict)


def _render(newsletter: Newsletter, issue: Issue) -> Mapping[Language, Email]:
    """Render the editions of an issue; only now are the libraries for it loaded."""
    from distribute.render.email.email import render_email

    return {
        language: render_email(
            edition,
            newsletter.content(edition),
            issue,
            text=newsletter.text(edition),
            publication=newsletter.publication,
            theme=newsletter.theme,
        )
        for language, edition in issue.editions.items()
    }
