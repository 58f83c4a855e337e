"""Text can be read on what it stands on."""

import pytest

from distribute.checks.styles import legible
from distribute.finding import Finding, Severity
from tests.checks.press import SETTINGS, Press, only, shipped


def test_our_mails_can_be_read(press: Press) -> None:
    """By daylight; the colours of the theme are looked at in light and dark."""
    proof = press.proof()
    assert list(legible.find(proof)) == []
    assert list(legible.find_flaws(proof.theme, proof.publication)) == []


@pytest.mark.parametrize(
    ("colour", "severity"), [("#808080", Severity.WARNING), ("#c0c0c0", Severity.ERROR)]
)
def test_a_pale_text_of_a_template_is_found(
    press: Press, colour: str, severity: Severity
) -> None:
    """At the line of its colour: below 4.5 a warning, below 3 an error."""
    pale = f'<p style="color:{colour};background-color:#fafafa">Pale words</p>'
    html = shipped(
        "email/email.html", ("{{ body | safe }}", f"{pale}{{{{ body | safe }}}}")
    )
    proof = press.proof(templates={"email/email.html": html})
    finding = only(legible.find(proof), "contrast-low")
    assert finding.severity is severity
    assert "“Pale words”" in finding.message
    assert (finding.words, finding.line > 30) == (colour, True)


def test_colours_come_from_around_an_element(press: Press) -> None:
    """A ground far outside holds for the text within; large or hidden makes no difference."""
    dark = '<div style="background-color:#222222"><p><b>Lost</b></p></div>'
    html = shipped(
        "email/email.html", ("{{ body | safe }}", f"{dark}{{{{ body | safe }}}}")
    )
    proof = press.proof(templates={"email/email.html": html})
    assert "#222222" in only(legible.find(proof), "contrast-low").message


def test_colours_of_the_settings_are_looked_at(press: Press) -> None:
    """What was chosen under [theme] is blamed there; what nobody can read is no setting."""
    theme = '\n[theme.light]\nink = "#808080"\n'
    proof = press.proof(settings=SETTINGS + theme)
    findings = list(legible.find_flaws(proof.theme, proof.publication))
    assert any("ink on paper" in finding.message for finding in findings)
    assert {finding.path.name for finding in findings} == {"distribute.toml"}
    assert {finding.severity for finding in findings} == {Severity.WARNING}
    line = (SETTINGS + theme).splitlines().index('ink = "#808080"') + 1
    assert {finding.line for finding in findings} == {line}


BODY = "{{ body | safe }}"


def in_the_dark(press: Press, **changes: tuple[str, str]) -> Finding:
    """Give what is found in the dark alone, with own files of these names."""
    suffixes = {"email": "html", "inlined": "css", "kept": "css"}
    names = {name: f"email/{name}.{suffixes[name]}" for name in changes}
    own = {
        names[name]: shipped(names[name], change) for name, change in changes.items()
    }
    finding = only(legible.find(press.proof(templates=own)), "contrast-low")
    assert finding.message.startswith("in the dark ")
    return finding


def test_a_colour_of_the_light_is_found_in_the_dark(press: Press) -> None:
    """A ground that turns dark under words that stay so; at the words' colour."""
    finding = in_the_dark(
        press, email=(BODY, f'<p style="color:#333333">Own</p>{BODY}')
    )
    assert "#333333 on #" in finding.message
    assert (finding.words, finding.severity) == ("#333333", Severity.ERROR)
    assert "email/kept.css" in finding.hint


def test_a_rule_for_the_dark_is_looked_at(press: Press) -> None:
    """Where it makes text hard to read; at its line."""
    rule = "@media (prefers-color-scheme:dark) {"
    pale = f"{rule}\n.content p {{ color: #555555 !important; }}"
    finding = in_the_dark(press, kept=(rule, pale))
    assert (finding.path.name, finding.words) == ("kept.css", "#555555")


def test_a_rule_for_the_dark_mends_a_colour(press: Press) -> None:
    """What is said for both is looked at in both."""
    rule = "@media (prefers-color-scheme:dark) {"
    own = {
        "email/email.html": shipped(
            "email/email.html",
            (BODY, f'<p class="own" style="color:#333333">Own</p>{BODY}'),
        ),
        "email/kept.css": shipped(
            "email/kept.css",
            (rule, f"{rule}\n.content .own {{ color: #dddddd !important }}"),
        ),
    }
    assert list(legible.find(press.proof(templates=own))) == []


def test_without_rules_for_the_dark_nothing_is_said_of_it(press: Press) -> None:
    """Programs then choose the colours by themselves."""
    light = shipped("email/kept.css").partition("@media (prefers-color-scheme")[0]
    own = {
        "email/email.html": shipped(
            "email/email.html", (BODY, f'<p style="color:#333333">Own</p>{BODY}')
        ),
        "email/kept.css": light,
    }
    assert list(legible.find(press.proof(templates=own))) == []
