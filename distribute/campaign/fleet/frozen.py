"""What workers need to know of a campaign, written down when it is handed over to them.

They write to people from this and from nothing else, so what is sent is the same on every
machine, whatever posts and templates lie there. There is no secret in it: each worker has
the keys for signing from its own settings. It is JSON, for it comes out of a database.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from distribute.campaign.campaign import Campaign
from distribute.campaign.message.compiled import CompiledMessage, compile_message
from distribute.campaign.message.dkim import DkimSigner
from distribute.campaign.sender import Sender
from distribute.errors import PlanError
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.document import Email

_FORM = 1
"""Grows when what is written changes, so that older workers do not misread it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenEdition:
    """One edition as it is sent."""

    email: Email
    archive_url: str
    list_archive_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """All that is the same for everybody, whoever writes to them."""

    campaign: Campaign
    editions: tuple[FrozenEdition, ...]

    def messages(
        self, dkim: DkimSigner | None = None
    ) -> Mapping[Language, CompiledMessage]:
        """Compile the messages; raises what `compile_message` raises."""
        return {
            edition.email.language: compile_message(
                self.campaign,
                edition.email,
                archive_url=edition.archive_url,
                list_archive_url=edition.list_archive_url,
                dkim=dkim,
            )
            for edition in self.editions
        }


def to_bytes(frozen: Frozen) -> bytes:
    """Write it down; the same for the same content."""
    content = {
        "form": _FORM,
        "campaign": _from_campaign(frozen.campaign),
        "editions": [_from_edition(edition) for edition in frozen.editions],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()


def from_bytes(content: bytes) -> Frozen:
    """Read it; raises `PlanError` for what another version has written."""
    try:
        found: dict[str, Any] = json.loads(content)
        if found["form"] != _FORM:
            raise _not_ours(f"its form is {found['form']!r}, this one reads {_FORM}")
        return Frozen(
            campaign=_to_campaign(found["campaign"]),
            editions=tuple(_to_edition(edition) for edition in found["editions"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _not_ours(str(error)) from error


def _not_ours(reason: str) -> PlanError:
    return PlanError(
        f"what this campaign sends was written by another distribute: {reason}",
        hint="Run the same version on all machines.",
    )


def _from_campaign(campaign: Campaign) -> dict[str, Any]:
    sender = campaign.sender
    return {
        "id": campaign.id,
        "issue": campaign.issue,
        "list_id": campaign.list_id,
        "list_name": campaign.list_name,
        "started": campaign.started.isoformat(),
        "by_mail": campaign.by_mail,
        "from": _from_mailbox(sender.mailbox),
        "bounces": _from_mailbox(sender.bounces),
        "reply_to": _from_mailbox(sender.reply_to) if sender.reply_to else None,
        "verp": sender.verp,
    }


def _to_campaign(found: dict[str, Any]) -> Campaign:
    reply_to = found["reply_to"]
    return Campaign(
        id=found["id"],
        issue=found["issue"],
        sender=Sender(
            mailbox=Mailbox(*found["from"]),
            bounces=Mailbox(*found["bounces"]),
            reply_to=None if reply_to is None else Mailbox(*reply_to),
            verp=found["verp"],
        ),
        list_id=found["list_id"],
        list_name=found["list_name"],
        started=datetime.fromisoformat(found["started"]),
        by_mail=found["by_mail"],
    )


def _from_mailbox(mailbox: Mailbox) -> list[str]:
    return [mailbox.address, mailbox.name]


def _from_edition(edition: FrozenEdition) -> dict[str, Any]:
    email = edition.email
    return {
        "language": email.language.tag,
        "subject": email.subject,
        "preheader": email.preheader,
        "html": email.html,
        "text": email.text,
        "salt": email.salt,
        "archive_url": edition.archive_url,
        "list_archive_url": edition.list_archive_url,
    }


def _to_edition(found: dict[str, Any]) -> FrozenEdition:
    return FrozenEdition(
        email=Email(
            language=Language(found["language"]),
            subject=found["subject"],
            preheader=found["preheader"],
            html=found["html"],
            text=found["text"],
            salt=found["salt"],
        ),
        archive_url=found["archive_url"],
        list_archive_url=found["list_archive_url"],
    )
