"""Addresses that were copied with too much or too little."""

import pytest

from distribute.checks.source.copied import find
from tests.checks.source.drafts import found, rules_of


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("https://boats.example.org/rope%27", "link-encoded-end"),
        ("https://boats.example.org/rope/%22", "link-encoded-end"),
        ("https://boats.example.org/rope%E2%80%9D", "link-encoded-end"),
        ("https://boats.example.org/rope/of/he...", "link-ellipsis"),
        ("https://a.example.org/ https://b.example.org/", "link-two-addresses"),
        ("https://boats.example.org/?q=%22rope%22", ""),
        ("https://boats.example.org/d%27or", ""),
        ("https://boats.example.org/Rope_Ltd.", ""),
        ("https://old.example.org/web/2020/https://boats.example.org/", ""),
        ("mailto:ahoy@boats.example.org?body=Tell%20me...", ""),
    ],
)
def test_what_is_too_much_or_too_little(address: str, rule: str) -> None:
    """Found at the link, whatever the language around it."""
    findings = found(find, f"Deux lignes,\net [un bateau]({address}).", "fr")
    assert rules_of(findings) == [rule] * bool(rule)
    for finding in findings:
        assert finding.words == f"[un bateau]({address})"


def test_the_hint_is_the_address_without_the_mark() -> None:
    """What follows it is no part of the address either."""
    (finding,) = found(find, "[a](https://boats.example.org/rope/%27/)")
    assert finding.hint == "Write https://boats.example.org/rope/."
