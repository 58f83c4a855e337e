"""What a template owes every mail, and what it must not have."""

import pytest

from distribute.checks import finished
from distribute.checks.mail import frame
from distribute.finding import Finding, Severity
from tests.checks.press import Press, only, rules, shipped

HEAD = '<meta charset="utf-8">'


def found(press: Press, *changes: tuple[str, str]) -> list[Finding]:
    """Look at a mail made with an own template, changed in these places."""
    own = {"email/email.html": shipped("email/email.html", *changes)}
    return list(finished.find(press.proof(templates=own)))


def test_our_template_owes_nothing(press: Press) -> None:
    """Nor does a copy of it."""
    assert list(frame.find(press.proof())) == []
    assert found(press) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<!DOCTYPE html>", "<!doctype html>", "<!DOCTYPE html>"),
        ('<html lang="{{ language }}"', "<html", "no lang"),
        ('<html lang="{{ language }}" dir="{{ dir }}"', '<html lang="en"', "no dir"),
        (HEAD, "", "charset"),
        ('<meta name="viewport"', '<meta name="port"', "viewport"),
        ('<meta name="color-scheme" content="light dark">', "", "color-scheme"),
        ("<title>{{ edition.title }}</title>", "<title></title>", "<title>"),
        ('role="article"', 'role="main"', "role=article"),
        ('<div class="preheader">{{ content.preheader }}</div>', "", "preheader"),
    ],
)
def test_what_is_lost_is_an_error_of_the_template(
    press: Press, old: str, new: str, message: str
) -> None:
    """Doctype, language, direction, charset, title, role, colours, preheader."""
    finding = only(found(press, (old, new)), "template-lost")
    assert finding.severity is Severity.ERROR
    assert message in finding.message
    assert finding.path == press.folder / "templates/email/email.html"


def test_an_older_template_is_told_what_it_lacks(press: Press) -> None:
    """A copy from before there was a layout.css works, and is told the line to add."""
    line = '{{ source("email/layout.css") | safe }}'
    finding = only(found(press, (line, "")), "template-older")
    assert finding.severity is Severity.WARNING
    assert line in finding.hint
    assert finding.words == "email/inlined.css"


def test_a_lost_attribute_is_found_at_its_line(press: Press) -> None:
    """The tag that should have it is pointed at."""
    finding = only(
        found(press, ('<html lang="{{ language }}"', "<html")), "template-lost"
    )
    line = finding.path.read_text("utf-8").splitlines()[finding.line - 1]  # type: ignore[attr-defined]  # a real file
    assert line.startswith(finding.words)
    assert finding.words.startswith("<html")


def test_the_postal_address_has_to_be_shown(press: Press) -> None:
    """Every line of it, wherever the template puts them."""
    changes = ('<span dir="auto">{{ line }}</span>', "…")
    finding = only(found(press, changes), "template-address")
    assert "4 Pier Road" in finding.message


def test_the_text_part_shows_the_postal_address_too(press: Press) -> None:
    """Its own template is blamed, at the line where the address should be."""
    own = {"email/email.txt": shipped("email/email.txt", ("{{ line }}", "…"))}
    finding = only(finished.find(press.proof(templates=own)), "template-address")
    assert (finding.path.name, finding.line > 20) == ("email.txt", True)


@pytest.mark.parametrize(
    ("added", "words"),
    [
        ("<script>track()</script>", "<script"),
        ('<form action="https://x.example"><input name="a"></form>', "<form"),
        ('<iframe src="https://x.example"></iframe>', "<iframe"),
        ('<p onclick="x()">Click</p>', "onclick="),
    ],
)
def test_what_programs_throw_out_is_found_at_its_line(
    press: Press, added: str, words: str
) -> None:
    """Scripts, forms, frames and handlers."""
    places = found(press, ("{{ body | safe }}", f"{added}\n{{{{ body | safe }}}}"))
    forbidden = [f for f in places if f.rule == "template-forbidden"]
    assert any(f.words.startswith(words) and f.line for f in forbidden)


def test_a_template_of_which_no_mail_can_be_made_is_said_so(press: Press) -> None:
    """Once, with file and line, in place of all that cannot be looked at."""
    (finding,) = found(press, ("{{ body | safe }}", "{{ body | safe }}{{ 1 / 0 }}"))
    assert finding.rule == "template-broken"
    assert finding.line > 30


def test_a_remote_style_sheet_is_both_broken_and_forbidden(press: Press) -> None:
    """What keeps the mail from being made is pointed at in the template."""
    link = '<link rel="stylesheet" href="https://x.example/a.css">'
    findings = found(press, (HEAD, f"{HEAD}\n{link}"))
    assert rules(findings)[0] == "template-broken"
    assert only(findings, "template-forbidden").words.startswith("<link")


def test_a_preheader_is_for_the_inbox(press: Press) -> None:
    """A style sheet that forgets to hide it shows the same words twice."""
    sheet = shipped("email/inlined.css", (".preheader", ".prefix"))
    proof = press.proof(templates={"email/inlined.css": sheet})
    finding = only(frame.find(proof), "template-lost")
    assert finding.message == "the mail itself shows its preheader"
    assert finding.words == "content.preheader"


def test_a_style_sheet_of_which_no_mail_can_be_made_is_pointed_at(press: Press) -> None:
    """Not the template that asks for it."""
    sheet = shipped("email/inlined.css") + "p { color: var(--nowhere) }"
    (finding,) = finished.find(press.proof(templates={"email/inlined.css": sheet}))
    assert (finding.rule, finding.path.name) == ("template-broken", "inlined.css")
    assert finding.line == len(sheet.splitlines())
