"""The text part says what the HTML says."""

from distribute.checks.mail import twin
from distribute.checks.mail.twin import likeness
from distribute.finding import Severity
from tests.checks.press import BODY, Press, only, shipped

STUB = '{{ edition.title }}\n{{ t("text.labelled", label=t("email.view"), value=edition.url) }}\n'
CHINESE = (
    "三个冬天之后，老渡船又开过海峡。早上七点、中午和傍晚六点各有一班，单程十一分钟。\n"
    * 6
)


def test_our_text_part_has_all_words_and_links(press: Press) -> None:
    """In Latin and in Chinese, mail addresses and footnotes too."""
    body = f"{BODY}\nWrite to [us](mailto:letters@harbour.example.org).[^1]\n\n[^1]: A note.\n"
    assert list(twin.find(press.proof(body=body))) == []
    assert list(twin.find(press.proof("lang: zh", body=CHINESE))) == []


def test_a_few_words_make_no_difference(press: Press) -> None:
    """In a mail of one line, a label whose address stands in the text is much."""
    body = "Read [www.tea.example](https://tea.example/)."
    assert list(twin.find(press.proof(body=body))) == []


def test_a_stub_is_an_error_of_the_template(press: Press) -> None:
    """Filters take it for a disguise; the links are missed as well."""
    for head, body in (("lang: en", BODY), ("lang: zh", CHINESE + BODY)):
        proof = press.proof(head, body=body, templates={"email/email.txt": STUB})
        finding = only(twin.find(proof), "text-differs")
        assert finding.severity is Severity.ERROR
        assert finding.path == press.folder / "templates/email/email.txt"
        links = only(twin.find(proof), "text-links")
        assert "https://ferry.example.net/first" in links.message


def test_what_the_template_adds_in_html_alone_is_a_warning(press: Press) -> None:
    """Less than nine tenths of the words are the same."""
    extra = " ".join(f"word{number}" for number in range(12))
    html = shipped(
        "email/email.html",
        ("{{ body | safe }}", f"{{{{ body | safe }}}}<p>{extra}</p>"),
    )
    finding = only(
        twin.find(press.proof(templates={"email/email.html": html})), "text-differs"
    )
    assert finding.severity is Severity.WARNING


def test_a_text_without_title_and_footer_is_the_templates_fault(press: Press) -> None:
    """Though it gives the whole post."""
    proof = press.proof(templates={"email/email.txt": "{{ text }}"})
    finding = only(twin.find(proof), "text-differs")
    assert finding.path.name == "email.txt"


def test_likeness_counts_words_and_characters() -> None:
    """Each as often as it stands there; Chinese by characters; addresses do not count."""
    assert likeness("ferry ferry pier pier", "Ferry, pier!") == 0.5
    assert likeness("渡船又开航", "渡船https://x.example又开") == 0.8
    assert likeness("", "words") == 1.0
