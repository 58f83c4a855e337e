"""What workers send is written down once, and is the same on every machine."""

import json
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribute.campaign.campaign import Campaign
from distribute.campaign.fleet.frozen import from_bytes, to_bytes
from distribute.campaign.message.compiled import compile_message
from distribute.campaign.message.links import Links
from distribute.campaign.sender import Sender
from distribute.errors import PlanError
from distribute.mailbox import Mailbox
from tests.campaign.fleet.handed import frozen_campaign
from tests.campaign.mailings import EN, email_in
from tests.readers import ARCHIVE, CAMPAIGN

_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_MAILBOXES = st.builds(Mailbox, _WORDS, _WORDS)


def test_the_messages_are_those_of_one_machine() -> None:
    """Octet for octet."""
    message = from_bytes(to_bytes(frozen_campaign())).messages()[EN]
    here = compile_message(
        CAMPAIGN,
        email_in(EN),
        archive_url=ARCHIVE,
        list_archive_url="https://news.example.org/",
    )
    ada, id_ = Mailbox("ada@example.org", "Ada"), "f" * 24
    links = Links("https://news.example.org/u/x", "https://news.example.org/p/x")
    there, same = (each.write(ada, id_, links) for each in (message, here))
    assert b"".join(there.pieces) == b"".join(same.pieces)


@given(_MAILBOXES, _MAILBOXES, st.none() | _MAILBOXES, _WORDS)
def test_nothing_is_lost(
    sender: Mailbox, bounces: Mailbox, reply_to: Mailbox | None, name: str
) -> None:
    """Whoever it comes from, and whatever the newsletter is called."""
    campaign = replace(
        CAMPAIGN,
        sender=Sender(mailbox=sender, bounces=bounces, reply_to=reply_to, verp=True),
        list_name=name,
        by_mail=True,
    )
    frozen = frozen_campaign(campaign)
    assert from_bytes(to_bytes(frozen)) == frozen
    assert to_bytes(frozen) == to_bytes(from_bytes(to_bytes(frozen)))


def test_the_date_keeps_its_offset() -> None:
    """It stands in every message."""
    started = datetime.fromisoformat("2026-11-20T18:00:00+05:30")
    frozen = frozen_campaign(replace(CAMPAIGN, started=started))
    campaign: Campaign = from_bytes(to_bytes(frozen)).campaign
    assert campaign.started.isoformat() == started.isoformat()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"form": 2}', b"\xff", b"null"]
)
def test_what_another_version_wrote_is_refused(content: bytes) -> None:
    """With the next step."""
    with pytest.raises(PlanError, match="another distribute") as refused:
        from_bytes(content)
    assert "same version" in refused.value.hint


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_no_json_is_misread(content: object) -> None:
    """It is refused, whatever it is."""
    with pytest.raises(PlanError):
        from_bytes(json.dumps(content).encode())
