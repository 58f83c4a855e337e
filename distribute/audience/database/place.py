"""Where the state of a newsletter is kept: a file of SQLite, or a database of PostgreSQL."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

_SCHEMES = ("postgresql", "postgres")
_FORM = "postgresql://USER@HOST/DATABASE"


@dataclass(frozen=True, slots=True)
class PostgresUrl:
    """A database of PostgreSQL, by its URL as libpq reads it (PostgreSQL, 34.1.1.2).

    Written out for people it has no password in it, wherever that stood.
    """

    url: str

    def __repr__(self) -> str:
        return f"PostgresUrl({str(self)!r})"

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        _, _, host = parts.netloc.rpartition("@")
        user = unquote(parts.username or "")
        shown = f"{user}@{host}" if user else host
        return f"postgresql://{shown}{parts.path}"

    @property
    def has_password(self) -> bool:
        """Whether there is one in it."""
        return bool(self._secrets)

    @property
    def may_lead_astray(self) -> bool:
        """Whether it names several servers, and takes one that can only be read as well."""
        parts = urlsplit(self.url)
        return "," in parts.netloc and "target_session_attrs=" not in parts.query

    def hidden_in(self, words: str) -> str:
        """Take the password out of what somebody says about this URL."""
        words = words.replace(self.url, str(self))
        for secret in self._secrets:
            words = words.replace(secret, "***").replace(unquote(secret), "***")
        return words

    @property
    def _secrets(self) -> list[str]:
        parts = urlsplit(self.url)
        fields = (field.partition("=") for field in parts.query.split("&"))
        given = [value for name, _, value in fields if name.endswith("password")]
        return [secret for secret in (parts.password, *given) if secret]


Place = Path | PostgresUrl
"""A path is a file of SQLite."""


def parse_place(url: str, folder: Path) -> Place:
    """Read ``[store] url``; a file is looked for in `folder`.

    Raises `ValueError`, in which nothing of the URL is repeated.
    """
    scheme, colon, rest = url.partition(":")
    if colon and scheme in _SCHEMES:
        return _postgres(url)
    if scheme == "sqlite" and rest.startswith("///") and rest[3:]:
        return folder / rest[3:]
    raise ValueError(f"expected sqlite:///FILE or {_FORM}")


def _postgres(url: str) -> PostgresUrl:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError(f"expected {_FORM}") from None
    if not url.startswith(f"{parts.scheme}://"):
        raise ValueError(f"expected {_FORM}")
    if parts.netloc.count("@") > 1 or "@" in parts.path or "#" in url:
        raise ValueError("in user and password, @ is %40, / is %2F, ? is %3F, # is %23")
    if not unquote(parts.path).strip("/") and "dbname=" not in parts.query:
        raise ValueError(f"names no database: {_FORM}")
    return PostgresUrl(url)
