"""Sizes: what Gmail clips, what it drops, and what filters pass over."""

from distribute.checks.mail import size
from distribute.checks.weight import sections_of, weight_of_html, weight_of_styles
from distribute.finding import Severity
from tests.checks.press import Press, only, shipped

PARAGRAPH = (
    "The tide comes in and the tide goes out, and the ferry waits. " * 16 + "\n\n"
)


def body_of(paragraphs: int) -> str:
    """Write a post with a long middle part."""
    return f"## Short\n\nOne line.\n\n## Tables of the tide\n\n{PARAGRAPH * paragraphs}"


def test_a_usual_mail_is_light(press: Press) -> None:
    """Nothing is said about it, and its weight is a part of the limit."""
    proof = press.proof()
    assert list(size.find(proof)) == []
    weight = weight_of_html(proof.email, proof.public_url)
    assert 0 < weight.share < 0.3
    assert weight.size > len(proof.email.html.encode())


def test_a_long_mail_is_told_and_the_heaviest_part_named(press: Press) -> None:
    """From 80,000 bytes on it is a warning, beyond 102,400 an error."""
    for paragraphs, severity in ((70, Severity.WARNING), (100, Severity.ERROR)):
        finding = only(size.find(press.proof(body=body_of(paragraphs))), "html-size")
        assert finding.severity is severity
        assert "Gmail clips it at 102,400" in finding.message
        assert "“Tables of the tide” " in finding.hint
        assert (finding.line, finding.words) == (9, "Tables of the tide")
        assert finding.hint.index("Tables") < finding.hint.index("Short")


def test_the_heaviest_part_is_pointed_at_by_its_headline(press: Press) -> None:
    """Not where its words stand elsewhere, nor by marks that the layout adds."""
    for headline in (
        "Ferry",
        "أخبار C++ الميناء",
        "The *old* ferry & its [pier](https://x.example)",
    ):
        body = f"The Ferry runs.\n\n## Short\n\nx\n\n## {headline}\n\n{PARAGRAPH * 100}"
        finding = only(size.find(press.proof("lang: ar", body=body)), "html-size")
        assert finding.line == 12


def test_the_longest_values_count(press: Press) -> None:
    """The link to unsubscribe and the address are those of the longest address."""
    proof = press.proof()
    near = weight_of_html(proof.email, "https://a.example")
    far = weight_of_html(proof.email, "https://a.example/" + "b" * 100)
    assert far.size - near.size >= 101


def test_long_style_sheets_are_told(press: Press) -> None:
    """What Gmail would drop is an error at the template."""
    for rules, severity in ((240, Severity.WARNING), (500, Severity.ERROR)):
        sheet = "\n.filler { color: #112233 !important; }" * rules
        kept = shipped("email/kept.css") + sheet
        finding = only(
            size.find(press.proof(templates={"email/kept.css": kept})), "style-size"
        )
        assert finding.severity is severity
        assert finding.path.name == "email.html"


def test_a_message_that_filters_skip_is_told(press: Press) -> None:
    """More than 500,000 octets in all."""
    finding = only(size.find(press.proof(body=body_of(260))), "message-size")
    assert finding.severity is Severity.WARNING


def test_sections_go_to_the_next_headline_of_their_level() -> None:
    """Deeper headlines belong to the part they stand in; without any there are no parts."""
    html = "<h1>T</h1><h2>A <b>b</b></h2><h3>a</h3>xyz<h2>C</h2>"
    assert [(s.headline, s.level) for s in sections_of(html)] == [("A b", 2), ("C", 2)]
    assert sections_of("<p>No headline</p>") == []


def test_styles_are_counted_together() -> None:
    """Also those with attributes, and in capitals."""
    html = '<STYLE>ab</STYLE><style data-premailer="ignore">cde</style >'
    assert weight_of_styles(html).size == 5
