"""A newsletter whose sending is in good order, to be changed in one place at a time."""

from dataclasses import replace
from typing import Any

from distribute.campaign.sender import Sender
from distribute.checks.domain.situation import (
    Audience,
    Database,
    Guarded,
    Output,
    OwnKey,
    Public,
    Server,
    Situation,
)
from distribute.mailbox import Mailbox

PUBLIC_HALF = b"\x30" + bytes(range(200))
SENDER = Sender(
    mailbox=Mailbox("letters@garden.net", "Letters from the garden"),
    bounces=Mailbox("bounces@mail.garden.net"),
)
KEY = OwnKey(
    selector="s1",
    file=Guarded(place="s1.pem", setting="[dkim] keys"),
    algorithm="rsa",
    bits=2048,
    public=PUBLIC_HALF,
    record="v=DKIM1; k=rsa; p=MAAB",
)
SERVER = Server(
    name="smtp.garden.net",
    table="[smtp]",
    host="smtp.garden.net",
    port=587,
    security="starttls",
    is_local=False,
    secret=None,
)
PUBLIC = Public(
    url="https://garden.net",
    public_url="https://garden.net",
    key=None,
    tag="garden.net,2026",
    zone="UTC",
    address="1 Garden Lane",
)
SITUATION = Situation(
    sender=SENDER,
    signing_domain="garden.net",
    keys=(KEY,),
    servers=(SERVER,),
    public=PUBLIC,
    database=Database(path="distribute.db", exists=True),
    output=Output(path="out"),
    audience=Audience(active=12),
)


def sender(**changes: str) -> Sender:
    """Give the sender with other addresses."""
    parsed: dict[str, Any] = {
        name: Mailbox.parse(text) for name, text in changes.items()
    }
    return replace(SENDER, **parsed)


def situation(**changes: Any) -> Situation:
    """Give the situation with something changed."""
    return replace(SITUATION, **changes)
