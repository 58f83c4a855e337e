"""What providers tell in JSON: one notification, several in a list, or one per line."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from distribute.campaign.returned import document
from distribute.campaign.returned.mailgun import read_mailgun
from distribute.campaign.returned.postmark import read_postmark
from distribute.campaign.returned.provider import Provider
from distribute.campaign.returned.read import read_returned
from distribute.campaign.returned.report import Returned
from distribute.campaign.returned.ses import read_ses
from distribute.campaign.returned.verp import Ours
from distribute.errors import AudienceError

MOST = 10_000
"""Notifications in one document."""


_Reader: TypeAlias = Callable[[object, Ours], Returned | None]
_READERS: dict[Provider, _Reader] = {
    Provider.SES: read_ses,
    Provider.POSTMARK: read_postmark,
    Provider.MAILGUN: read_mailgun,
}
_ABOUT_ITSELF = frozenset({"SubscriptionConfirmation", "UnsubscribeConfirmation"})
"""What SNS sends about its own subscription; see `signatures.subscribe_url`."""


def read_notice(
    provider: Provider | None, body: bytes, *, ours: Ours
) -> tuple[Returned, ...]:
    """Read what a provider sent; `None` for whoever it is told by its looks.

    It is empty for what SNS sends about its own subscription. Raises `AudienceError` for
    what is no notification of that provider. It does not ask who sent it: see
    `signatures.is_signed`.
    """
    name = provider.value if provider else "a known provider"
    readers = [_READERS[provider]] if provider else list(_READERS.values())
    return tuple(
        _read(found, readers, name, ours)
        for found in _documents(body, name)
        if document.text(found, "Type") not in _ABOUT_ITSELF
    )


def read_anything(
    data: bytes, *, ours: Ours, is_mail: bool = False
) -> tuple[Returned, ...]:
    """Read a file of whichever kind: JSON of a provider, or else a message.

    `is_mail` says that it can only be a message, for anybody may have sent it. Raises
    `AudienceError` for JSON that is no notification; a message never raises.
    """
    if not is_mail and data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return read_notice(None, data, ours=ours)
    return (read_returned(data, ours=ours),)


def _documents(body: bytes, name: str) -> Iterator[object]:
    try:
        whole = document.parse(body, provider=name)
    except AudienceError:
        lines = [line for line in body.split(b"\n") if line.strip()]
        if len(lines) < 2:
            raise
        whole = [document.parse(line, provider=name) for line in lines[: MOST + 1]]
    found = document.values(whole).get("items", whole)
    many = found if isinstance(found, list) else [found]
    if len(many) > MOST:
        raise AudienceError(
            f"more than {MOST} notifications in one file", hint="Split it into several."
        )
    yield from many


def _read(found: object, readers: list[_Reader], name: str, ours: Ours) -> Returned:
    for read in readers:
        returned = read(found, ours)
        if returned is not None:
            return returned
    raise AudienceError(
        f"not a notification of {name}: it has none of its fields",
        hint="It has to be the JSON document as the provider sent it.",
    )
