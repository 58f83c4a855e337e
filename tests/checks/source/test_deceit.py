"""Links whose words name one site and whose address is another's."""

import pytest

from distribute.checks.source.deceit import find
from distribute.finding import Severity
from tests.checks.source.drafts import found


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("boats.harbour.org", "https://boats.example.net/"),
        ("https://tides.net/now", "https://moon.org/now"),
        ("**tides.net**", "https://moon.org/now"),
        ("www.tides.net/now?a=b", "https://moon.org/"),
        ("tides.co.uk", "https://moon.co.uk/"),
        ("müllers-boote.de", "https://moon.org/"),
    ],
)
def test_another_host_is_an_error(words: str, address: str) -> None:
    """So do mails that steal passwords, whatever was meant."""
    (finding,) = found(find, f"Look: [{words}]({address})")
    assert finding.rule == "link-host-mismatch"
    assert finding.severity is Severity.ERROR
    assert finding.words == f"[{words}]({address})"


def test_a_host_before_other_words_is_a_warning() -> None:
    """Filters look at what the words begin with."""
    (finding,) = found(find, "[tides.net tables](https://moon.org/tables)")
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("tides.net", "https://www.tides.net/now"),
        ("www.tides.net", "https://tides.net"),
        ("tides.net", "https://tables.tides.net/"),
        ("tables.tides.net", "https://tides.net/"),
        ("tides.net", "http://tides.org/"),
        ("news.tides.co.uk", "https://www.tides.co.uk/"),
        ("youtube.com/boats", "https://youtu.be/1a2b"),
        ("bücher.example", "https://xn--bcher-kva.example/"),
        ("Node.js", "https://moon.org/"),
        ("boat.py", "https://moon.org/boat"),
        ("map.png", "https://moon.org/map"),
        ("v2.0", "https://moon.org/v2"),
        ("e.g. this", "https://moon.org/"),
        ("a boat. Its name", "https://moon.org/"),
        ("ahoy@tides.net", "mailto:ahoy@tides.net"),
        ("tides.net", "mailto:ahoy@moon.org"),
        ("see tides.net", "https://moon.org/"),
    ],
)
def test_what_is_no_deceit(words: str, address: str) -> None:
    """The same site under another name, and words that are no host."""
    assert not found(find, f"Look: [{words}]({address})")


def test_an_address_that_is_written_out_names_itself() -> None:
    """Also where a line of another script touches it."""
    assert not found(find, "看https://tides.net/now这里", "zh")
