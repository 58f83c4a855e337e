"""Which address of a host is tried next, and for how long."""

import socket

import pytest

from distribute.errors import PermanentDeliveryError, TransientDeliveryError
from distribute.sinks.smtp import route
from distribute.sinks.smtp.connection import Address
from distribute.sinks.smtp.route import Route
from distribute.sinks.smtp.server import SmtpServer
from distribute.sinks.smtp.waits import CONNECT, DETOUR

DEAD: Address = (socket.AF_INET6, ("2001:db8::1", 25, 0, 0))
GOOD: Address = (socket.AF_INET, ("192.0.2.1", 25))
NEW: Address = (socket.AF_INET, ("192.0.2.2", 25))


class Resolver:
    """Knows what is told, and counts who asks."""

    def __init__(self, *found: Address) -> None:
        self.found = found
        self.asked = 0
        self.error: Exception | None = None

    def look_up(self, _server: SmtpServer) -> tuple[Address, ...]:
        self.asked += 1
        if self.error:
            raise self.error
        return self.found


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    """Take the place of the system's."""
    resolver = Resolver(DEAD, GOOD)
    monkeypatch.setattr(route, "look_up", resolver.look_up)
    return resolver


def way() -> Route:
    """Know nothing yet."""
    return Route(SmtpServer(host="mail.example.org"))


def test_the_first_is_tried_until_it_fails(resolver: Resolver) -> None:
    """Not for long while there is another, and nobody is asked again."""
    way_ = way()
    assert [way_.next(0.0), way_.next(1.0)] == [(DEAD, DETOUR)] * 2
    assert not way_.failed(DEAD)
    assert not way_.failed(DEAD), "others on their way there fail as well"
    assert way_.next(2.0) == (GOOD, CONNECT)
    assert resolver.asked == 1


def test_the_last_to_fail_ends_the_round(resolver: Resolver) -> None:
    """The one that worked is first in the next, and the host is looked up now and then."""
    way_ = way()
    way_.next(0.0)
    way_.failed(DEAD)
    way_.worked(GOOD)
    assert way_.failed(GOOD)
    assert way_.next(1.0) == (GOOD, DETOUR)
    assert resolver.asked == 1
    way_.failed(GOOD)
    assert way_.failed(DEAD)
    resolver.found = (NEW,)
    assert way_.next(31.0) == (NEW, CONNECT)


@pytest.mark.parametrize(
    "error",
    [TransientDeliveryError("cannot be asked"), PermanentDeliveryError("no such host")],
)
def test_a_name_service_that_fails_is_no_failure_of_the_host(
    resolver: Resolver, error: Exception
) -> None:
    """Unless nothing is known of it yet."""
    resolver.error = error
    with pytest.raises(type(error)):
        way().next(0.0)
    resolver.error = None
    way_ = way()
    way_.next(0.0)
    way_.failed(DEAD)
    way_.failed(GOOD)
    resolver.error = error
    assert way_.next(60.0) == (DEAD, DETOUR)
