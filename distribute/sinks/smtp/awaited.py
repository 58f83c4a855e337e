"""What the replies that are still to come will answer, and how long each may take."""

from enum import Enum, auto
from types import MappingProxyType

from distribute.campaign.campaign import Stage
from distribute.sinks.smtp.waits import COMMAND, DATA_END, DATA_START


class Asked(Enum):
    """What a reply will be the answer to."""

    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    END = auto()
    LONE_DOT = auto()
    """Ends a message to nobody: its recipient was refused, and DATA was not."""
    RSET = auto()


ENVELOPE = (Asked.MAIL, Asked.RCPT, Asked.DATA)
STAGES = MappingProxyType(
    {
        Asked.MAIL: Stage.MAIL,
        Asked.RCPT: Stage.RCPT,
        Asked.DATA: Stage.DATA,
        Asked.END: Stage.END,
    }
)


def wait_for(asked: Asked) -> float:
    """Give the seconds that one reply may take (RFC 5321 section 4.5.3.2)."""
    if asked is Asked.END:
        return DATA_END
    return DATA_START if asked is Asked.DATA else COMMAND
