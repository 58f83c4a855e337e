"""The sample newsletter as it goes out: signed messages in each of its languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from distribute.campaign.message.dkim import DkimKey, DkimSigner, dns_name, dns_record
from distribute.campaign.message.letter import compose_letter
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.mailbox import Mailbox
from distribute.render.email.letter import LetterKind, render_letter
from tests.acceptance.letters import copy_sample
from tests.campaign.signing_keys import ed25519_pem, rsa_pem
from tests.commands import call
from tests.mail_filters import Wire
from tests.mailroom import parse
from tests.mails.proofs import FULL
from tests.mini_internet import Zone

DOMAIN = "lights-out.example.org"
HOST, ADDRESS = f"mail.{DOMAIN}", "198.20.10.10"
ISSUES = (FULL, "3")
"""One in every language, and one whose addresses are hard to read."""
_DKIM = (
    f'\n[dkim]\ndomain = "{DOMAIN}"\n'
    'keys = [{ selector = "r1", file = "r1.pem" }, { selector = "e1", file = "e1.pem" }]\n'
)


@dataclass(frozen=True)
class Sent:
    """Messages by issue and language, such as ``1/pt-br``, and the DNS behind them."""

    messages: Mapping[str, bytes]
    letters: Mapping[str, bytes]
    """To single people, such as ``confirm/pt-br``."""
    zone: Zone

    @cached_property
    def wire(self) -> Wire:
        """How they come in, in the second in which they were written."""
        first = next(iter(self.messages.values()))
        return Wire(HOST, ADDRESS, f"bounces@{DOMAIN}", str(parse(first)["Date"]))


def send_sample(folder: Path) -> Sent:
    """Send issues of the sample to files, to one reader in every language."""
    letter = copy_sample(folder)
    keys = [DkimKey("r1", rsa_pem()), DkimKey("e1", ed25519_pem())]
    for selector, pem in (("r1", rsa_pem()), ("e1", ed25519_pem())):
        (folder / f"{selector}.pem").write_bytes(pem)
    with (folder / "distribute.toml").open("a", encoding="utf-8") as settings:
        settings.write(_DKIM)
    people = folder / "people.csv"
    tags = [language.tag for language in letter.newsletter.publication.languages]
    rows = "".join(f"{tag}@example.net,{tag}!\n" for tag in tags)
    people.write_text(f"email,languages\n{rows}", encoding="utf-8")
    now = str(int(people.stat().st_mtime))  # filters mind old dates
    assert call("-C", folder, "audience", "import", people, now=now).status == 0
    for issue in ISSUES:
        answer = call("-C", folder, "send", issue, "--yes", now=now)
        assert answer.status == 0, answer.err
    messages = {}
    for path in sorted((folder / "out" / "mail").rglob("*.eml")):
        issue = path.parents[1].name.removeprefix("issue-")
        messages[f"{issue}/{path.parent.name}"] = path.read_bytes()
    signer = DkimSigner(DOMAIN, keys, datetime.fromtimestamp(int(now), UTC))
    return Sent(messages, write_letters(letter.newsletter, signer), _zone_of(keys))


def write_letters(newsletter: Newsletter, signer: DkimSigner) -> Mapping[str, bytes]:
    """Write every letter there is, in every language."""
    publication, sender = newsletter.publication, newsletter.settings.sender
    assert sender is not None
    written = {}
    for language in publication.languages:
        for kind in LetterKind:
            letter = render_letter(
                kind,
                language,
                link=f"https://{DOMAIN}/confirm/AUx5c2FuZGVyX29uX3RoZV93YWxscw",
                publication=publication,
                theme=newsletter.theme,
            )
            message = compose_letter(
                letter,
                sender=sender,
                mailbox=Mailbox("reader@example.net", "Bo Reader"),
                id_=f"{kind}{language.primary}",
                at=signer.signed_at,
                dkim=signer,
            )
            written[f"{kind}/{language.folder}"] = b"".join(message.pieces)
    return written


def _zone_of(keys: list[DkimKey]) -> Zone:
    """Publish what somebody who sends mail has to."""
    records = {f"{dns_name(key, DOMAIN)} TXT": [dns_record(key)] for key in keys}
    reverse = ".".join(reversed(ADDRESS.split(".")))
    return records | {
        f"{DOMAIN} TXT": [f"v=spf1 ip4:{ADDRESS} -all"],
        f"_dmarc.{DOMAIN} TXT": ["v=DMARC1; p=reject"],
        f"{DOMAIN} MX": [f"10 {HOST}."],
        f"{DOMAIN} A": [ADDRESS],
        f"{HOST} A": [ADDRESS],
        f"{reverse}.in-addr.arpa PTR": [f"{HOST}."],
    }
