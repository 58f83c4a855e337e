"""What editions say is rendered once, and again only if something it shows has changed."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.render.content.content import render_content
from distribute.render.content.plain import render_text
from distribute.render.content.surroundings import surroundings_of
from distribute.web.cache.folder import Cache
from distribute.web.contents import Contents
from distribute.web.version import rendering_version

EditionOf = Callable[..., Edition]
ROOT = Path(__file__).parents[2]


class Letter:
    """A newsletter of a few posts that can be changed, and what a build makes of it."""

    def __init__(self, publication: Publication, folder: Path) -> None:
        self.publication = publication
        self.folder = folder
        self.editions: dict[str, Edition] = {}

    def contents(self) -> Contents:
        """Give what a new run would: nothing but the folder is left of earlier ones."""
        issues = [
            Issue(id=name, number=None, editions={each.language: each})
            for name, each in self.editions.items()
        ]
        return Contents(self.publication, issues, Cache(self.folder))

    def rendered(self) -> set[str]:
        """Build it, and say which posts were rendered for that."""
        before = self._times()
        self.contents().ahead(self.editions.values())
        after = self._times()
        return {name for name, when in after.items() if before.get(name) != when}

    def file(self, name: str) -> Path:
        """Give the one file in which the cache keeps a post."""
        other = Cache(self.folder.parent / "other")
        one = Contents(self.publication, [], other)
        one.of(self.editions[name])
        (file,) = other.folder.iterdir()
        shutil.rmtree(other.folder)
        return self.folder / file.name

    def _times(self) -> Mapping[str, int]:
        files = {name: self.file(name) for name in self.editions}
        return {
            name: file.stat().st_ino for name, file in files.items() if file.exists()
        }


@pytest.fixture
def letter(
    publication: Publication, tmp_path: Path, edition_of: EditionOf
) -> Callable[..., Letter]:
    """Make a newsletter of posts, given by number and what they say."""

    def make(bodies: Mapping[int, str]) -> Letter:
        made = Letter(publication, tmp_path / "cache")
        for number, body in bodies.items():
            edition = edition_of(number)
            post = replace(edition.post, body=body, path=Path(f"posts/{number}.md"))
            made.editions[str(number)] = replace(edition, post=post)
        return made

    return make


POSTS = {1: "The first.", 2: "See [the first](1.md).", 3: "![a](../images/a.png)"}


def test_what_is_kept_says_what_is_rendered(letter: Callable[..., Letter]) -> None:
    """Now, in this run's memory, and in the next run."""
    made = letter({**POSTS, 4: "[x](evil:y)\n\n## Ünder\n\n<div>[z](ttps://a)</div>"})
    surroundings = surroundings_of(
        made.publication,
        [
            Issue(id="1", number=1, editions={e.language: e})
            for e in made.editions.values()
        ],
    )
    first, later = made.contents(), made.contents()
    for edition in made.editions.values():
        expected = render_content(edition, surroundings)
        assert first.of(edition) == expected
        assert first.of(edition) is first.of(edition)
        assert later.of(edition) == expected
        assert later.of(edition).findings == expected.findings
        assert later.text_of(edition) == render_text(edition, surroundings)
    assert first.of(made.editions["4"]).findings


def test_nothing_is_rendered_twice(letter: Callable[..., Letter]) -> None:
    """A run after a run in which nothing changed renders no post."""
    made = letter(POSTS)
    assert made.rendered() == {"1", "2", "3"}
    assert made.rendered() == set()


def test_a_changed_post_is_rendered_and_no_other(letter: Callable[..., Letter]) -> None:
    """One that others link to as well: what it says is nothing to them."""
    made = letter(POSTS)
    made.rendered()
    edition = made.editions["1"]
    post = replace(edition.post, body="The first, mended.")
    made.editions["1"] = replace(edition, post=post)
    assert made.rendered() == {"1"}


def test_a_page_that_moves_is_followed_by_those_that_link_to_it(
    letter: Callable[..., Letter],
) -> None:
    """The post itself, the one with the link, and nobody else."""
    made = letter(POSTS)
    made.rendered()
    edition = made.editions["1"]
    digests = {n: made.contents().digest(e) for n, e in made.editions.items()}
    url = f"{made.publication.url}/en/dawn/"
    made.editions["1"] = replace(edition, url=url, path="en/dawn/")
    assert made.rendered() == {"1", "2"}
    contents = made.contents()
    assert f'href="{url}"' in contents.of(made.editions["2"]).html
    assert contents.digest(made.editions["2"]) != digests["2"]
    assert contents.digest(made.editions["3"]) == digests["3"]


def test_a_picture_that_appears_is_shown(letter: Callable[..., Letter]) -> None:
    """By the post that was waiting for it; the others do not care."""
    made = letter(POSTS)
    made.rendered()
    made.publication = replace(made.publication, files=frozenset({"images/a.png"}))
    assert made.rendered() == {"3"}


def test_a_new_post_is_nothing_to_those_that_are_there(
    letter: Callable[..., Letter], edition_of: EditionOf
) -> None:
    """Unless they link to it."""
    made = letter({**POSTS, 5: "See [the fourth](4.md)."})
    made.rendered()
    new = edition_of(4)
    post = replace(new.post, path=Path("posts/4.md"), body="The fourth.")
    made.editions["4"] = replace(new, post=post)
    assert made.rendered() == {"4", "5"}


def test_the_newsletters_own_title_counts(letter: Callable[..., Letter]) -> None:
    """A post may say it, by ``site.title``."""
    made = letter({1: "{{ site.title }}"})
    made.rendered()
    made.publication = replace(made.publication, title="Day Sky")
    assert made.rendered() == {"1"}
    assert "Day Sky" in made.contents().of(made.editions["1"]).html


def test_where_the_newsletter_lies_does_not_count(
    letter: Callable[..., Letter],
) -> None:
    """A checkout elsewhere, or another way to name it, keeps what was rendered."""
    made = letter({1: "[a](evil:b)"})
    made.rendered()
    elsewhere = Path("/home/ada/letter")
    made.publication = replace(made.publication, folder=elsewhere)
    edition = made.editions["1"]
    post = replace(edition.post, path=elsewhere / edition.post.path)
    made.editions["1"] = replace(edition, post=post)
    assert made.rendered() == set()
    (finding,) = made.contents().of(made.editions["1"]).findings
    assert finding.path == post.path


def test_a_digest_stands_for_what_is_said(
    letter: Callable[..., Letter], edition_of: EditionOf
) -> None:
    """Whether it is rendered, in memory or kept; a change that nobody sees is none."""
    made = letter({1: "Words.", 2: "Words"})
    contents = made.contents()
    first = contents.digest(made.editions["1"])
    assert first == contents.digest(made.editions["1"])
    assert first == made.contents().digest(made.editions["1"])
    assert first != contents.digest(made.editions["2"])
    edition = made.editions["1"]
    post = replace(edition.post, body="Words.\n\n<!-- to do -->\n")
    made.editions["1"] = replace(edition, post=post)
    assert made.contents().digest(made.editions["1"]) == first


def test_a_kept_file_that_is_garbled_is_rendered_again(
    letter: Callable[..., Letter],
) -> None:
    """And mended by that; the digest does not depend on it."""
    made = letter(POSTS)
    made.rendered()
    before = made.contents().of(made.editions["2"])
    file = made.file("2")
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"first", b"worst"))
    contents = made.contents()
    contents.ahead(made.editions.values())
    assert contents.of(made.editions["2"]) == before
    assert file.read_bytes() == whole


def test_without_a_folder_that_can_be_written_all_goes_on(
    letter: Callable[..., Letter], tmp_path: Path
) -> None:
    """What cannot be kept stays in memory, so that it is rendered once at least."""
    (tmp_path / "cache").write_text("in the way")
    made = letter(POSTS)
    contents = made.contents()
    contents.ahead(made.editions.values())
    for edition in made.editions.values():
        assert contents.of(edition) is contents.of(edition)
        assert contents.digest(edition)


def test_half_a_surrogate_pair_is_kept_too(letter: Callable[..., Letter]) -> None:
    """YAML can spell what UTF-8 cannot."""
    made = letter({1: "Words."})
    made.editions["1"] = replace(made.editions["1"], excerpt="odd \ud800")
    made.rendered()
    assert made.rendered() == set()


def test_each_edition_is_counted_once(letter: Callable[..., Letter]) -> None:
    """A progress bar reaches its end, whatever was kept."""
    made = letter(POSTS)
    made.contents().of(made.editions["1"])
    steps: list[None] = []
    made.contents().ahead(made.editions.values(), advance=lambda: steps.append(None))
    assert len(steps) == len(POSTS)


def test_other_code_keeps_apart_from_this(tmp_path: Path) -> None:
    """A changed line where posts are rendered, or another version of a library."""
    copy = tmp_path / "distribute"
    shutil.copytree(ROOT / "distribute", copy, ignore=shutil.ignore_patterns("*.pyc"))
    assert _version_in(tmp_path) == rendering_version()
    with (copy / "cli" / "build.py").open("a") as file:
        file.write("# another\n")
    assert _version_in(tmp_path) == rendering_version()
    with (copy / "render" / "text" / "write.py").open("a") as file:
        file.write("# another\n")
    changed = _version_in(tmp_path)
    assert changed != rendering_version()
    (tmp_path / "mistune-99.0.dist-info").mkdir()
    assert _version_in(tmp_path) not in {changed, rendering_version()}


def _version_in(folder: Path) -> str:
    code = (
        "from distribute.web.version import rendering_version; "
        "print(rendering_version())"
    )
    answer = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], cwd=folder, capture_output=True, check=True
    )
    return answer.stdout.decode().strip()
