"""What an inbox shows of a mail that nobody has opened yet."""

from dataclasses import dataclass
from html.parser import HTMLParser

from distribute.checks.proof import Proof
from distribute.language import Language

_ENOUGH = 400
"""Characters; no inbox shows more of what follows the subject."""
_MOUTHFUL = 4096
_UNSEEN = frozenset({"head", "style", "script", "title"})


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxLine:
    """One line of an inbox, uncut."""

    sender: str
    """Display name, or what is known of it; may be empty."""
    address: str
    subject: str
    preheader: str
    snippet: str
    """What stands behind the subject: the preheader, and then what the mail begins with."""
    language: Language


def inbox_line(proof: Proof, html: str) -> InboxLine:
    """Say what an inbox shows of an edition, of which this is the mail."""
    sender = proof.campaign.sender.mailbox if proof.campaign else None
    title = proof.publication.title_in(proof.language)
    return InboxLine(
        sender=sender.name or sender.address if sender else title,
        address=sender.address if sender else "",
        subject=proof.email.subject,
        preheader=proof.email.preheader,
        snippet=_beginning(html),
        language=proof.language,
    )


def _beginning(html: str) -> str:
    reader = _Reader()
    for start in range(0, len(html), _MOUTHFUL):
        reader.feed(html[start : start + _MOUTHFUL])
        if reader.has_enough:
            break
    return " ".join("".join(reader.words).split())[:_ENOUGH]


class _Reader(HTMLParser):
    """Takes words as inboxes do: hidden ones too, but for those of the head."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.has_enough = False
        self._length = 0
        self._unseen = 0

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        """Pass over what is never shown; what stands apart is a word apart."""
        self._unseen += tag in _UNSEEN
        self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """See again behind it."""
        self._unseen -= tag in _UNSEEN and self._unseen > 0

    def handle_data(self, data: str) -> None:
        """Take text, until there is more than any inbox shows."""
        if not self._unseen:
            self.words.append(data)
            self._length += len(data.strip())
            self.has_enough = self._length >= _ENOUGH
