"""Judge what comes back as the settings of a newsletter have it."""

from collections.abc import Callable

from distribute.audience.database.connection import Connection
from distribute.audience.database.place import Place
from distribute.audience.reception.token import Signer
from distribute.campaign.returned.returns import Customs, Returns
from distribute.campaign.returned.verp import Ours
from distribute.cli.newsletter.front import Front
from distribute.cli.newsletter.sender import sender_of
from distribute.config.settings import Settings
from distribute.language import Language


def returns_over(
    place: Place,
    connection: Connection,
    signer: Signer,
    settings: Settings,
    wording: Callable[[Language], str] = lambda _language: "",
) -> Returns:
    """Take what comes back, on a connection that is open already.

    `wording` gives the words that people agree to by writing to us.
    """
    customs = Customs(
        languages=settings.publication.languages,
        policy=settings.bounces.policy,
        by_mail=settings.answers == "mail",
        wording=wording,
    )
    return Returns(place, connection, signer, customs)


def wording_by_mail(front: Front) -> Callable[[Language], str]:
    """Say what stands on the pages for joining by mail; nothing where there are none."""

    def words(language: Language) -> str:
        from distribute.render.public.forms import wording_of  # with templates

        publication = front.publication
        if not publication.has_by_mail:
            return ""
        return wording_of(language, publication=publication, theme=front.theme)

    return words


def ours_of(settings: Settings) -> Ours:
    """Say how our own mail is known; raises `ConfigError` without a sender.

    By any domain, for the newsletter may have had another one before: the ids in our
    Message-IDs cannot be guessed.
    """
    return Ours(bounces=sender_of(settings).bounces)
