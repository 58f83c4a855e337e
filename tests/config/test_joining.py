"""Where pages lead who wants to subscribe."""

from pathlib import Path

import pytest

from distribute.config.settings import parse_settings
from distribute.editions.publication import Publication
from distribute.errors import ConfigError
from distribute.mailbox import Mailbox

NEWSLETTER = """
[newsletter]
title = "Tide Letter"
url = "https://tide.example.org/"
tag = "example.org,2026"
languages = ["en"]
"""
SENDER = '[sender]\nfrom = "Tide Letter <news@example.org>"\n'


def publication_of(*tables: str) -> Publication:
    """Read the newsletter of a file with these tables."""
    text = NEWSLETTER + "\n".join(tables)
    path = Path("distribute.toml")
    return parse_settings(text, folder=Path("letter"), path=path).publication


def test_they_lead_to_the_form_that_answers() -> None:
    """It is where personal links lead, too."""
    assert publication_of(SENDER).joins_at == "https://tide.example.org/subscribe"
    elsewhere = publication_of(SENDER, '[public]\nurl = "https://join.example.org/in/"')
    assert elsewhere.joins_at == "https://join.example.org/in/subscribe"
    assert not elsewhere.has_by_mail


def test_they_say_how_to_write_where_nothing_answers() -> None:
    """To where answers to the newsletter go."""
    found = publication_of(SENDER, '[public]\nanswers = "mail"')
    assert (found.joins_at, found.joins_by) == (
        "",
        Mailbox("news@example.org", "Tide Letter"),
    )
    reply_to = f'{SENDER}reply_to = "desk@example.org"\n'
    found = publication_of(reply_to, '[public]\nanswers = "mail"')
    assert found.joins_by == Mailbox("desk@example.org")
    assert found.has_by_mail


def test_who_sends_no_mail_has_nothing_to_join() -> None:
    """Such a newsletter is read in feeds."""
    for answers in ("serve", "mail"):
        found = publication_of(f'[public]\nanswers = "{answers}"')
        assert (found.joins_at, found.joins_by) == ("", None)


def test_the_privacy_policy_is_a_web_page() -> None:
    """Its address may have all that addresses have; one that is none is a mistake."""
    found = publication_of('[public]\nprivacy = "https://example.org/privacy?l=en#us"')
    assert found.privacy == "https://example.org/privacy?l=en#us"
    with pytest.raises(ConfigError, match=r"public\.privacy"):
        publication_of('[public]\nprivacy = "javascript:alert(1)"')
