"""Parcels without a ledger: one short message, for anybody."""

from distribute.campaign.campaign import Envelope, Message, Parcel

CONTENT = b"Subject: hello\r\n\r\nA letter.\r\n"


def parcel(name: str, *, content: bytes = CONTENT, tidy: bool = True) -> Parcel:
    """Make a parcel for somebody."""
    address = f"{name}@example.org"
    return Parcel(
        key=address,
        id=name,
        address=address,
        choice=0,
        attempt=0,
        since=0,
        envelope=Envelope(f"5/en/{name}", "bounces@example.org", address),
        message=Message((content,), len(content), tidy),
    )
