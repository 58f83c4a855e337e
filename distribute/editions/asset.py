"""A file that posts show, as it is right now: what its bytes are, and how large."""

from dataclasses import dataclass

STAMP_LENGTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """What is known about one file beside the posts."""

    digest: str
    """SHA-256 of its bytes, in hexadecimal digits."""
    length: int
    """In bytes."""
    media_type: str = ""
    """Of pictures, from their bytes: ``image/png``; empty for all other files."""
    width: int = 0
    """In CSS pixels as it is shown, turned if it says so; 0 where it is not known."""
    height: int = 0
    """As `width`; both are known or neither is."""
    flaw: str = ""
    """Why readers may not see this picture; empty for all that is well."""

    @property
    def stamp(self) -> str:
        """The part of the digest that its address carries."""
        return self.digest[:STAMP_LENGTH]
