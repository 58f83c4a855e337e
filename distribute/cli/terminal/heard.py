"""What a report that came back says, in few words."""

from distribute.campaign.returned.report import Kind

_OF_SERVERS = frozenset({Kind.FAILED, Kind.DELAYED, Kind.DELIVERED})
"""Their words alone do not tell what has become of a mail."""


def heard(kind: str, status: str, text: str) -> str:
    """Say each thing once; `status` is often among the words already.

    >>> heard("failed", "5.1.1", "550 5.1.1 User unknown")
    'failed: 550 5.1.1 User unknown'
    >>> heard("delayed", "4.2.2", "")
    'delayed: 4.2.2'
    >>> heard("leave", "", "asks to leave")
    'asks to leave'
    """
    words = text if status in text else f"{status} {text}".strip()
    if words and kind not in _OF_SERVERS:
        return words
    return f"{kind}: {words}" if words else kind
