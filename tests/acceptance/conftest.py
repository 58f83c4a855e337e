"""Sites that are built once for all judges."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from distribute.audience.reception.token import Signer
from tests.acceptance.letters import FEEDS, Letter, copy_sample
from tests.acceptance.nasty import write_nasty
from tests.acceptance.public_side import PublicSide
from tests.acceptance.readers import READERS, Opened
from tests.acceptance.strangers import KEY, Stranger, serve_besieged
from tests.corpus.conftest import corpus, settings

__all__ = ["corpus", "settings"]

Readings = Mapping[Path, Opened]


@pytest.fixture(scope="session")
def letters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Letter]:
    """Keep the newsletters that are built: pytest may come back to one."""
    return {}


@pytest.fixture(scope="session", params=["sample", "hostile", "real"])
def letter(
    request: pytest.FixtureRequest,
    letters: dict[str, Letter],
    tmp_path_factory: pytest.TempPathFactory,
) -> Letter:
    """Give a newsletter with its site: the sample, one of hostile posts, real ones."""
    name = request.param
    if name not in letters:
        folder = tmp_path_factory.mktemp("letters") / name
        match name:
            case "sample":
                made = copy_sample(folder)
            case "hostile":
                made = write_nasty(folder)
            case _:
                made = _real_one(folder, request.getfixturevalue("settings"))
        made.build()
        letters[name] = made
    return letters[name]


@pytest.fixture(scope="session")
def read() -> dict[tuple[str, str], Readings]:
    """Keep what readers have read."""
    return {}


@pytest.fixture(scope="session", params=list(READERS))
def readings(
    request: pytest.FixtureRequest,
    letter: Letter,
    read: dict[tuple[str, str], Readings],
) -> Readings:
    """Let a reader open every RSS and Atom document of a site."""
    return _opened(request.param, letter, read)


@pytest.fixture(scope="session")
def in_newsboat(letter: Letter, read: dict[tuple[str, str], Readings]) -> Readings:
    """Give what newsboat makes of them."""
    return _opened("newsboat", letter, read)


def _opened(
    reader: str, letter: Letter, read: dict[tuple[str, str], Readings]
) -> Readings:
    key = (reader, letter.folder.name)
    if key not in read:
        documents = letter.documents("rss", "atom")
        opened = READERS[reader](documents)
        read[key] = dict(zip(documents, opened, strict=True))
    return read[key]


def _real_one(folder: Path, settings: str) -> Letter:
    folder.mkdir()
    text = settings + FEEDS.format(limit=5)
    (folder / "distribute.toml").write_text(text, encoding="utf-8")
    return Letter(folder)


@pytest.fixture(scope="session")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PublicSide]:
    """Serve a newsletter to strangers, who change nobody's standing."""
    with serve_besieged(tmp_path_factory.mktemp("besieged") / "letter") as served:
        yield served


@pytest.fixture(scope="session")
def comer(besieged: PublicSide) -> Iterator[Stranger]:
    """Let one stranger come, whose form was made a while ago."""
    stranger = Stranger(besieged)
    yield stranger
    stranger.close()


@pytest.fixture
def stranger(besieged: PublicSide, comer: Stranger) -> Iterator[Stranger]:
    """Give the stranger; the server is as well afterwards as it was before."""
    before = len(besieged.log)
    yield comer
    assert comer.ask("/healthz").body == b"ok\n"
    assert not [line for line in besieged.log[before:] if "defect" in line]


@pytest.fixture(scope="session")
def signer() -> Signer:
    """Sign links as the newsletter does that strangers call on."""
    return Signer(KEY.encode())


@pytest.fixture
def sample(tmp_path: Path) -> Letter:
    """Give a copy of the sample that a test may change; its site is not built yet."""
    return copy_sample(tmp_path / "letter")


def twin(letter: Letter, folder: Path) -> Letter:
    """Copy a newsletter as a fresh checkout has it: no output, other times of change."""
    shutil.copytree(
        letter.folder,
        folder,
        ignore=shutil.ignore_patterns("out", "newsboat"),
        copy_function=shutil.copyfile,
    )
    return Letter(folder)
