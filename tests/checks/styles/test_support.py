"""What mail programs do not show, by facts that name program, month and source."""

import pytest

from distribute.checks.styles import support
from distribute.checks.styles.facts import FILE, known_facts
from distribute.checks.styles.support import facts_about
from distribute.finding import Finding, Severity
from tests.checks.press import BODY, SETTINGS, Press, only, shipped

BODY_SLOT = "{{ body | safe }}"


def found(press: Press, added: str = "", body: str = BODY) -> list[Finding]:
    """Look at a mail whose template has something in front of the post."""
    html = shipped("email/email.html", (BODY_SLOT, f"{added}\n{BODY_SLOT}"))
    own = {"email/email.html": html} if added else {}
    return list(support.find(press.proof(body=body, templates=own)))


def test_our_mails_use_nothing_that_is_missed(press: Press) -> None:
    """All that some program drops is known to be harmless, with the reason."""
    everything = (
        f"{BODY}\n> A quote\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n- [x] done\n- [ ] not\n\n"
        "```python\nx = 1\n```\n\nTerm\n: Meaning[^1]\n\n[^1]: Note.\n\n"
        "[Go](https://x.example){: .button}\n\n![Pier](https://x.example/a.png)\n*A pier*\n"
    )
    proof = press.proof(body=everything)
    assert list(support.find(proof)) == []
    used = {fact.id: fact for fact, _ in facts_about(proof.email.html)}
    assert {"css-border-radius", "css-max-width", "css-at-media"} <= set(used)
    assert all(fact.harmless for fact in used.values())


@pytest.mark.parametrize(
    ("added", "fact", "words"),
    [
        ('<div style="display:flex">x</div>', "css-display-flex", "display:flex"),
        ('<p style="width: calc(100% - 2px)">x</p>', "css-unit-calc", "width: calc(100% - 2px)"),
        ('<video src="https://x.example/a"></video>', "html-video", "<video"),
        ('<img src="data:image/png;base64,AA" alt="a">', "image-base64", "data:image/png;base64,AA"),
    ],
)  # fmt: skip
def test_what_programs_drop_is_an_error_at_its_line(
    press: Press, added: str, fact: str, words: str
) -> None:
    """With the programs, the month of the test and the page that says so."""
    finding = next(f for f in found(press, added) if f"/{fact}/" in f.hint)
    assert (finding.rule, finding.severity) == ("client-unsupported", Severity.ERROR)
    assert "(tested 20" in finding.message
    assert "https://www.caniemail.com/features/" in finding.hint
    lines = shipped("email/email.html", (BODY_SLOT, f"{added}\n")).splitlines()
    assert words.split(":")[0] in lines[finding.line - 1]
    assert finding.words in lines[finding.line - 1]


def test_what_an_author_writes_is_found_in_the_post(press: Press) -> None:
    """A picture in a format that hardly anybody knows, at its line."""
    body = f"{BODY}\n![Pier](https://x.example/pier.tiff)\n"
    finding = only(found(press, body=body), "client-unsupported")
    assert (finding.line, finding.words) == (12, "pier.tiff")
    assert "a picture as TIFF is not shown by Outlook for Windows" in finding.message


def test_an_element_of_a_post_is_a_warning(press: Press) -> None:
    """Programs drop its tags, and its words stay."""
    finding = only(
        found(press, body=f"{BODY}\n<bdi>Ferry</bdi> 5\n"), "client-unsupported"
    )
    assert (finding.severity, finding.line) == (Severity.WARNING, 12)


def test_a_format_that_another_family_looks_for_is_not_said_twice(press: Press) -> None:
    """In a post; in a template it is."""
    assert found(press, body=f"{BODY}\n![Pier](https://x.example/pier.webp)\n") == []
    logo = '<img src="https://x.example/logo.webp" alt="Harbour" width="80">'
    assert only(found(press, logo), "client-unsupported").words == "logo.webp"


def test_what_is_shown_in_part_is_a_warning(press: Press) -> None:
    """A list that counts down is counted up by most."""
    finding = only(
        found(press, '<ol reversed><li value="3">x</li></ol>'), "client-partly"
    )
    assert finding.severity is Severity.WARNING
    assert "is shown in part by Gmail in a browser, the Gmail apps" in finding.message
    assert finding.words == "<ol reversed"


def test_the_newsletter_chooses_its_programs(press: Press) -> None:
    """What only others drop is nothing; few readers make it a warning."""
    flex = '<div style="display:flex">x</div>'
    html = shipped("email/email.html", (BODY_SLOT, f"{flex}{BODY_SLOT}"))
    for clients, expected in (
        ('["apple-mail", "gmail"]', []),
        ('["apple-mail", "gmail-app"]', [Severity.WARNING]),
        ('["outlook-windows"]', [Severity.ERROR]),
    ):
        proof = press.proof(
            settings=f"{SETTINGS}\n[check]\nclients = {clients}\n",
            templates={"email/email.html": html},
        )
        assert [finding.severity for finding in support.find(proof)] == expected


def test_what_the_contract_says_is_not_said_twice(press: Press) -> None:
    """A sheet that breaks it is told once; what it does not know is told here."""
    own = shipped("email/layout.css") + "\n.content p { display: flex }\n"
    proof = press.proof(templates={"email/layout.css": own})
    assert list(support.find(proof)) == []
    own += ".content p { opacity: 0.9 }\n"
    proof = press.proof(templates={"email/layout.css": own})
    finding = only(support.find(proof), "client-unsupported")
    assert (finding.path.name, finding.words) == ("layout.css", "opacity: 0.9")


def test_each_fact_is_whole() -> None:
    """Programs that there are, a month, and never two verdicts on one program."""
    known = known_facts()
    for fact in known.facts:
        assert fact.no | fact.partly <= known.clients.keys(), fact.id
        assert fact.no | fact.partly, fact.id
        assert not fact.no & fact.partly, fact.id
        assert len(fact.tested) == 7, fact.id
    assert len({fact.id for fact in known.facts}) == len(known.facts)


def test_the_table_says_whose_facts_they_are() -> None:
    """Source, date, licence and how to bring it up to date stand at its head."""
    head = FILE.read_text("utf-8").partition("[clients]")[0]
    for words in ("caniemail.com", "MIT", "2019 Rémi", known_facts().looked_up,
                  "python -m benchmarks.mail_clients"):  # fmt: skip
        assert words in head
    assert all(known_facts().looked_up in rule.source for rule in support.RULES)
