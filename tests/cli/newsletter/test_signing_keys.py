"""Which key signs personal links, and which are still read."""

from pathlib import Path

import pytest

from distribute.audience.reception.token import Purpose, Signer
from distribute.audience.store import Store
from distribute.cli.newsletter.credentials import delivery_ids, link_signer
from distribute.config.settings import Settings, parse_settings
from distribute.errors import ConfigError
from distribute.mailbox import Mailbox

BASE = """
[newsletter]
title = "News"
url = "https://news.example.org"
tag = "example.org,2026"
languages = ["en"]
[public]
"""
ADA = Mailbox("ada@example.net")
OLD, NEW, OLDER = "an old key of this newsletter", "a new one, as long", "k" * 32


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Open a database."""
    return Store.open(tmp_path / "distribute.db")


def settings(folder: Path, public: str) -> Settings:
    """Read settings that say something about keys."""
    return parse_settings(BASE + public, folder=folder, path=Path("distribute.toml"))


def reads(signer: Signer, key: bytes | str) -> bool:
    """Tell whether what a key has signed is still read."""
    made = Signer(key if isinstance(key, bytes) else key.encode()).unsubscribe(ADA)
    return signer.read(made, Purpose.UNSUBSCRIBE) == ADA.key


def test_the_key_of_the_database_counts_as_retired_once_another_is_named(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Links in mails that went out before go on working."""
    before = link_signer(settings(tmp_path, ""), store).unsubscribe(ADA)
    monkeypatch.setenv("NEWS_KEY", NEW)
    signer = link_signer(settings(tmp_path, 'key_env = "NEWS_KEY"'), store)
    assert signer.read(before, Purpose.UNSUBSCRIBE) == ADA.key
    assert signer.unsubscribe(ADA) == Signer(NEW.encode()).unsubscribe(ADA) != before


def test_retired_keys_are_named_in_the_settings(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are read; nothing is signed with them, with or without a key_env."""
    monkeypatch.setenv("OLD_KEY", OLD)
    monkeypatch.setenv("OLDER_KEY", OLDER)
    retired = 'retired_key_envs = ["OLD_KEY", "OLDER_KEY"]'
    signer = link_signer(settings(tmp_path, retired), store)
    assert reads(signer, OLD)
    assert reads(signer, OLDER)
    assert not reads(signer, NEW)
    own = store.own_signing_key()
    assert own is not None
    assert signer.unsubscribe(ADA) == Signer(own).unsubscribe(ADA)


def test_a_retired_key_that_is_not_there_is_asked_for(
    tmp_path: Path, store: Store
) -> None:
    """Else links would stop working without anybody noticing."""
    with pytest.raises(ConfigError, match="NOBODY_SET_THIS is empty") as raised:
        link_signer(settings(tmp_path, 'retired_key_envs = ["NOBODY_SET_THIS"]'), store)
    assert "retired_key_envs" in raised.value.hint


def test_ids_have_a_key_of_their_own(tmp_path: Path, store: Store) -> None:
    """It is derived, so that neither says anything about the other."""
    signer = link_signer(settings(tmp_path, ""), store)
    assert delivery_ids(signer).key == signer.subkey("delivery")
    assert delivery_ids(signer).key != store.own_signing_key()
