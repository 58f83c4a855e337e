"""Where a request comes from, and whom to believe about it."""

import pytest

from distribute.web.public.network import Proxies


def _network(client: str, told: str = "", proxies: Proxies | None = None) -> str:
    headers = [(b"x-forwarded-for", told.encode())] if told else []
    scope = {"client": (client, 1) if client else None, "headers": headers}
    return (proxies or Proxies()).network_of(scope)


@pytest.mark.parametrize(
    ("client", "told", "expected"),
    [
        ("203.0.113.9", "", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "", "2001:db8:1::/48"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.0/24"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.0/24"),
        ("::1", "198.51.100.1, 203.0.113.9", "203.0.113.0/24"),
        ("127.0.0.1", "10.9.9.9, 198.51.100.1, 127.0.0.1", "198.51.100.0/24"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.0/24"),
        ("127.0.0.1", "[2001:db8::1]:4711", "2001:db8::/48"),
        ("::ffff:203.0.113.9", "", "203.0.113.0/24"),
        ("", "198.51.100.1", "198.51.100.0/24"),
        ("127.0.0.1", "", "127.0.0.0/24"),
        ("127.0.0.1", "garbage", ""),
        ("127.0.0.1", ",,,", "127.0.0.0/24"),
        ("", "", ""),
    ],
)
def test_only_a_proxy_of_ours_is_believed(
    client: str, told: str, expected: str
) -> None:
    """What stands before the first hop that we do not know may be made up."""
    assert _network(client, told) == expected


def test_the_settings_name_other_proxies() -> None:
    """Those are believed, and nobody else is: not even this machine."""
    proxies = Proxies(["10.0.0.0/8"])
    assert _network("10.1.2.3", "198.51.100.1", proxies) == "198.51.100.0/24"
    assert _network("127.0.0.1", "198.51.100.1", proxies) == "127.0.0.0/24"
    with pytest.raises(ValueError, match="nonsense"):
        Proxies(["nonsense"])
