"""A newsletter opened for work: its settings, its issues, and what they render to.

Reading is done at once, because every command needs it; rendering when it is first asked
for, because few do.
"""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from distribute.cli.invocation import say_aside
from distribute.cli.newsletter.front import Front
from distribute.editions.edition import Author, Edition, Issue
from distribute.editions.issues import Resolution, resolve_issues
from distribute.editions.language.impression import relatives
from distribute.errors import AuthorsError, PlanError
from distribute.finding import Finding, Severity
from distribute.posts.source import Reading, read_posts
from distribute.render.document import Content
from distribute.web.cache.folder import Cache
from distribute.web.cache.posts import KnownPosts
from distribute.web.contents import Contents


class Newsletter(Front):
    """The newsletter of one folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.known_posts = KnownPosts(folder / "out" / "cache" / "posts.json")
        likely = relatives(self.publication.languages)
        self.known_posts.learn(self.settings.posts, self.settings.suffixes, likely)
        self.reading: Reading = read_posts(
            self.settings.posts,
            suffixes=self.settings.suffixes,
            read=self.known_posts.read,
        )
        self.resolution: Resolution = resolve_issues(
            self.reading.posts,
            publication=self.publication,
            rules=self.settings.rules,
            authors=_read_authors(self.settings.authors),
            impress=self.known_posts.impression,
        )

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All issues, newest first."""
        return self.resolution.issues

    @property
    def editions(self) -> tuple[Edition, ...]:
        """All editions, issue by issue."""
        return tuple(e for issue in self.issues for e in issue.editions.values())

    def take_look_of(self, other: "Newsletter") -> bool:
        """Share what another has compiled, if its look is the same; tells whether it is."""
        is_same = other.look.fingerprint == self.look.fingerprint
        if is_same:
            self.look = other.look
        return is_same

    @cached_property
    def contents(self) -> Contents:
        """What the editions say; rendered when it is asked for, and kept in ``out``."""
        cache = Cache(self.folder / "out" / "cache" / "contents")
        return Contents(self.publication, self.issues, cache, warn=_say_slow)

    def content(self, edition: Edition) -> Content:
        """Give what an edition says."""
        return self.contents.of(edition)

    def text(self, edition: Edition) -> str:
        """Give the same in plain text, as mails have it."""
        return self.contents.text_of(edition)

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
        """Collect what reading, deciding, rendering and syndicating these issues found."""
        # Feeds take a while to load, and only `check` asks for what is wrong with them.
        from distribute.feeds.lint import feed_findings
        from distribute.feeds.pages import content_weight

        editions = [e for issue in issues for e in issue.editions.values()]
        rendered = [f for e in editions for f in self.content(e).findings]
        syndicated = feed_findings(
            editions,
            weigh=lambda edition: content_weight(self.content(edition)),
            publication=self.publication,
            options=self.settings.feeds,
        )
        return (
            *(*self.reading.findings, *self.resolution.findings),
            *(*rendered, *syndicated),
        )


def _say_slow(reason: str) -> None:
    say_aside(f"distribute: the next run will take longer: {reason}")


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
    from distribute.editions.authors import parse_authors  # loads YAML

    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AuthorsError(
            f"cannot be read: {getattr(error, 'strerror', None) or error}",
            path=path,
            hint="It is named by `authors` in distribute.toml.",
        ) from error
    return dict(parse_authors(text, path))
