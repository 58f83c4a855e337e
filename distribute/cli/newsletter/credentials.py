"""What opens doors: passwords and keys, from where the settings say; never printed."""

import os
import secrets
from datetime import datetime
from pathlib import Path

from distribute.audience.reception.token import KEY_SIZE, Signer
from distribute.audience.store import Store
from distribute.audience.suppression.suppression import Hasher
from distribute.campaign.message.delivery_ids import DeliveryIds
from distribute.campaign.message.dkim import DkimKey, DkimSigner
from distribute.config.bounces import ImapSettings
from distribute.config.outgoing import RelaySettings
from distribute.config.settings import Settings
from distribute.errors import ConfigError


def smtp_password(folder: Path, relay: RelaySettings) -> str:
    """Read the password for one of the servers; empty if there is none.

    `folder` is the newsletter's.
    """
    kind, _, name = relay.password_source.partition(":")
    if kind == "env":
        hint = f"It holds the password; see {relay.table} password_env."
        return _environment(name, hint)
    if kind == "file":
        hint = f"It is named by {relay.table} password_file; see that you may read it."
        path, problem = folder / name, "the password cannot be read"
        try:
            return _file(path, problem, hint).decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise ConfigError((f"{path}: {problem}: no UTF-8",), hint=hint) from error
    return ""


def imap_password(imap: ImapSettings) -> str:
    """Read the password of the mailbox that bounces arrive in."""
    hint = "It holds the password; see [bounces.imap] password_env."
    return _environment(imap.password_env, hint)


def link_signer(settings: Settings, store: Store) -> Signer:
    """Get ready to sign personal links, with the key of the environment or the store.

    What was signed with another key before is still read: with those of
    ``retired_key_envs``, and with the store's own, if it has one.
    """
    hint = "It holds a key that signed links; see [public] retired_key_envs."
    retired = [_environment(name, hint).encode() for name in settings.retired_key_envs]
    if not settings.key_env:
        key = store.signing_key(secrets.token_bytes(KEY_SIZE))
        return Signer(key, retired=tuple(retired))
    hint = "It holds the key that signs links; see [public] key_env."
    key, own = _environment(settings.key_env, hint).encode(), store.own_signing_key()
    return Signer(key, retired=tuple(retired if own is None else [*retired, own]))


def delivery_ids(signer: Signer) -> DeliveryIds:
    """Get ready to derive the ids of deliveries, with a key of their own."""
    return DeliveryIds(signer.subkey("delivery"))


def suppression_hasher(settings: Settings, store: Store) -> Hasher:
    """Get ready to tell who is suppressed, with keys derived from those of the links."""
    return Hasher(link_signer(settings, store).subkeys("suppression"))


def dkim_signer(settings: Settings, signed_at: datetime) -> DkimSigner | None:
    """Get ready to sign messages, if the settings ask for it; each key is tried."""
    if settings.dkim is None:
        return None
    hint = "It is named by [dkim] keys; see that it is there and you may read it."
    keys = []
    for selector, path in settings.dkim.keys:
        key = DkimKey(selector, _file(path, "the DKIM key cannot be read", hint))
        try:
            DkimSigner(settings.dkim.domain, [key], signed_at).load()
        except ConfigError as error:
            problems = tuple(f"{path}: {problem}" for problem in error.problems)
            raise ConfigError(problems, hint=error.hint) from error
        keys.append(key)
    return DkimSigner(settings.dkim.domain, keys, signed_at)


def _environment(name: str, hint: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ConfigError((f"the environment variable {name} is empty",), hint=hint)
    return value


def _file(path: Path, problem: str, hint: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        why = f"{path}: {problem}: {error.strerror or error}"
        raise ConfigError((why,), hint=hint) from error
