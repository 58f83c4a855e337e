"""Links that work, but not as their author or their reader would want."""

import pytest

from distribute.checks.source.links import find, unmarked
from distribute.finding import Severity
from tests.checks.source.drafts import SITE, found, rules_of


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("http://boats.example.org/a", "link-http"),
        ("https://boats.example.org/a", ""),
        ("https://192.168.0.7/wiki", "link-inner"),
        ("http://10.1.2.3:8080/", "link-inner"),
        ("https://mole.harbour.local/", "link-inner"),
        ("https://wiki.intranet/", "link-inner"),
        ("https://8.8.8.8/", ""),
        ("https://skipper:knot@boats.example.org/", "link-credentials"),
        ("https://skipper@boats.example.org/", "link-credentials"),
        ("https://boats.example.org/@skipper", ""),
        ("https://boats.example.org/?id=*|UNIQID|*", "template-left"),
        ("https://boats.example.org/?mail=%%emailaddr%%", "template-left"),
        ("https://boats.example.org/100%25", ""),
        ("https://bit.ly/3abc", "link-shortener"),
        ("https://www.tinyurl.com/3abc", "link-shortener"),
        ("https://rabbit.ly/3abc", ""),
        ("https://youtu.be/3abc", ""),
        ("https://tides.firebaseapp.com/", "link-free-host"),
        ("https://tides.web.app/now", "link-free-host"),
        ("https://app.example.org/?utm_source=letter", "link-tracking"),
        ("https://app.example.org/?a=b&fbclid=1x", "link-tracking"),
        (f"{SITE}/a/?utm_source=letter", ""),
        ("https://app.example.org/utm_source=a", ""),
        ("https://app.example.org/?my_utm_source=a", ""),
    ],
)
def test_what_is_odd_about_an_address(address: str, rule: str) -> None:
    """Each is found by its rule, at the address; what is like it is not."""
    findings = found(find, f"Two lines,\nand [a boat]({address}) in the second.")
    assert rules_of(findings) == [rule] * bool(rule)
    for finding in findings:
        assert finding.line == 7
        assert finding.words in {address, f"[a boat]({address})"}
        assert finding.hint.endswith(".")
        assert not finding.message.endswith(".")


def test_addresses_that_are_written_out_count_too() -> None:
    """In Chinese there is no space around them."""
    (finding,) = found(find, "船在这里：http://boats.example.org/a。", "zh")
    assert finding.rule == "link-http"
    assert finding.words == "http://boats.example.org/a"


def test_links_in_html_and_lists_are_looked_at() -> None:
    """And in tables; each is a finding of its own."""
    body = (
        "- [un](http://a.example.org/)\n- deux\n\n"
        '<p><a href="http://b.example.org/">b</a></p>\n\n'
        "| x |\n|---|\n| [c](http://c.example.org/) |\n"
    )
    findings = found(find, body, "fr")
    assert [(f.rule, f.line) for f in findings] == [
        ("link-http", 6),
        ("link-http", 9),
        ("link-http", 13),
    ]


def test_code_is_no_link() -> None:
    """An address in code leads nowhere."""
    assert not found(
        find, "Write `http://a.example.org/`.\n\n    http://b.example.org/"
    )


def test_pictures_over_http_are_found() -> None:
    """Browsers refuse them on a page that is read over https."""
    (finding,) = found(find, "![Barco](http://a.example.org/b.png)", "pt-BR")
    assert finding.rule == "image-http"


def test_fields_of_other_programs_are_found_in_the_text() -> None:
    """Readers would see them as they are; percent signs and pipes are no fields."""
    body = "Dear *|FNAME|*,\n50%% of %%first_name%%, 10 % | 20 % | 30 %"
    findings = found(find, body)
    assert [(f.rule, f.words) for f in findings] == [
        ("template-left", "*|FNAME|*"),
        ("template-left", "%%first_name%%"),
    ]
    assert {f.severity for f in findings} == {Severity.ERROR}


def test_the_hint_has_the_address_without_marks() -> None:
    """All else of it stays."""
    address = "https://a.example.org/?utm_source=b&page=2&utm_medium=c#top"
    (finding,) = found(find, f"[A]({address})")
    assert finding.hint == "Write https://a.example.org/?page=2#top."
    assert unmarked("https://a.example.org/?page=2") == "https://a.example.org/?page=2"
