"""Pages that ask to be told when there is something newer."""

import re
from base64 import b64encode
from hashlib import sha256

EVENTS = "/events"
"""Where that is told; with ``?since=`` and the version of the page that asks."""

_STILL = 'data-live=""'
_POLICY = re.compile(
    r'(<meta http-equiv="Content-Security-Policy" content="default-src (&#39;|\')none\2)'
)
_SCRIPT = (
    f'new EventSource("{EVENTS}?since=" + document.documentElement.dataset.version)'
    '.addEventListener("message", () => location.reload());'
)


def made_live(page: str, version: int) -> str:
    """Let a page of the gallery show itself anew; in the file it stays as it is.

    The gallery's own script does it once it is told where to ask, and its policy has to
    let it ask there.
    """
    address = f'data-live="{EVENTS}?since={version}"'
    allowed = _POLICY.sub(r"\1; connect-src \2self\2", page, count=1)
    return allowed.replace(_STILL, address, 1)


def live_script() -> tuple[str, str]:
    """Give the script of a page that has no other, and the policy that lets it run."""
    digest = b64encode(sha256(_SCRIPT.encode()).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; connect-src 'self'; "
        "style-src 'unsafe-inline'"
    )
    return _SCRIPT, policy
