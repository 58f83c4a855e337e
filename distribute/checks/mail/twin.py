"""The text part: that it says what the HTML does, for those who read it instead."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote

from distribute.checks.mail.markup import take_apart
from distribute.checks.mail.spot import TEXT_TEMPLATE, Spot, in_template
from distribute.checks.proof import Proof
from distribute.checks.rule import Place, Rule
from distribute.finding import Finding, Severity
from distribute.render.cjk import JOINING

ENOUGH, LITTLE = 0.9, 0.5
_URL = re.compile(r"(?:https?://|mailto:|tel:)[!-~]+")
_WORD = re.compile(rf"{JOINING}|(?:(?!{JOINING})\w)+")
_NAMED = 3
_A_FEW = 10
"""Words of a short mail that may differ: a label where its address says the same."""

DIFFERS = Rule(
    id="text-differs",
    severity=Severity.ERROR,
    place=Place.TEXT,
    title="a text part that does not say what the HTML does",
    why="Some people read only text, and filters take a part that differs for a disguise: "
    "SpamAssassin counts 2.2 points for it.",
    fix="Let email/email.txt say what email/email.html says: the title, the whole post, "
    "which is {{ text }}, and the footer.",
    source="SpamAssassin, MPART_ALT_DIFF; rspamd, R_PARTS_DIFFER",
)
LINKS = Rule(
    id="text-links",
    severity=Severity.WARNING,
    place=Place.TEXT,
    title="a link that the text part does not have",
    why="Who reads the text part cannot follow it.",
    fix="Let email/email.txt give the whole post, {{ text }}, and the links of the footer.",
)
RULES = (DIFFERS, LINKS)


def find(proof: Proof) -> Iterator[Finding]:
    """Compare the words and links of the text part with those of the HTML."""
    shown, text = take_apart(proof.email.html).text, proof.email.text
    alike = likeness(shown, text)
    if alike < ENOUGH and lacking(shown, text) > _A_FEW:
        of_post = likeness(take_apart(proof.content.html).text, proof.text)
        yield _blame(proof, is_post=of_post < ENOUGH).report(
            DIFFERS,
            f"the text part has {alike:.0%} of the words that the HTML has",
            weigh=Severity.ERROR if alike < LITTLE else Severity.WARNING,
        )
    if missing := [url for url in _links(proof) if _spoken(url) not in text]:
        is_post = any(_spoken(url) not in proof.text for url in missing)
        named = ", ".join(missing[:_NAMED])
        rest = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        yield _blame(proof, is_post=is_post).report(
            LINKS, f"the text part lacks {named}{rest}"
        )


def likeness(html: str, text: str) -> float:
    """Say what part of the words of a mail its text part has, addresses left out.

    >>> likeness("Read this page now", "Read this now: https://example.org/page")
    0.75
    """
    wanted = len(_words(html))
    return 1 - lacking(html, text) / wanted if wanted else 1.0


def lacking(html: str, text: str) -> int:
    """Count the words of a mail that its text part does not have."""
    return (Counter(_words(html)) - Counter(_words(text))).total()


def _links(proof: Proof) -> Iterator[str]:
    """Give the addresses that the post leads to, but for those within itself."""
    within = f"{proof.edition.url}#"
    links = take_apart(proof.content.html).named("a")
    urls = dict.fromkeys(link.get("href") for link in links)
    return (url for url in urls if _URL.match(url) and not url.startswith(within))


def _spoken(url: str) -> str:
    """Give an address as people write it."""
    scheme, _, rest = url.partition(":")
    return unquote(rest.partition("?")[0]) if scheme in {"mailto", "tel"} else url


def _words(text: str) -> list[str]:
    return _WORD.findall(_URL.sub(" ", text).casefold())


def _blame(proof: Proof, *, is_post: bool) -> Spot:
    """Point at the template, unless the post has lost it by itself."""
    template = in_template(proof.theme, TEXT_TEMPLATE)
    return Spot(proof.edition.post.path) if is_post else template
