"""How a server of PostgreSQL is set up, as whoever connects to it is told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """How a server is set up, as it tells whoever connects as we do."""

    host: str
    """To which of those named we are connected; a path is that of its socket."""
    sslmode: str
    """How much of the server's identity was asked for (PostgreSQL, 34.19)."""
    version: int
    """As ``server_version_num``: 150004 is 15.4."""
    encoding: str
    is_standby: bool
    """Whether it is the copy of another one, which can only be read."""
    is_encrypted: bool
    """Whether this connection is."""
    copies: int
    """How many standbys follow it."""
    waits_for_copies: bool
    """Whether one of them has what is committed before we hear that it is."""
    unsafe: tuple[str, ...]
    """Settings that are off, and keep what is committed from being on the disk."""
    powers: tuple[str, ...]
    """What our role may do besides what is in its database."""
    free: int
    """How many connections more we could have."""
    clock_ahead: int
    """How far its clock is ahead of ours, in milliseconds; 0 if that is too little to tell."""
