"""The way out of a newsletter: a button for programs, and a link for readers."""

import pytest

from distribute.audience.reception.token import KEY_SIZE, Signer
from distribute.checks.mail import leaving
from distribute.checks.mail.leaving import header_faults, uncovered
from distribute.checks.proof import READER
from distribute.finding import Finding, Severity
from tests.checks.press import SETTINGS, Press, only, rules, shipped

LINK = '<a href="{{ reader.unsubscribe }}">'
TEXT = "value=reader.unsubscribe"


def found(press: Press, **templates: str) -> list[Finding]:
    """Look at a mail made with own templates."""
    own = {f"email/email.{suffix}": text for suffix, text in templates.items()}
    return list(leaving.find(press.proof(templates=own)))


def test_our_mails_can_be_left(press: Press) -> None:
    """In HTML, in text and by the button."""
    assert found(press) == []


@pytest.mark.parametrize(
    "change",
    [
        '<a href="https://harbour.example.org/">',
        '<a style="display:none" href="{{ reader.unsubscribe }}">',
    ],
)
def test_html_without_a_visible_link_is_an_error(press: Press, change: str) -> None:
    """Whether it has gone or is hidden; the template is blamed."""
    html = shipped("email/email.html", (LINK, change))
    finding = only(found(press, html=html), "unsubscribe-link")
    assert finding.severity is Severity.ERROR
    assert finding.path == press.folder / "templates/email/email.html"


@pytest.mark.parametrize(
    "small",
    [
        LINK.replace("<a ", '<a style="font-size:9px" '),
        f'<span style="font-size:9px">{LINK}',
    ],
)
def test_a_tiny_link_is_a_warning(press: Press, small: str) -> None:
    """Thirteen pixels at least, its own or those around it."""
    html = shipped("email/email.html", (LINK, small))
    finding = only(found(press, html=html), "unsubscribe-link")
    assert finding.severity is Severity.WARNING


def test_a_link_with_something_around_it_leads_nowhere(press: Press) -> None:
    """Templates give it as it is."""
    html = shipped(
        "email/email.html",
        (LINK, '<a href="https://t.example/?u={{ reader.unsubscribe }}">'),
    )
    assert rules(found(press, html=html)) == ["unsubscribe-token"]


def test_a_text_without_the_link_is_an_error(press: Press) -> None:
    """Who reads text must be able to leave as well."""
    text = shipped("email/email.txt", (TEXT, "value=home"))
    finding = only(found(press, txt=text), "unsubscribe-link")
    assert finding.path.name == "email.txt"


def test_one_click_needs_https(press: Press) -> None:
    """A public side without it cannot have the button, and the settings are blamed."""
    settings = '\n[public]\nurl = "http://harbour.example.org"\n'
    proof = press.proof(settings=SETTINGS + settings)
    finding = only(leaving.find(proof), "unsubscribe-header")
    assert finding.severity is Severity.ERROR
    assert finding.path == press.folder / "distribute.toml"
    lines = (SETTINGS + settings).splitlines()
    assert lines[finding.line - 1] == 'url = "http://harbour.example.org"'


def test_where_nothing_answers_on_the_web_there_is_no_button(press: Press) -> None:
    """Which is told, and blocks nothing: the links write to us, and are there."""
    settings = '\n[public]\nanswers = "mail"\n'
    proof = press.proof(settings=SETTINGS + settings)
    finding = only(leaving.find(proof), "unsubscribe-header")
    assert finding.severity is Severity.NOTE
    lines = (SETTINGS + settings).splitlines()
    assert lines[finding.line - 1] == 'answers = "mail"'
    assert proof.links.unsubscribe.startswith("mailto:")
    assert proof.links.unsubscribe.encode() in proof.message


def test_without_a_sender_there_is_no_header_to_look_at(press: Press) -> None:
    """Only the links of the mail are."""
    proof = press.proof(settings=SETTINGS.partition("[sender]")[0])
    assert list(leaving.find(proof)) == []


def test_the_headers_belong_together() -> None:
    """One https address, one promise, and a token that names the reader."""
    token = Signer(bytes(KEY_SIZE)).unsubscribe(READER).encode()
    leave = b"<https://harbour.example.org/u/" + token + b">"
    click = b" List-Unsubscribe=One-Click"
    cases: list[tuple[bytes, bytes, list[str]]] = [
        (leave, click, []),
        (leave, b"", ["unsubscribe-header"]),
        (leave + b", " + leave, click, ["unsubscribe-header"]),
        (b"<mailto:a@b.example>", click, ["unsubscribe-header"]),
        (b"<https://harbour.example.org/u/x>", click, ["unsubscribe-token"]),
    ]
    for one, two, expected in cases:
        fields = {"list-unsubscribe": one, "list-unsubscribe-post": two}
        assert [rule.id for rule, _ in header_faults(fields)] == expected


def test_our_signature_covers_both_headers() -> None:
    """Each once more than it is there, so that nobody can add one."""
    assert uncovered(["from", "list-unsubscribe", "list-unsubscribe-post"]) == []
    assert uncovered(["from"]) == []


def test_a_signature_that_leaves_one_out_is_an_error(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where we sign, at that setting; where the server does, it is not ours to say."""
    monkeypatch.setattr(
        leaving, "listed_names", lambda names: [*names, "list-unsubscribe"]
    )
    assert list(leaving.find(press.proof())) == []
    dkim = (
        '[dkim]\ndomain = "harbour.example.org"\n'
        'keys = [{ selector = "s1", file = "s1.pem" }]\n'
    )
    proof = press.proof(settings=SETTINGS + dkim)
    finding = only(leaving.find(proof), "unsubscribe-unsigned")
    assert finding.message.endswith("does not cover list-unsubscribe-post")
    assert (SETTINGS + dkim).splitlines()[finding.line - 1] == "[dkim]"
