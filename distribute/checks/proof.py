"""One edition as its readers will get it, laid out for inspection before anybody does.

As a printer's proof: everything in it is made by the same code that makes the real thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from distribute.audience.reception.token import KEY_SIZE, Signer
from distribute.campaign.campaign import Campaign
from distribute.campaign.message.delivery_ids import ID_LENGTH
from distribute.campaign.message.heading import Heading
from distribute.campaign.message.links import Linking, Links
from distribute.campaign.message.message import Addressing, compose
from distribute.checks.survey import Survey, survey
from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.content.content import Reading, read_tree
from distribute.render.content.surroundings import Surroundings
from distribute.render.document import Content, Email
from distribute.render.email.email import inlined, lay_out_email
from distribute.render.text.write import to_text
from distribute.render.theme.theme import Theme

READER = Mailbox.parse("Ada Example <ada@example.org>")
"""Who gets the message of a proof."""
_DELIVERY = "0" * ID_LENGTH
_KEY = bytes(KEY_SIZE)
"""Signs links that no server knows."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """An edition, and all that it becomes; each part is made when it is first asked for."""

    edition: Edition
    issue: Issue
    publication: Publication
    surroundings: Surroundings
    theme: Theme
    content: Content
    campaign: Campaign | None
    """How it would be sent; `None` without a sender in the settings."""
    public_url: str
    """Where personal links lead, without a trailing slash."""
    is_signed: bool = False
    """Whether we sign what is sent; the message of a proof itself is never signed, for
    whoever gets hold of it could send it on in the newsletter's name.
    """
    clients: frozenset[str] = frozenset()
    """Ids of the mail programs that readers have; empty stands for all that are known."""

    @property
    def language(self) -> Language:
        """The language of the edition."""
        return self.edition.language

    @cached_property
    def reading(self) -> Reading:
        """The post as a tree, whose blocks, links and images know their lines."""
        return read_tree(self.edition, self.surroundings)

    @cached_property
    def text(self) -> str:
        """The post in plain text, without what the template puts around it."""
        return to_text(self.reading.tree)

    @cached_property
    def survey(self) -> Survey:
        """What stands in that tree, and where."""
        return survey(self.reading.tree)

    @cached_property
    def lines(self) -> Sequence[str]:
        """The lines of the Markdown; the first is line `Post.body_line` of the file."""
        return self.edition.post.body.split("\n")

    @cached_property
    def laid_out(self) -> Email:
        """The e-mail with its CSS still in ``<style>``."""
        return lay_out_email(
            self.edition,
            self.content,
            self.issue,
            text=self.text,
            publication=self.publication,
            theme=self.theme,
        )

    @cached_property
    def email(self) -> Email:
        """The e-mail as it is sent, with tokens where a reader's own values go."""
        return inlined(self.laid_out)

    @cached_property
    def message(self) -> bytes:
        """The message that `READER` would get; empty without a sender.

        Raises `PlanError` if nobody could be sent any.
        """
        if self.campaign is None:
            return b""
        Addressing(self.campaign)  # where undelivered mail comes back to
        return compose(self._heading(self.campaign), READER, _DELIVERY, self.links)

    @property
    def links(self) -> Links:
        """Personal links of the usual form, which concern nobody's subscription."""
        links = Linking(Signer(_KEY), self.public_url)(READER)
        if self.campaign is None:
            return links
        return self._heading(self.campaign).links(_DELIVERY, links)

    def _heading(self, campaign: Campaign) -> Heading:
        return Heading(
            campaign,
            self.email,
            self.edition.url,
            self.publication.home_url(self.language),
        )
