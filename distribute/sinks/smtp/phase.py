"""How far a conversation with a mail server has come."""

from enum import Enum, auto


class Phase(Enum):
    """Each comes after the one before; without TLS nobody shakes hands."""

    CONNECTING = auto()
    SHAKING_HANDS = auto()
    OPENING = auto()
    """Greeting, EHLO, AUTH."""
    OPEN = auto()
    """Messages can be sent."""
    PARTING = auto()
    """QUIT has been said."""
    OVER = auto()
