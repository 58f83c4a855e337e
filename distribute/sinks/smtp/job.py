"""A parcel in the hands of the SMTP sink."""

from collections.abc import Sequence

from distribute.campaign.campaign import Message, Parcel
from distribute.sinks.smtp import commands


class Job:
    """A parcel, its message as it travels, and what it has been through."""

    __slots__ = ("content", "is_released", "parcel", "tries")

    def __init__(self, parcel: Parcel) -> None:
        self.parcel = parcel
        self.content: Sequence[bytes] = ()
        """The message with its final dot; see `prepare`."""
        self.is_released = False
        """Whether its message may leave."""
        self.tries = 0
        """How many connections broke with it."""

    def prepare(self) -> None:
        """Make the message ready to travel; raises `PermanentDeliveryError` for bare LF."""
        self.content = _content(self.parcel.message)


def _content(message: Message) -> Sequence[bytes]:
    if message.tidy:
        return (*message.pieces, commands.END_OF_DATA)
    return (commands.data(b"".join(message.pieces)),)
