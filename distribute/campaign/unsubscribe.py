"""The link in a message that ends its reader's subscription, and nobody else's."""

from collections.abc import Callable
from dataclasses import dataclass

from distribute.audience.token import Purpose, Signer
from distribute.mailbox import Mailbox


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Gives the personal link that ends a subscription."""

    signer: Signer
    public_url: str
    """Where the public side answers, without a trailing slash."""

    def __call__(self, mailbox: Mailbox) -> str:
        """Sign the link of one mailbox."""
        return self.linking()(mailbox.key)

    def linking(self) -> Callable[[str], str]:
        """Give what signs links by `Mailbox.key`, to whoever has many to sign."""
        start = f"{self.public_url}/u/"
        token = self.signer.signing(Purpose.UNSUBSCRIBE)
        return lambda key: start + token(key)
