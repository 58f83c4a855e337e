"""The two parts of a mail say the same, and neither is too large."""

import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser

import pytest

from distribute.checks.proof import Proof
from tests.mails.proofs import Proofs

LARGEST = 102_400
"""Octets of HTML beyond which Gmail cuts a mail off."""
SHEETS = 12_000
"""Characters of style sheets; of more than 16,000 Gmail drops them all."""
_WORD = re.compile(r"[^\W_]+")
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_URL = re.compile(r"https?://[^\s<>\"]+")
_LISTED = re.compile(r"^\[\d+\] (\S+)$", re.MULTILINE)
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_HIDDEN = frozenset({"style", "title", "head", "script"})
_WITHIN_WORDS = frozenset({"a", "em", "strong", "b", "i", "code", "sup", "sub", "span"})
_VOID = frozenset({"img", "br", "hr", "meta", "wbr", "col"})


class Shown(HTMLParser):
    """Keeps the words and the links of a mail, without those that are hidden."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.links: set[str] = set()
        self.hidden: list[bool] = [False]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a":
            self.links.add(found.get("href") or "")
        if tag not in _WITHIN_WORDS:
            self.text += " "
        if tag not in _VOID:
            unseen = "display:none" in (found.get("style") or "") or tag in _HIDDEN
            self.hidden.append(unseen or self.hidden[-1])

    def handle_endtag(self, tag: str) -> None:
        if tag not in _WITHIN_WORDS:
            self.text += " "
        if tag not in _VOID:
            self.hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden[-1]:
            self.text += data


def words_of(text: str) -> Counter[str]:
    """Count words; of scripts without spaces, the characters."""
    parted = _SPACELESS.sub(lambda found: f" {found[0]} ", _URL.sub(" ", text))
    return Counter(_WORD.findall(parted.casefold()))


def check_words(proof: Proof) -> None:
    """See that what is shown in HTML is said in plain text as well."""
    shown = Shown(proof.email.html)
    said = words_of(proof.email.text)
    missing = words_of(shown.text) - said
    assert missing.total() <= 0.05 * words_of(shown.text).total(), missing


def check_links(proof: Proof) -> None:
    """See that every address is there once, whatever leads there in HTML."""
    text = proof.email.text
    listed = _LISTED.findall(text)
    assert len(listed) == len(set(listed)), Counter(listed).most_common(3)
    for link in Shown(proof.email.html).links:
        own_place = link.startswith((f"{proof.edition.url}#", "#"))  # a note, a heading
        address = unescape(link).removeprefix("mailto:")
        assert own_place or address in text, link


def check_size(proof: Proof) -> None:
    """See that no mail program cuts it off or drops its style sheets."""
    html = proof.email.html
    assert len(html.encode()) <= LARGEST
    assert sum(map(len, _STYLE.findall(html))) <= SHEETS


def test_the_text_says_what_the_html_shows(sample: Proofs) -> None:
    """At least 95 of 100 words."""
    for proof in sample.values():
        check_words(proof)


def test_every_address_is_in_the_text(sample: Proofs) -> None:
    """And no number stands for the same one twice."""
    for proof in sample.values():
        check_links(proof)


def test_no_mail_is_too_large(sample: Proofs) -> None:
    """For any mail program."""
    for proof in sample.values():
        check_size(proof)


@pytest.mark.parametrize("check", [check_words, check_links, check_size])
def test_real_mails_keep_to_it(real: Proofs, check: Callable[[Proof], None]) -> None:
    """So it is for whatever real posts say."""
    assert len(real) > 40
    for proof in real.values():
        check(proof)
