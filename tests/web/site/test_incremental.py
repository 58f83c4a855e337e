"""A site is made again only as far as it has changed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from distribute.editions.edition import Edition, Issue
from distribute.editions.publication import Publication
from distribute.errors import RenderError
from distribute.language import Language
from distribute.render.document import Content
from distribute.render.theme.files import ThemeFile, read_theme_files
from distribute.web.file import SiteFile
from distribute.web.fingerprint import fingerprint_of
from distribute.web.publish.publish import Published, publish
from distribute.web.site.look import Look
from distribute.web.site.site import SiteOptions

ENGLISH, FRENCH = Language("en"), Language("fr")
Plan = Callable[..., Sequence[SiteFile]]


class Counted:
    """Contents of which is known who asked for them."""

    def __init__(self, contents: dict[str, Content]) -> None:
        self.contents = contents
        self.asked: set[str] = set()

    def digest(self, edition: Edition) -> str:
        """Digest what an edition says."""
        return fingerprint_of(self.contents[edition.url])

    def of(self, edition: Edition) -> Content:
        """Give what it says, and remember that somebody asked."""
        self.asked.add(edition.path)
        return self.contents[edition.url]


@pytest.fixture
def built(
    tmp_path: Path, plan: Plan, contents_of: Callable[..., dict[str, Content]]
) -> Callable[..., tuple[Published, Counted]]:
    """Build a site into one folder, again and again, and say what that took."""

    def build(
        issues: Sequence[Issue], *, says: str = "", of: str = "", **changes: object
    ) -> tuple[Published, Counted]:
        contents = contents_of(*issues)
        for url in contents:
            if of and url.endswith(of):
                contents[url] = replace(contents[url], html=f"<p>{says}</p>")
        counted = Counted(contents)
        options = SiteOptions(memory=tmp_path / "cache" / "summaries.json")
        files = plan(*issues, contents=counted, options=options, **changes)
        return publish(files, tmp_path / "out" / "site"), counted

    return build


Build = Callable[..., tuple[Published, Counted]]


def _redone(done: Published) -> set[str]:
    return {*done.written, *done.removed}


def _changed(
    issues: tuple[Issue, ...], issue: int, language: Language, **changes: object
) -> tuple[Issue, ...]:
    """Change something about one edition."""
    edition = replace(issues[issue].editions[language], **changes)  # type: ignore[arg-type]  # a test says what it needs
    editions = {**issues[issue].editions, language: edition}
    changed = replace(issues[issue], editions=editions)
    return (*issues[:issue], changed, *issues[issue + 1 :])


def test_a_second_build_makes_nothing(
    built: Build, issues: tuple[Issue, ...], tmp_path: Path
) -> None:
    """Nothing is read, made or written where nothing has changed."""
    first, _ = built(issues)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    second, counted = built(issues)
    assert second == Published(unchanged=first.written)
    assert counted.asked == set()
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}


def test_a_changed_text_changes_its_own_page_and_feeds(
    built: Build, issues: tuple[Issue, ...]
) -> None:
    """Other pages stay, also those of its neighbours and translations."""
    built(issues)
    done, counted = built(issues, of="/en/night-2/", says="Otherwise.")
    assert _redone(done) == {
        *("en/night-2/index.html", "en/rss.xml", "en/atom.xml", "en/feed.json"),
    }
    assert not [path for path in counted.asked if path.startswith("fr/")]


def test_a_changed_title_changes_what_shows_it(
    built: Build, issues: tuple[Issue, ...]
) -> None:
    """Neighbours and the index name a title, as the root does the newest one's."""
    built(issues)
    done, _ = built(_changed(issues, 1, ENGLISH, title="Dawn"))
    pages = {path for path in _redone(done) if path.endswith(".html")}
    assert pages == {
        *("en/index.html", "en/night-1/index.html"),
        *("en/night-2/index.html", "en/night-3/index.html"),
    }


def test_a_new_issue_touches_only_its_neighbour_and_lists(
    built: Build,
    issues: tuple[Issue, ...],
    edition_of: Callable[..., Edition],
    issue_of: Callable[..., Issue],
) -> None:
    """Pages further back stay as they are."""
    built(issues)
    done, _ = built((issue_of(edition_of(4, day=4)), *issues))
    pages = {path for path in done.written if "/night-" in path}
    assert pages == {"en/night-4/index.html", "en/night-3/index.html"}


def test_a_deleted_post_leaves_no_page(
    built: Build, issues: tuple[Issue, ...], tmp_path: Path
) -> None:
    """Its page goes, and nothing leads to it any more."""
    built(issues)
    done, _ = built((issues[0], issues[2]))
    assert done.removed == ("en/night-2/index.html",)
    site = tmp_path / "out" / "site"
    assert not [p for p in site.rglob("*.*") if b"en/night-2/" in p.read_bytes()]


def test_a_changed_template_makes_all_pages_again(
    built: Build, issues: tuple[Issue, ...]
) -> None:
    """What a newsletter changes about its look shows at once."""
    built(issues)
    files = dict(read_theme_files())
    base = files["page/base.html"]
    files["page/base.html"] = ThemeFile(base.path, base.text + "<!-- mine -->\n")
    done, _ = built(issues, look=Look(files))
    assert {path for path in done.unchanged if path.endswith("/index.html")} == set()


def test_a_changed_title_of_the_newsletter_shows_everywhere(
    built: Build, issues: tuple[Issue, ...], publication: Publication
) -> None:
    """Every page and feed names the newsletter."""
    built(issues)
    done, _ = built(issues, publication=replace(publication, title="Day Sky"))
    assert "en/night-1/index.html" in done.written
    assert "en/rss.xml" in done.written


def test_files_beside_the_posts_that_nobody_shows_change_nothing(
    built: Build, issues: tuple[Issue, ...], publication: Publication
) -> None:
    """A new picture in the folder is no reason to make a page again."""
    built(issues)
    more = replace(publication, files=frozenset({"images/new.png"}))
    moved = replace(more, folder=PurePosixPath("elsewhere"))
    assert _redone(built(issues, publication=moved)[0]) == set()


def test_a_template_that_fails_leaves_the_site_as_it_was(
    built: Build, issues: tuple[Issue, ...], tmp_path: Path
) -> None:
    """Everything is made before anything is replaced."""
    built(issues)
    site = tmp_path / "out" / "site"
    before = {p: p.read_bytes() for p in site.rglob("*") if p.is_file()}
    files = dict(read_theme_files())
    broken = "{% if edition.number == 1 %}{{ nobody }}{% endif %}"
    files["page/edition.html"] = ThemeFile(files["page/edition.html"].path, broken)
    with pytest.raises(RenderError, match="nobody"):
        built(issues, look=Look(files))
    assert before == {p: p.read_bytes() for p in site.rglob("*") if p.is_file()}


def test_what_planning_remembers_may_vanish_or_be_garbled(
    built: Build, issues: tuple[Issue, ...], tmp_path: Path
) -> None:
    """The same files are planned from nothing, from rubbish and from memory."""
    memory = tmp_path / "cache" / "summaries.json"
    built(issues)
    good = memory.read_text()
    for rubbish in ("", "[]", good.replace("[", "{", 1), good[:-9], f"x{good}"):
        memory.write_text(rubbish)
        assert _redone(built(issues)[0]) == set()
        assert memory.read_text() == good
