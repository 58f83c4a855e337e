"""``serve`` while its database on a server is away, and once it is back."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from distribute.audience.database.place import PostgresUrl
from distribute.audience.reception.token import Purpose
from distribute.audience.store import Store
from distribute.audience.subscriber import Status
from distribute.cli.invocation import current_time
from distribute.cli.newsletter.front import Front
from distribute.cli.public import postroom
from distribute.cli.public.household import open_house
from distribute.mailbox import Mailbox
from distribute.web.public.app import application
from distribute.web.public.house import House
from tests.campaign.mailings import put_on_list
from tests.cli.serving import write_newsletter
from tests.lossy import LossyWire, lossy
from tests.processes import wait_until
from tests.web.public.visiting import Client

ADA = Mailbox("ada@example.org")
GRACE = "grace@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def place(postgres_url: str) -> PostgresUrl:
    """Give a database in which Ada is on the list."""
    place = PostgresUrl(postgres_url)
    put_on_list(place, [ADA.address], languages="ar")
    return place


@pytest.fixture
def wire(postgres_url: str) -> Iterator[LossyWire]:
    """Give the only way that `serve` has to it."""
    with lossy(postgres_url) as wire:
        yield wire


@contextmanager
def serving(folder: Path, lines: list[str]) -> Iterator[tuple[House, Client]]:
    """Answer for a newsletter, and write its letters to files."""
    now = current_time()
    with open_house(Front(folder), sink="file", now=now, log=lines.append) as house:
        app = application(house)
        with closing(Client(app, house.public_url)) as client:
            yield house, client


def ask_to_join(house: House, client: Client) -> int:
    """Send the form, filled in as a person does; gives the status of the answer."""
    begun = house.traps.begun(house.clock() - timedelta(seconds=10))
    form = {"email": GRACE, "name": "", "website": "", "begun": begun}
    return client.post("/subscribe", data=form).status_code


def status(place: PostgresUrl) -> Status | None:
    """Look up how it stands with Ada."""
    with Store.open(place) as store:
        ada = store.get(ADA.address)
        return ada.status if ada else None


def test_readers_are_asked_to_come_back_and_nothing_is_lost(
    place: PostgresUrl,
    wire: LossyWire,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Once the database is back, all goes on; letters leave as well."""
    monkeypatch.setattr(postroom, "_LOOK", 0.05)
    settings = f'\n[store]\nurl = "{wire.url}"\n'
    folder = write_newsletter(tmp_path / "news", settings)
    lines: list[str] = []
    with serving(folder, lines) as (house, client):
        leave = f"/u/{house.signer.sign(ADA.key, Purpose.UNSUBSCRIBE)}"
        assert client.get(leave).status_code == 200
        with wire.cut():
            wait_until(lambda: any("does not answer" in line for line in lines))
            check_put_off(client, leave)
            assert ask_to_join(house, client) == 503
        assert status(place) is Status.CONFIRMED
        assert client.post(leave, data=ONE_CLICK).status_code == 200
        assert status(place) is Status.UNSUBSCRIBED
        assert client.get("/healthz").status_code == 200
        assert ask_to_join(house, client) == 200
        wait_until(lambda: bool(list((folder / "out").rglob("*.eml"))))
    assert "defect" not in "\n".join(lines)
    assert "@" not in "".join(lines).replace("distribute@127.0.0.1", "")


def check_put_off(client: Client, leave: str) -> None:
    """See that a reader is told so in their language, and a provider tries again."""
    page = client.get(f"{leave}?lang=ar")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
    assert '<html lang="ar" dir="rtl"' in page.text
    click = client.post(leave, data=ONE_CLICK)
    assert (click.status_code, click.headers["Retry-After"]) == (503, "30")
    assert client.get("/healthz").status_code == 503
