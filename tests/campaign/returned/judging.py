"""Judging what came back, for the tests of what it changes."""

from datetime import UTC, datetime
from hashlib import sha256

from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.campaign.returned.report import Kind, Report, Returned
from distribute.campaign.returned.returns import Customs, Judged, Returns
from distribute.language import Language
from tests.campaign.mailings import EN, IDS, PT, SIGNER

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ADA, BO = "ada@example.org", "bo@example.org"
CUSTOMS = Customs(languages=(EN, PT, Language("es")))


def id_of(key: str, campaign: str = "issue-5") -> str:
    """Derive the id of the delivery to somebody."""
    return IDS.of(campaign, key, "en")


def message(*reports: Report, name: str = "") -> Returned:
    """Make a message that came back; the same name makes the same one."""
    identity = sha256((name or repr(reports)).encode()).digest()
    return Returned(identity=identity, reports=reports, message_id="x@example.net")


def failed(
    key: str, status: str = "5.1.1", *, recipient: str = "", id_: str = ""
) -> Report:
    """Report that a delivery to somebody failed."""
    return Report(
        kind=Kind.FAILED,
        recipient=recipient or key,
        delivery=id_ or id_of(key),
        status=status,
        text="the server's words",
        source="dsn",
    )


def take(
    store: Store, *returned: Returned, now: datetime = NOW, customs: Customs = CUSTOMS
) -> tuple[Judged, ...]:
    """Judge them."""
    returns = Returns(store.place, store.connection, SIGNER, customs)
    return returns.take(returned, source="test", now=now)


def status_of(store: Store, key: str) -> Status | None:
    """Look up where somebody stands."""
    person = store.get(key)
    return person.status if person else None
