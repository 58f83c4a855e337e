"""``distribute build``, again: what it does when next to nothing has changed."""

import subprocess
import sys
from pathlib import Path

import pytest

from distribute.cli.newsletter.sample import copy_sample
from tests.commands import NOW, call

POST = "2026-11-06-whose-stars.md"
HEAVY = (
    *("babel", "cryptography", "email_validator", "feedgen", "frontmatter", "jinja2"),
    *("lxml", "mistune", "msgspec", "nh3", "premailer", "rich", "yaml"),
    *("asyncio", "email.utils", "socket", "sqlite3", "ssl", "subprocess"),
    "distribute.campaign.campaign",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sample newsletter once."""
    folder = tmp_path_factory.mktemp("sample") / "news"
    copy_sample(folder)
    for post in (folder / "posts").iterdir():
        post.touch()  # whole seconds, as archives keep them, are in doubt for two of them
    assert call("-C", folder, "build").status == 0
    return folder


def _written(folder: Path) -> set[str]:
    return set(call("-C", folder, "build", "--json").document["written"])


def _state(folder: Path) -> dict[Path, tuple[int, bytes]]:
    """Describe all that a build leaves, but what it knows of pictures just copied."""
    files = [path for path in (folder / "out").rglob("*") if path.is_file()]
    files.remove(folder / "out" / "cache" / "files.json")
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_a_second_build_loads_nothing_heavy(built: Path) -> None:
    """What parses, renders and sends is for what has changed, and for whoever sends."""
    program = (
        "import sys; from distribute.cli import group\n"
        f"group(['-C', {str(built)!r}, 'build'], standalone_mode=False)\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    answer = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"SOURCE_DATE_EPOCH": NOW, "PYTHONPATH": ":".join(sys.path)},
    )
    assert answer.stdout.endswith("[]\n"), answer.stdout
    assert " 0 files written" in answer.stdout


def test_a_second_build_writes_nothing(built: Path) -> None:
    """Neither a page nor what is remembered about it."""
    _written(built)
    before = _state(built)
    assert _written(built) == set()
    assert _state(built) == before


def test_a_changed_post_is_all_that_changes(built: Path) -> None:
    """Its page and the documents of its feed are written, and no other language's."""
    _written(built)
    post = built / "posts" / POST
    post.write_text(f"{post.read_text('utf-8')}\nOne more thing.\n", "utf-8")
    written = _written(built)
    assert len([path for path in written if path.endswith(".html")]) == 1
    assert {path.partition("/")[0] for path in written} == {"en"}


def test_a_deleted_post_is_gone_from_everywhere(built: Path) -> None:
    """No page of it stays, and none that leads to it."""
    _written(built)
    post = built / "posts" / POST
    post.unlink()
    answer = call("-C", built, "build", "--json").document
    (gone,) = answer["removed"]
    address = gone.removesuffix("index.html").encode()
    site = built / "out" / "site"
    shown = [p for p in site.rglob("*") if p.is_file() and address in p.read_bytes()]
    assert shown == []


def test_what_is_built_again_is_what_is_built_anew(built: Path, tmp_path: Path) -> None:
    """After all changes the site is the one that a first build makes of the same posts."""
    _written(built)
    anew = tmp_path / "news"
    for path in built.rglob("*"):
        below = path.relative_to(built)
        if path.is_file() and below.parts[0] != "out":
            (anew / below).parent.mkdir(parents=True, exist_ok=True)
            (anew / below).write_bytes(path.read_bytes())
    _written(anew)
    site = {
        path.relative_to(built / "out/site"): path.read_bytes()
        for path in (built / "out/site").rglob("*")
        if path.is_file()
    }
    for path, data in site.items():
        assert (anew / "out/site" / path).read_bytes() == data, path
