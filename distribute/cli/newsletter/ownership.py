"""Whose deliveries a database holds: those of one newsletter and no other.

Issues are known by their numbers: the fifth of another newsletter would pass for this
one's fifth, and everybody for somebody who has had it.
"""

from distribute.audience.store import Store
from distribute.config.settings import FILE_NAME, Settings
from distribute.errors import ConfigError

_OWNER = "newsletter"
"""Under which name the database keeps the newsletter's tag."""


def refuse_strangers(store: Store, settings: Settings) -> None:
    """Raise `ConfigError` if another newsletter has sent with this database."""
    _compare(store.meta(_OWNER), settings)


def take_possession(store: Store, settings: Settings) -> None:
    """Note whose database it is from now on; raises `ConfigError` if it is another's.

    Before anything goes out for good: who only rehearses may still change the tag.
    """
    _compare(store.keep(_OWNER, settings.publication.tag.encode()), settings)


def _compare(owner: bytes | None, settings: Settings) -> None:
    tag = settings.publication.tag
    if owner is None or owner == tag.encode():
        return
    raise ConfigError(
        (
            f"{settings.folder / FILE_NAME}: newsletter.tag is {tag!r}, but "
            f"{settings.database} holds what {owner.decode()!r} has sent",
        ),
        hint="A tag never changes: put it back. Another newsletter needs a database of "
        "its own, see [store] url.",
    )
