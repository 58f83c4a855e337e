"""Addresses become absolute and legal, or are refused with a hint."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.render.links.addresses import (
    AddressError,
    encode,
    is_plain,
    is_web_address,
    resolve,
)

BASE = "https://news.example.org/en/boats/"


@pytest.mark.parametrize(
    ("written", "absolute"),
    [
        ("../images/a.png", "https://news.example.org/en/images/a.png"),
        ("../../../../a.png", "https://news.example.org/a.png"),
        ("/images/a b.png", "https://news.example.org/images/a%20b.png"),
        ("#part", BASE + "#part"),
        ("#/en/page", BASE + "#/en/page"),
        ("?page=2", BASE + "?page=2"),
        ("sheet.pdf", BASE + "sheet.pdf"),
        ("archive/old.html", BASE + "archive/old.html"),
        ("//cdn.example.net/x", "https://cdn.example.net/x"),
        ("https://example.net?", "https://example.net?"),
        ("HTTPS://Example.NET/Path", "https://Example.NET/Path"),
        ("https://u:p@example.net:8443/", "https://u:p@example.net:8443/"),
        ("https://192.0.2.7/x", "https://192.0.2.7/x"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        (" https://example.net/a\n b ", "https://example.net/a%20b"),
        ("mailto:ed@example.net?subject=A b", "mailto:ed@example.net?subject=A%20b"),
        ("tel:+49 30 1234", "tel:+49301234"),
    ],
)
def test_written_addresses_become_absolute(written: str, absolute: str) -> None:
    """Relative, protocol-relative and absolute addresses resolve as browsers do it."""
    assert resolve(written, BASE) == absolute


@pytest.mark.parametrize(
    ("written", "legal"),
    [
        ("https://example.net/%e7%C3", "https://example.net/%e7%C3"),
        ("https://example.net/100%", "https://example.net/100%25"),
        ("https://example.net/é", "https://example.net/%C3%A9"),
        ("https://example.net/a|b", "https://example.net/a%7Cb"),
        ("https://example.net/x]", "https://example.net/x]"),
        ("https://example.net/a_(b)", "https://example.net/a_(b)"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ],
)
def test_spelling_is_made_legal_and_nothing_else(written: str, legal: str) -> None:
    """What RFC 3986 forbids is encoded; existing escapes keep their case."""
    assert resolve(written, BASE) == legal


@pytest.mark.parametrize(
    ("written", "rule", "hint"),
    [
        ("", "link-empty", "Write the address"),
        ("javascript:alert(1)", "link-scheme", "https://"),
        ("java\nscript:alert(1)", "link-scheme", "https://"),
        ("data:text/html,x", "link-scheme", "https://"),
        ("ftp://example.net/x", "link-scheme", "https://"),
        ("ttps://example.net/x", "link-scheme", "Write https://example.net/x."),
        ("htp://example.net/x", "link-scheme", "Write https://example.net/x."),
        ("https//example.net/x", "link-broken", "Write https://example.net/x."),
        ("http//example.net/x", "link-broken", "Write https://example.net/x."),
        ("((https://example.net/x", "link-broken", "Write https://example.net/x."),
        ("https://https://example.net", "link-broken", "Write https://example.net."),
        ("example.net", "link-scheme", "Write https://example.net."),
        ("news.example.net/a", "link-scheme", "Write https://news.example.net/a."),
        ("example.net:8080/a", "link-scheme", "Write https://example.net:8080/a."),
        ("_COPY1@e.someone/a-post", "link-broken", "https://"),
        ("http://Some%20Page%20Title", "link-broken", "https://"),
        ("http://[bad", "link-broken", "https://"),
        ("https:///path", "link-broken", "https://"),
        ("https:\\\\example.net", "link-broken", "https://"),
        ("https://localhost/x", "link-broken", "https://"),
        ("http://[::1]:8000/x", "link-broken", "https://"),
        ("https://127.0.0.1/x", "link-broken", "https://"),
        ("https://example.net:99999999/", "link-broken", "https://"),
        ("https://-example.net/", "link-broken", "https://"),
        ("mailto:nobody", "link-broken", "mailto:"),
        ("tel:now", "link-broken", "tel:"),
    ],
)
def test_what_cannot_be_followed_is_refused(written: str, rule: str, hint: str) -> None:
    """Other schemes, no host, no scheme and nonsense say what is wrong and what to do."""
    with pytest.raises(AddressError) as refused:
        resolve(written, BASE)
    assert refused.value.rule == rule
    assert hint in refused.value.hint


def test_an_address_of_the_author_s_own_computer_is_called_so() -> None:
    """Nobody wonders why it works where it was written."""
    with pytest.raises(AddressError) as refused:
        resolve("http://localhost:4000/draft", BASE)
    assert refused.value.reason.endswith("leads to the reader's own computer")


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=60) | st.from_regex(r"(https?:)?//[ -~é語]{0,40}", fullmatch=True)
)
def test_any_text_is_resolved_to_legal_ascii_or_refused(written: str) -> None:
    """No input makes it crash, and what comes out stays as it is when resolved again."""
    try:
        url = resolve(written, BASE)
    except AddressError:
        return
    assert url.isascii()
    assert not set(url) & set(' "<>\\^`{|}\n')
    assert url.partition(":")[0] in {"http", "https", "mailto", "tel"}
    assert resolve(url, BASE) == url


@settings(max_examples=200, deadline=None)
@given(
    st.from_regex(
        r"[Hh]ttps?://[a-zA-Z0-9_.\-]{1,9}\.[a-zA-Z0-9]{1,3}"
        r"([:/?#][ -~\xa0é\n]{0,9})?",
        fullmatch=True,
    )
)
def test_what_is_plain_is_what_the_complete_way_leaves_alone(written: str) -> None:
    """With white space around it no address is plain, and so it is taken apart."""
    if is_plain(written):
        assert resolve(written, BASE) == resolve(f" {written} ", BASE) == written
        assert is_web_address("HTTP" + written[4:])


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("https://example.net", True),
        ("http://a-b.Example.net/c_(d)?e=%20#f", True),
        ("https://example.net/100%", False),
        ("https://example.net:80/", False),
        ("https://u@example.net/", False),
        ("https://127.0.0.1/", False),
        ("https://example.net/é", False),
        ("https://example.net/a b", False),
        ("https://example.net/\n", False),
        ("https://example.net/" + 2000 * "a", False),
        ("https://" + 60 * "abcd." + "net/", False),
        ("mailto:a@example.net", False),
        ("//example.net/", False),
        ("/a", False),
    ],
)
def test_nearly_all_addresses_are_plain(written: str, *, plain: bool) -> None:
    """Whole web addresses are, in so far as there is nothing at all to settle."""
    assert is_plain(written) is plain


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_encoding_twice_is_encoding_once(text: str) -> None:
    """Percent-encoding leaves alone what is encoded already."""
    assert encode(encode(text)) == encode(text)


def test_a_web_address_needs_a_scheme_and_a_host() -> None:
    """Only what can be followed as it stands counts as an address in running text."""
    assert is_web_address("https://example.net/a")
    assert not any(map(is_web_address, ("https://", "example.net", "mailto:a@b.org")))


def test_addresses_in_addresses_are_no_trap() -> None:
    """However often somebody has pasted one before the other."""
    assert not is_web_address("https://" * 20_000)
    with pytest.raises(AddressError) as refused:
        resolve("https://" * 20_000 + "example.net", BASE)
    assert refused.value.rule == "link-broken"
