"""What Postmark tells by its webhooks: bounces, complaints, who left by its own link."""

from dataclasses import dataclass

from distribute.campaign.returned import document, status
from distribute.campaign.returned.address import tidy
from distribute.campaign.returned.clean import cleaned
from distribute.campaign.returned.identity import identity_of_words
from distribute.campaign.returned.report import Kind, Report, Returned
from distribute.campaign.returned.verp import Ours


@dataclass(frozen=True, slots=True)
class _Meaning:
    kind: Kind
    status: str = ""
    """Where the far server's words tell none."""
    may_pass: bool = False


_TYPES = {
    "HardBounce": _Meaning(Kind.FAILED, "5.0.0"),
    "BadEmailAddress": _Meaning(Kind.FAILED, "5.1.3"),
    "SoftBounce": _Meaning(Kind.FAILED, "4.0.0", may_pass=True),
    "DnsError": _Meaning(Kind.FAILED, "4.4.0", may_pass=True),
    "Transient": _Meaning(Kind.DELAYED, "4.0.0", may_pass=True),
    "Blocked": _Meaning(Kind.FAILED, "5.7.1"),
    "SpamNotification": _Meaning(Kind.FAILED, "5.7.1"),
    "VirusNotification": _Meaning(Kind.FAILED, "5.7.1"),
    "DMARCPolicy": _Meaning(Kind.FAILED, "5.7.1"),
    "SpamComplaint": _Meaning(Kind.COMPLAINT),
    "Unsubscribe": _Meaning(Kind.LEAVE),
    "AutoResponder": _Meaning(Kind.AUTOMATIC),
    "AddressChange": _Meaning(Kind.AUTOMATIC),
    "ChallengeVerification": _Meaning(Kind.AUTOMATIC),
    "OpenRelayTest": _Meaning(Kind.AUTOMATIC),
}
"""By Type of a bounce; the rest is for a person to read."""
_TOLD_ELSEWHERE = frozenset({"Open", "Click", "Inbound"})
_POLICY = frozenset({"Blocked", "SpamNotification", "VirusNotification", "DMARCPolicy"})


def read_postmark(found: object, ours: Ours) -> Returned | None:
    """Read one notification; `None` if it is not one of Postmark."""
    record = document.text(found, "RecordType") or (
        "Bounce" if document.text(found, "TypeCode") else ""
    )
    if not record or not document.text(found, "MessageID") + _who(found):
        return None
    names = ("ID", "MessageID", "BouncedAt", "DeliveredAt", "ChangedAt")
    return Returned(
        identity=identity_of_words(
            "postmark",
            record,
            *(document.text(found, name) for name in names),
            _who(found),
        ),
        reports=(_report(record, found, ours),),
        message_id=cleaned(document.text(found, "MessageID"), 200),
    )


def _report(record: str, found: object, ours: Ours) -> Report:
    told = document.text(found, "Type") or record
    words = document.text(found, "Details") or document.text(found, "Description")
    meaning = _meaning(record, told, found)
    return Report(
        kind=meaning.kind,
        recipient=tidy(_who(found)),
        delivery=ours.in_address(document.text(found, "From")),
        status=_status(meaning, told, words),
        code=status.reply(words) if meaning.kind in {Kind.FAILED, Kind.DELAYED} else 0,
        text=cleaned(f"{told}: {words}" if words else told),
        source="postmark",
    )


def _meaning(record: str, told: str, found: object) -> _Meaning:
    match record:
        case "Bounce" | "SpamComplaint":
            return _TYPES.get(told, _Meaning(Kind.UNKNOWN))
        case "Delivery":
            return _Meaning(Kind.DELIVERED)
        case "SubscriptionChange":
            return _Meaning(Kind.LEAVE if _left(found) else Kind.AUTOMATIC)
        case _:
            is_other = record in _TOLD_ELSEWHERE
            return _Meaning(Kind.AUTOMATIC if is_other else Kind.UNKNOWN)


def _left(found: object) -> bool:
    """Tell whether a reader left; bounces and complaints have records of their own."""
    return (
        document.values(found).get("SuppressSending") is True
        and document.text(found, "Origin") == "Recipient"
        and document.text(found, "SuppressionReason") == "ManualSuppression"
    )


def _status(meaning: _Meaning, told: str, words: str) -> str:
    if not meaning.status:
        return ""
    code = status.combined("", words) or meaning.status
    if told in _POLICY and code[1:3] != ".7":
        return meaning.status
    return status.softened(code) if meaning.may_pass else code


def _who(found: object) -> str:
    return document.text(found, "Email") or document.text(found, "Recipient")
