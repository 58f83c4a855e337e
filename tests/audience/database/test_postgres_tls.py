"""A connection to PostgreSQL is encrypted, and goes to the right server, as its URL says."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from distribute.audience.database.database import open_database
from distribute.audience.database.place import PostgresUrl
from distribute.audience.database.postgres.connection import PostgresConnection
from distribute.errors import AudienceError, AwayError
from tests.certificates import Authority
from tests.postgres import Options, Server


@pytest.fixture(scope="module")
def secured(make_postgres: Callable[[Options], Server]) -> Iterator[Server]:
    """Give a server that takes nobody without TLS."""
    server = make_postgres(Options(tls=True))
    server.new_database("letters")
    yield server
    server.drop("letters")


def url_of(server: Server, query: str, *, host: str = "localhost") -> PostgresUrl:
    """Name its database, with the options of libpq."""
    url = server.url("letters").partition("?")[0]
    return PostgresUrl(f"{url.replace('@localhost:', f'@{host}:')}?{query}")


def is_encrypted(place: PostgresUrl) -> bool:
    """Open the house there, and ask the server."""
    connection = open_database(place)
    assert isinstance(connection, PostgresConnection)
    asked = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    try:
        return bool(connection.execute(asked).fetchone()[0])
    finally:
        connection.close()


def refusal(place: PostgresUrl) -> AudienceError:
    """Give the error with which it cannot be opened."""
    with pytest.raises(AudienceError) as caught:
        open_database(place)
    assert not isinstance(caught.value, AwayError)  # nothing to wait for
    return caught.value


def test_the_server_is_verified(secured: Server) -> None:
    """By the authority that the URL names, and by its name."""
    trusted = quote(str(secured.folder / "authority.pem"), safe="")
    assert is_encrypted(url_of(secured, f"sslmode=verify-full&sslrootcert={trusted}"))


def test_it_may_only_be_encrypted(secured: Server) -> None:
    """With sslmode=require no authority is asked for."""
    assert is_encrypted(url_of(secured, "sslmode=require"))


def test_a_certificate_of_another_authority_is_refused(
    secured: Server, tmp_path: Path
) -> None:
    """Whoever signed it; in words that say which setting to look at."""
    stranger = quote(str(Authority(tmp_path).path), safe="")
    error = refusal(url_of(secured, f"sslmode=verify-full&sslrootcert={stranger}"))
    assert "SSL error" in error.reason
    assert "sslrootcert" in error.hint


def test_a_certificate_for_another_name_is_refused(secured: Server) -> None:
    """It is made out for localhost, not for an address."""
    trusted = quote(str(secured.folder / "authority.pem"), safe="")
    query = f"sslmode=verify-full&sslrootcert={trusted}"
    error = refusal(url_of(secured, query, host="127.0.0.1"))
    assert "does not match" in error.reason
    assert "certificate" in error.hint


def test_a_missing_file_of_authorities_is_said(secured: Server, tmp_path: Path) -> None:
    """It is no missing database."""
    missing = quote(str(tmp_path / "none.pem"), safe="")
    error = refusal(url_of(secured, f"sslmode=verify-full&sslrootcert={missing}"))
    assert "none.pem" in error.reason
    assert "sslrootcert" in error.hint


def test_who_does_not_encrypt_is_told_to(secured: Server) -> None:
    """The server takes nobody then; user and password are right."""
    error = refusal(url_of(secured, "sslmode=disable"))
    assert "sslmode" in error.hint
