"""A campaign on a real database: subscribers, ledger, compiled editions, and their feed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from distribute.audience.database.place import Place
from distribute.audience.reception.token import Signer
from distribute.audience.store import Store
from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.campaign import Batch, Entry, Outcome, Parcel, Receipt
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.message.compiled import compile_message
from distribute.campaign.message.delivery_ids import DeliveryIds
from distribute.campaign.message.links import Linking
from distribute.campaign.message.message import Addressing
from distribute.campaign.plan.choices import Choices
from distribute.campaign.run.feed import Feed
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.document import Email
from distribute.render.email.personal import Slot, token
from tests.campaign.actors import START
from tests.readers import ARCHIVE, CAMPAIGN, SALT

BEGAN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EN, PT = Language("en"), Language("pt-BR")
SIGNER = Signer(bytes(range(32)))
IDS = DeliveryIds(SIGNER.subkey("delivery"))


def email_in(language: Language, size: int = 40) -> Email:
    """Write an e-mail of about so many octets, with everything personal in it."""
    name, url = token(Slot.NAME, SALT), token(Slot.UNSUBSCRIBE, SALT)
    choose = token(Slot.PREFERENCES, SALT)
    words = f"Words in {language.tag}.\n" * (size // 16)
    return Email(
        language=language,
        subject=f"Letter five in {language.tag}",
        preheader="",
        html=f'<!DOCTYPE html>\n<p>{name}</p>\n{words}<a href="{url}">leave</a>\n',
        text=f"{name}\n{words}{url}\n{choose}\n",
        salt=SALT,
    )


def put_on_list(
    database: Place,
    names: Iterable[str],
    *,
    languages: str = "",
    only_these: bool = False,
    status: Status = Status.CONFIRMED,
) -> None:
    """Make subscribers of some people at example.org, or of whole addresses."""
    wishes = tuple(Language(tag) for tag in languages.split())
    with Store.open(database) as store, store.transaction():
        for name in names:
            address = name if "@" in name else f"{name}@example.org"
            somebody = Subscriber(
                mailbox=Mailbox(address, name.partition("@")[0].title()),
                languages=wishes,
                only_these=only_these,
                status=status,
            )
            store.put(somebody, by="test", now=BEGAN)


def feed_of(database: Place, *, size: int = 40, **fields: object) -> Feed:
    """Make the feed of the campaign, whose editions are English and Portuguese."""
    given: dict[str, object] = {
        "database": database,
        "sink": "smtp",
        "campaign": CAMPAIGN.id,
        "choices": Choices((EN, PT), (EN,), EN),
        "messages": {
            language: compile_message(
                CAMPAIGN, email_in(language, size), archive_url=ARCHIVE
            )
            for language in (EN, PT)
        },
        "addressing": Addressing(CAMPAIGN),
        "ids": IDS,
        "links": Linking(SIGNER, "https://news.example.org"),
        "begun": START,
    }
    return Feed(**(given | fields))  # type: ignore[arg-type]  # any of its fields


def parcels_of(batches: Iterable[Batch]) -> list[Parcel]:
    """Put all parcels in one list."""
    return [parcel for batch in batches for parcel in batch.parcels]


def names_of(batches: Iterable[Batch]) -> list[str]:
    """Name the local parts of all recipients."""
    return [parcel.key.partition("@")[0] for parcel in parcels_of(batches)]


def try_to_send(
    ledger: SqliteLedger,
    batches: Iterable[Batch],
    *,
    at: int,
    outcome: Outcome,
    due: int = 0,
) -> None:
    """Claim, start and end all parcels; they end alike."""
    for batch in batches:
        ledger.name_choices(batch.choices)
        ledger.claim(batch.parcels, at)
        receipt = Receipt(outcome, 250, "", "as told")
        entries: Sequence[Entry] = [Entry(p, receipt, due) for p in batch.parcels]
        ledger.record(batch.parcels, entries, at)
