"""Programs that make a site of posts: ours, Jekyll with jekyll-feed, and Hugo.

Each writes one page per post, an index per language, and a feed of twenty posts per
language; its settings are the least that do this. Jekyll and Hugo are those of the
system (Debian: jekyll, ruby-jekyll-feed, hugo).
"""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import tools
from benchmarks.archive import Text
from benchmarks.ours import distribute
from benchmarks.processes import Command
from benchmarks.prose import ALL_LANGUAGES

OURS = "distribute"
JEKYLL = "Jekyll"
HUGO = "Hugo"


class Builder(ABC):
    """A program, and the folder in which it builds."""

    name: str
    made: tuple[str, ...]
    """What a build leaves in the folder; without these the next one is cold."""
    site: str
    """Where the pages are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    @abstractmethod
    def command(self) -> Command:
        """What builds the site."""

    @abstractmethod
    def settings(self) -> Mapping[str, str]:
        """Write the files it needs besides the posts, by their paths."""

    @abstractmethod
    def place(self, text: Text) -> str:
        """Say in which file a post lies."""

    @abstractmethod
    def page(self, text: Text) -> str:
        """Say which file of the site its page is."""

    @abstractmethod
    def feed(self, language: str) -> str:
        """Say which file of the site a feed is."""

    def head(self, text: Text) -> str:
        """Write the front matter of a post."""
        return f"title: '{text.title}'\nlang: {text.language}\nissue: {text.issue}\n"

    def prepare(self, texts: Sequence[Text]) -> None:
        """Write everything that is built from, and nothing else is left."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for path, content in self.settings().items():
            _write(self.folder / path, content)
        for text in texts:
            self.write(text)

    def write(self, text: Text) -> None:
        """Write a post, or write it anew."""
        content = f"---\n{self.head(text)}---\n\n{text.body}\n"
        _write(self.folder / self.place(text), content)

    def forget(self) -> None:
        """Remove what builds have left."""
        for name in self.made:
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def read(self, path: str) -> str:
        """Read a file of the site; nothing, if it is not there."""
        file = self.folder / self.site / path
        return file.read_text("utf-8") if file.is_file() else ""


class Ours(Builder):
    """The program of this checkout."""

    name = OURS
    made: tuple[str, ...] = ("out",)
    site = "out/site"

    @property
    def command(self) -> Command:
        """Build all there is."""
        return distribute(self.folder, "build")

    def settings(self) -> Mapping[str, str]:
        """Name the newsletter and its languages."""
        return {
            "distribute.toml": (
                '[newsletter]\ntitle = "Slow Rivers"\ntag = "rivers.example.org,2026"\n'
                f'url = "https://rivers.example.org"\nlanguages = {[*ALL_LANGUAGES]}\n'
                'address = "1 Ferry Lane"\n\n'
                '[sender]\nfrom = "Slow Rivers <news@rivers.example.org>"\n'
            )
        }

    def place(self, text: Text) -> str:
        """Name the file as Jekyll does."""
        return f"posts/{text.day}-{text.slug}.{text.language}.md"

    def head(self, text: Text) -> str:
        """Give the issues addresses that are the same in all languages."""
        return super().head(text) + f"slug: {text.slug}\n"

    def page(self, text: Text) -> str:
        """Find it in its language's folder."""
        return f"{text.language.lower()}/{text.slug}/index.html"

    def feed(self, language: str) -> str:
        """Find it in its language's folder."""
        return f"{language.lower()}/rss.xml"


class Jekyll(Builder):
    """Jekyll; a language is a category, for which jekyll-feed can write a feed."""

    name = JEKYLL
    made: tuple[str, ...] = ("_site", ".jekyll-cache")
    site = "_site"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._program = tools.program("jekyll")
        Command((tools.program("ruby"), "-e", "require 'jekyll-feed'")).run()
        self.name = f"{JEKYLL} {_version(self._program, '--version')}"

    @property
    def command(self) -> Command:
        """Build all there is, in UTF-8."""
        where = ("--source", self.folder, "--destination", self.folder / self.site)
        config = ("--config", self.folder / "_config.yml")
        return Command(
            (self._program, "build", "--quiet", *where, *config),
            {"LC_ALL": "C.UTF-8", "JEKYLL_NO_BUNDLER_REQUIRE": "true"},
        )

    def settings(self) -> Mapping[str, str]:
        """Ask for one page per post, feeds, and an index per language."""
        page = _html("{{ page.lang }}", "{{ page.title }}", "{{ content }}")
        indexes = {
            f"{language.lower()}/index.html": (
                f"---\nlayout: page\ntitle: Slow Rivers\nlang: {language}\n---\n"
                f"{{% for post in site.categories['{language}'] %}}"
                "<p><a href='{{ post.url }}'>{{ post.title }}</a></p>{% endfor %}\n"
            )
            for language in ALL_LANGUAGES
        }
        config = (
            "title: Slow Rivers\nurl: https://rivers.example.org\ntimezone: UTC\n"
            "plugins: [jekyll-feed]\npermalink: /:categories/:title/\n"
            f"feed:\n  posts_limit: 20\n  categories: {[*ALL_LANGUAGES]}\n"
            "defaults:\n  - scope: {path: '', type: posts}\n"
            "    values: {layout: page}\n"
        )
        return {"_config.yml": config, "_layouts/page.html": page} | indexes

    def place(self, text: Text) -> str:
        """Name the file by its day and address."""
        return f"_posts/{text.language}/{text.day}-{text.slug}.md"

    def head(self, text: Text) -> str:
        """Name the category, too."""
        return super().head(text) + f"categories: [{text.language}]\n"

    def page(self, text: Text) -> str:
        """Find it in its category's folder."""
        return f"{text.language.lower()}/{text.slug}/index.html"

    def feed(self, language: str) -> str:
        """Find it where jekyll-feed puts those of categories."""
        return f"feed/{language}.xml"


class Hugo(Builder):
    """Hugo, with a site of its own for each language, as it has them."""

    name = HUGO
    made: tuple[str, ...] = ("public", "resources")
    site = "public"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._program = tools.program("hugo")
        self.name = f"{HUGO} {_version(self._program, 'version')}"

    @property
    def command(self) -> Command:
        """Build all there is."""
        return Command((self._program, "--quiet", "--source", self.folder))

    def settings(self) -> Mapping[str, str]:
        """Ask for pages and feeds, and for no lists of terms."""
        config = (
            "baseURL = 'https://rivers.example.org/'\ntitle = 'Slow Rivers'\n"
            "defaultContentLanguageInSubdir = true\n"
            "disableKinds = ['taxonomy', 'term', 'section']\n"
            "[services.rss]\nlimit = 20\n[permalinks]\nposts = '/:slug/'\n"
        )
        for weight, language in enumerate(ALL_LANGUAGES, 1):
            config += f"[languages.{language.lower()}]\nweight = {weight}\n"
        language = "{{ .Language.Lang }}"
        listed = (
            "{{ range .Site.RegularPages }}<p><a href='{{ .RelPermalink }}'>"
            "{{ .Title }}</a></p>{{ end }}"
        )
        title = "{{ .Title }}"
        return {
            "config.toml": config,
            "layouts/_default/single.html": _html(language, title, "{{ .Content }}"),
            "layouts/index.html": _html(language, title, listed),
        }

    def place(self, text: Text) -> str:
        """Name the file by its address and language."""
        return f"content/posts/{text.slug}.{text.language.lower()}.md"

    def head(self, text: Text) -> str:
        """Name the day and the address, too."""
        return super().head(text) + f"date: {text.day}\nslug: {text.slug}\n"

    def page(self, text: Text) -> str:
        """Find it in its language's folder."""
        return f"{text.language.lower()}/{text.slug}/index.html"

    def feed(self, language: str) -> str:
        """Find it in its language's folder."""
        return f"{language.lower()}/index.xml"


def _version(program: Path, argument: str) -> str:
    said = Command((program, argument)).run()
    words = said.replace("+", " ").split()
    return next(word.lstrip("v") for word in words if word.lstrip("v")[:1].isdigit())


def _html(language: str, title: str, content: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{title}</title></head>\n<body><h1>{title}</h1>\n{content}\n</body></html>\n"
    )


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
