"""Links whose words name one site and whose address is another's."""

from collections.abc import Iterator

from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.checks.source.hosts import host_of, is_same_site, named_host
from distribute.checks.source.report import at, report
from distribute.finding import Finding, Severity
from distribute.render.links.addresses import AddressError, resolve
from distribute.render.tree import plain_text

MISMATCH = Rule(
    id="link-host-mismatch",
    severity=Severity.ERROR,
    place=Place.MAIL,
    title="a link that names one site and leads to another",
    why="So do mails that steal passwords: rspamd adds 2.0 for it, Outlook and others "
    "warn their readers, whatever was meant.",
    fix="Let the words name the site it leads to, or say in words what is there.",
    source="rspamd, PHISHING",
)
RULES = (MISMATCH,)


def find(proof: Proof) -> Iterator[Finding]:
    """Find links whose words are, or begin with, the name of another site."""
    for spot in proof.survey.links:
        node = spot.node
        words = plain_text(node.children)
        if "." not in words or not node.url.startswith(("http://", "https://")):
            continue
        written, is_all = named_host(words)
        named, host = _ascii(written), host_of(node.url)
        if named and not is_same_site(named, host):
            yield report(
                proof,
                MISMATCH,
                f"the words name {named}, but the link leads to {host}",
                at(proof, spot, words),
                weigh=None if is_all else Severity.WARNING,
            )


def _ascii(host: str) -> str:
    """Write a name as it stands in addresses (RFC 5891)."""
    if host.isascii():
        return host
    try:
        return host_of(resolve(f"https://{host}/", "https://example.org/"))
    except AddressError:
        return ""
