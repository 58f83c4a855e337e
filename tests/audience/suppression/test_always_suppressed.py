"""Whatever happens, and in whatever order: who is suppressed gets nothing."""

import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.database.database import engine_of
from distribute.audience.intake.bringing import Order, bring_in
from distribute.audience.intake.files import Source
from distribute.audience.subscriber import Status, Subscriber
from distribute.audience.suppression.suppression import Reason
from distribute.errors import AudienceError
from tests.audience.receiving import ADA, EN, NET, NOW, House, house

PERSON = Subscriber(mailbox=ADA, languages=(EN,))
FIRM = [reason for reason in Reason if not reason.may_return]


def _put(house: House, status: Status) -> None:
    house.store.put(replace(PERSON, status=status), by="operator", now=NOW)


def _add(house: House, status: Status) -> None:
    house.store.add(replace(PERSON, status=status), by="operator", now=NOW)


def _set(house: House, status: Status) -> None:
    house.store.set_status(ADA.key, status, by="operator", now=NOW)


def _import(house: House, status: Status) -> None:
    table = f"email,status\n{ADA.address},{status}\n".encode()
    source = Source("people.csv", io.BytesIO(table))
    bring_in(house.store, [source], Order(by="import"), now=NOW)


def _bounce(house: House, status: Status) -> None:
    house.store.let_go([ADA.key], status, by="bounce", now=NOW)
    before = {ADA.key: Status.CONFIRMED}
    house.store.take_back(status, before, by="bounce", now=NOW)


def _join(house: House, _: Status) -> None:
    house.ask()
    house.reception.confirm(ADA.key, source="form", network=NET, now=NOW)


def _leave(house: House, _: Status) -> None:
    house.reception.leave(ADA.key, source="mail", network="", now=NOW)


DOORS = [_put, _add, _set, _import, _bounce, _join, _leave]
steps = st.lists(st.tuples(st.sampled_from(DOORS), st.sampled_from(Status)), max_size=4)


def _go(
    house: House, steps: list[tuple[Callable[[House, Status], None], Status]]
) -> None:
    for step, status in steps:
        with suppress(AudienceError):
            step(house, status)


@given(before=steps, reason=st.sampled_from(FIRM), after=steps)
@settings(max_examples=40, deadline=None)
def test_no_way_leads_back(
    before: list[tuple[Callable[[House, Status], None], Status]],
    reason: Reason,
    after: list[tuple[Callable[[House, Status], None], Status]],
) -> None:
    """Neither a form nor a mail, an import, an operator, or a bounce that was none."""
    with (
        TemporaryDirectory() as folder,
        house(Path(folder) / "distribute.db") as ours,
    ):
        if engine_of(ours.store.connection) == "sqlite":
            ours.store.connection.execute("PRAGMA synchronous = OFF")
        _go(ours, before)
        ours.suppressions.add(ADA.key, reason, NOW.date(), now=NOW)
        _go(ours, after)
        known = ours.store.get(ADA.key)
        assert known is None or known.status is Status.SUPPRESSED
        assert ours.suppressions.reason(ADA.key) is not None
        assert all(decision.kind is None for decision in ours.decide())
