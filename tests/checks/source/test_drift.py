"""Links of a translation against those of its original."""

import pytest

from distribute.checks.source.drift import compare
from distribute.finding import Finding
from tests.checks.source.drafts import SITE, compared, placed, proofs, rules_of

LINKS = [f"https://pier-{number}.example.org/boats/{number}" for number in range(12)]


def text(*links: str) -> str:
    """Write a text with these links, a line each."""
    return "\n\n".join(f"Look at [the boat]({link})." for link in links)


def between(original: str, translation: str) -> list[Finding]:
    """Compare the links of an English text with those of a French one."""
    return compared(compare, en=original, fr=translation)


def test_equal_links_are_no_finding() -> None:
    """In whatever order, over http or https, with marks of a campaign or without."""
    original = text(
        *LINKS, "https://www.tides.example.org/a/", "https://b.example.org/"
    )
    translation = text(
        "http://tides.example.org/a",
        *reversed(LINKS),
        "https://b.example.org/?utm_source=letter#top",
    )
    assert not between(original, translation)


@pytest.mark.parametrize(
    "slip",
    [
        "ttps://boats.example.org/rope-and-sail",
        "(https://boats.example.org/rope-and-sail)",
        "boats.example.org/rope-and-sail",
        "https://boats.example.org/rope-and-sail]",
        "https://boats.example.org/rope-and-voile",
        "https://boats.example.org/rope-andsail",
        "https://bots.example.org/rope-and-sail",
    ],
)
def test_a_slip_is_found_with_both_lines(slip: str) -> None:
    """The likely pair is named: what the original has, and where."""
    good = "https://boats.example.org/rope-and-sail"
    (finding,) = between(text(*LINKS, good), text(*LINKS[:5], slip, *LINKS[5:]))
    assert finding.rule == "link-drift"
    assert finding.path.name == "2026-05-01-fr.md"
    assert finding.line == 16
    assert finding.words == slip
    assert f"(en, line 30), which is {good}" in finding.message
    assert finding.hint == f"Write {good}, if that is the one that works."


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("https://en.wiki.example.org/Tide", "https://fr.wiki.example.org/Mar%C3%A9e"),
        (
            "https://tides.example.org/en/first-light/",
            "https://tides.example.org/fr/aube/",
        ),
        (
            "https://a.example.org/abs/2002.05715",
            "https://mirror.example.net/abs/2002.05715",
        ),
        ("https://arxiv.org/abs/2002.05715", "https://arxiv.org/pdf/2002.05715v2.pdf"),
        (
            "mailto:ahoy@a.example.org?subject=Hello",
            "mailto:ahoy@a.example.org?subject=Salut",
        ),
    ],
)
def test_what_was_changed_on_purpose_is_no_finding(there: str, here: str) -> None:
    """The page in the other language, the same from elsewhere, another subject."""
    assert not between(text(*LINKS, there), text(*LINKS, here))


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("https://video.example.org/watch?v=oUpuABKoElw", "https://video.example.org/watch?v=xQr7Lm2PzYk"),
        ("https://papers.example.org/abs/2002.05715", "https://papers.example.org/abs/2002.08155"),
    ],
)  # fmt: skip
def test_two_things_of_one_site_are_no_slip(there: str, here: str) -> None:
    """Another video is another link: it is said to be there instead, and no more."""
    (finding,) = between(text(*LINKS, there), text(*LINKS, here))
    assert finding.rule == "link-drift-missing"
    assert finding.message.endswith(f"this edition to {here}")


def test_a_missing_link_is_reported_where_it_would_be() -> None:
    """By the shared link before it, with the line of the original."""
    (finding,) = between(text(*LINKS), text(*LINKS[:3], *LINKS[4:]))
    assert (finding.rule, finding.line) == ("link-drift-missing", 10)
    assert LINKS[3] in finding.message
    assert "(en, line 12)" in finding.message


def test_many_missing_links_are_one_finding() -> None:
    """Nobody reads ten of them."""
    (finding,) = between(text(*LINKS), text(*LINKS[5:]))
    assert finding.rule == "link-drift-missing"
    assert finding.message.startswith("5 links of the original are missing")


def test_links_that_were_added_are_one_note() -> None:
    """All named, on the line of the first; those for this language are not meant."""
    added = ["https://c.example.org/", "https://d.example.org/"]
    own = "https://e.example.org/fr/"
    (finding,) = between(text(*LINKS), text(*LINKS, *added, own))
    assert finding.rule == "link-drift-extra"
    assert finding.message.startswith("2 links are not in the original")
    assert finding.words == added[0]


def test_references_that_are_written_out_are_compared_too() -> None:
    """A list of numbers and bare addresses has the same links, without a flood."""
    references = "\n\n".join(f"[{n}] 船 {link}" for n, link in enumerate(LINKS))
    assert not compared(compare, en=text(*LINKS), zh=references)


def test_another_text_is_one_finding() -> None:
    """Where nearly nothing is shared, links are not told one by one."""
    others = [f"https://else.example.net/{'x' * n}" for n in range(12)]
    findings = between(text(*LINKS), text(*others))
    assert rules_of(findings) == ["link-drift-many"]
    assert findings[0].message.startswith("only 0 of the 12 links")


def test_a_page_of_our_own_in_the_other_language_is_meant() -> None:
    """Each edition links to its own translation of an earlier letter."""
    made = proofs({"en": "One", "fr": "Un"})
    pages = [each.edition.url for each in made]
    assert not between(text(*LINKS, pages[0]), text(*LINKS, pages[1]))


def test_the_earliest_edition_is_the_original_where_none_is() -> None:
    """Without one in the newsletter's own language."""
    made = proofs({"fr": text(*LINKS), "tr": text(*LINKS[1:])})
    (finding,) = placed(compare(made), *made)
    assert finding.path.name == "2026-05-01-tr.md"


def test_one_edition_is_compared_with_nothing() -> None:
    """Nor is anything missing in it."""
    assert not compared(compare, en=text(*LINKS))


def test_broken_links_of_the_original_are_not_missed() -> None:
    """What leads nowhere there need not be here."""
    assert not between(text(*LINKS, "htp:/boats"), text(*LINKS))


def test_our_own_site_in_place_of_an_earlier_letter_elsewhere_is_meant() -> None:
    """A translator links to the letter before in the own language."""
    there, here = "https://medium.example.com/letter-one", f"{SITE}/fr/lettre-une/"
    findings = between(text(*LINKS, there), text(*LINKS, here))
    assert not findings
