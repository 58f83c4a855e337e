"""A newsletter opened for work: its settings, its issues, and what they render to.

Reading is done at once, because every command needs it; rendering when it is first asked
for, because few do.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from distribute.config.settings import FILE_NAME, Settings, read_settings
from distribute.editions.authors import parse_authors
from distribute.editions.edition import Author, Edition, Issue
from distribute.editions.issues import Resolution, resolve_issues
from distribute.editions.publication import Publication
from distribute.errors import AuthorsError, PlanError
from distribute.finding import Finding, Severity
from distribute.posts.source import Reading, read_posts
from distribute.render.document import Content
from distribute.render.theme.theme import Theme, read_theme
from distribute.web.assets import find_assets


class Newsletter:
    """The newsletter of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings: Settings = read_settings(folder, shown=folder / FILE_NAME)
        self.publication: Publication = replace(
            self.settings.publication, folder=folder, files=find_assets(folder)
        )
        self.reading: Reading = read_posts(
            self.settings.posts, suffixes=self.settings.suffixes
        )
        self.resolution: Resolution = resolve_issues(
            self.reading.posts,
            publication=self.publication,
            rules=self.settings.rules,
            authors=_read_authors(self.settings.authors),
        )
        self._contents: dict[str, Content] = {}

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All issues, newest first."""
        return self.resolution.issues

    @property
    def editions(self) -> tuple[Edition, ...]:
        """All editions, issue by issue."""
        return tuple(e for issue in self.issues for e in issue.editions.values())

    @cached_property
    def theme(self) -> Theme:
        """The shipped templates, overridden by the newsletter's own ``templates/``."""
        own = self.folder / "templates"
        exists = own.exists() or own.is_symlink()
        return read_theme(*([own] if exists else []))

    @cached_property
    def _render(self) -> Callable[[Edition], Content]:
        """Render by this newsletter's lights; only now is the parser loaded."""
        from distribute.render.content import render_content, surroundings_of

        surroundings = surroundings_of(self.publication, self.issues)
        return lambda edition: render_content(edition, surroundings)

    def content(self, edition: Edition) -> Content:
        """Render an edition, once."""
        if edition.url not in self._contents:
            self._contents[edition.url] = self._render(edition)
        return self._contents[edition.url]

    def issue(self, reference: str) -> Issue:
        """Find an issue by its number or id, as ``latest``, or by a post's path."""
        if not self.issues:
            raise PlanError(
                "there is no issue yet",
                hint="`distribute check` says why posts were left out.",
            )
        if reference == "latest":
            return self.issues[0]
        for issue in self.issues:
            if reference.removeprefix("#") == issue.id or _holds(issue, reference):
                return issue
        known = ", ".join(issue.id for issue in reversed(self.issues))
        raise PlanError(f"there is no issue {reference!r}", hint=f"There are: {known}.")

    @property
    def obstacles(self) -> tuple[Finding, ...]:
        """The errors of reading and deciding: because of them a post may be missing."""
        found = (*self.reading.findings, *self.resolution.findings)
        return tuple(f for f in found if f.severity is Severity.ERROR)

    def findings(self, issues: Iterable[Issue]) -> tuple[Finding, ...]:
        """Collect what reading, deciding and rendering these issues found."""
        rendered = [
            finding
            for issue in issues
            for edition in issue.editions.values()
            for finding in self.content(edition).findings
        ]
        return (*self.reading.findings, *self.resolution.findings, *rendered)


def _holds(issue: Issue, reference: str) -> bool:
    """Tell whether the reference is the path of one of the issue's posts."""
    wanted = Path(reference)
    return any(
        wanted == edition.post.path
        or wanted.resolve() == Path(edition.post.path).resolve()
        or (wanted.name == reference == edition.post.file_name.name)
        for edition in issue.editions.values()
    )


def _read_authors(path: Path | None) -> dict[str, Author]:
    if path is None:
        return {}
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AuthorsError(
            f"cannot be read: {getattr(error, 'strerror', None) or error}",
            path=path,
            hint="It is named by `authors` in distribute.toml.",
        ) from error
    return dict(parse_authors(text, path))
