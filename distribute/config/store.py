"""Where the state is kept, as ``[store]`` says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from distribute.audience.database.place import Place, parse_place
from distribute.config.interpreter import Interpreter
from distribute.config.tables import StoreTable
from distribute.errors import ConfigError

_DEFAULT = "sqlite:///distribute.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Where subscribers and the ledger live."""

    url_env: str
    """Environment variable with the URL, for it may hold a password; else empty."""
    known: Place | None
    """`None` while that variable is empty: much can be done without the database."""

    @property
    def place(self) -> Place:
        """Where to open the database. Raises `ConfigError` if that is not known."""
        if self.known is None:
            raise ConfigError(
                (f"the environment variable {self.url_env} is empty",),
                hint="It holds the URL of the database; see [store] url_env.",
            )
        return self.known


def read_store(
    table: StoreTable, reader: Interpreter, environment: Mapping[str, str]
) -> StoreSettings | None:
    """Find the database: by its URL, or by the variable that holds the URL."""
    if table.url and table.url_env:
        reason = "stands beside url; say the one or the other"
        reader.problems.add("store.url_env", reason)
        return None
    if not table.url_env:
        parse = partial(parse_place, folder=reader.folder)
        place = reader.take("store.url", parse, table.url or _DEFAULT)
        return StoreSettings(url_env="", known=place) if place else None
    url = environment.get(table.url_env) or None

    def parse_variable(url: str) -> Place:
        try:
            return parse_place(url, reader.folder)
        except ValueError as error:
            raise ValueError(f"{table.url_env} cannot be read: {error}") from error

    place = reader.take("store.url_env", parse_variable, url)
    return StoreSettings(url_env=table.url_env, known=place)
