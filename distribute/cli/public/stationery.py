"""Write the letters: their words, their link, and the message that carries both."""

from contextlib import suppress
from urllib.parse import quote

from distribute.audience.database.database import from_milliseconds
from distribute.audience.reception.letters import Kind, PendingLetter, letter_id
from distribute.audience.reception.token import Purpose, Signer
from distribute.campaign.campaign import Parcel
from distribute.campaign.message.letter import compose_letter, letter_envelope
from distribute.campaign.sender import Sender
from distribute.cli.newsletter.credentials import dkim_signer
from distribute.cli.newsletter.front import Front
from distribute.cli.newsletter.sender import sender_of
from distribute.errors import DistributeError
from distribute.language import Language, best_match
from distribute.render.email.letter import LetterKind, render_letter


class Stationery:
    """Writes letters of one newsletter; each is the same whenever it is written."""

    def __init__(self, head: Front, signer: Signer) -> None:
        """Get ready; raises `ConfigError` if nobody is named whom they come from."""
        self._head = head
        self._signer = signer
        self._sender = sender_of(head.settings)

    def parcel(self, pending: PendingLetter, kind: Kind) -> Parcel:
        """Write a letter, ready to be sent.

        Raises `MailboxError` if this mailbox cannot be written to; all else that goes
        wrong would befall anybody.
        """
        theme, settings = self._head.theme, self._head.settings
        asked = from_milliseconds(pending.asked)
        match = best_match([pending.language], theme.catalogues)
        language = match[1] if match else self._head.publication.default_language
        letter = render_letter(
            LetterKind(kind.value),
            language,
            link=self._link(pending, kind, language),
            publication=self._head.publication,
            theme=theme,
        )
        mailbox, id_ = pending.mailbox, self._id(pending)
        message = compose_letter(
            letter,
            sender=self._sender,
            mailbox=mailbox,
            id_=id_,
            at=asked,
            dkim=dkim_signer(settings, asked),
        )
        envelope = letter_envelope(
            letter, sender=self._sender, mailbox=mailbox, id_=id_
        )
        return Parcel(
            key=id_,  # two letters may be on their way to one mailbox
            id=id_,
            address=mailbox.address,
            choice=0,
            attempt=pending.attempt,
            since=pending.asked,
            envelope=envelope,
            message=message,
        )

    def rehearse(self, pending: PendingLetter) -> None:
        """Write a letter that nobody gets.

        Else it could be seen, by how fast the public side answers in the meantime, that
        somebody is written to, and so whether they are on the list.
        """
        with suppress(DistributeError):
            self.parcel(pending, Kind.CONFIRM)

    def rest(self, pending: PendingLetter) -> int:
        """Say how long a letter lies before it leaves, in milliseconds.

        It is from one second to six, the same whenever it is asked, and nobody can guess.
        """
        return 1000 + int(self._id(pending)[:8], 16) % 5000

    def _link(self, pending: PendingLetter, kind: Kind, language: Language) -> str:
        """Sign the link; empty where there is none because nothing answers on the web.

        It names the language, for nobody knows yet what a newcomer reads.
        """
        settings, key = self._head.settings, pending.mailbox.key
        by_mail = settings.answers == "mail"
        if kind is not Kind.CONFIRM:
            token = self._signer.sign(key, Purpose.PREFERENCES)
            return "" if by_mail else f"{settings.public_url}/p/{token}"
        asked = from_milliseconds(pending.asked)
        expires = asked + settings.serving.confirm_within
        token = self._signer.sign(key, Purpose.CONFIRM, expires)
        if by_mail:
            return _mailto(self._sender, f"confirm {token}")
        return f"{settings.public_url}/confirm/{token}?lang={language}"

    def _id(self, pending: PendingLetter) -> str:
        secret, key = self._signer.subkey("letter"), pending.mailbox.key
        return letter_id(secret, pending.number, pending.asked, key)


def _mailto(sender: Sender, subject: str) -> str:
    contact = sender.reply_to or sender.mailbox
    local, _, domain = contact.wire_address.rpartition("@")
    return f"mailto:{quote(local, safe='+')}@{domain}?subject={quote(subject)}"
